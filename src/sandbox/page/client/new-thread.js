/** A person starts a thread or a forum's post: a small form in the look of a modal. */
import { api } from './api.js'
import { openModal } from './modal.js'

const FORUM = 15

const field = (custom_id, label, more) => ({ type: 18, label, component: { type: 4, custom_id, style: 1, ...more } })

/** `message`: the one that it is started from. Opens what was made. */
export const startThread = (channel, server, message) => {
  const forum = channel.type === FORUM
  const title = forum ? 'New post' : 'New thread'
  const words = field('content', forum ? 'What the post says' : 'Its first message', {
    style: 2,
    max_length: 2000,
    required: forum,
  })
  const tags = (channel.available_tags ?? []).map((tag) => ({ label: tag.name || tag.emoji_name, value: tag.id }))
  const choice = { type: 3, custom_id: 'tags', options: tags, min_values: 0, max_values: Math.min(5, tags.length) }
  openModal(
    {
      title,
      custom_id: 'thread',
      components: [
        field('name', forum ? 'Title' : 'Name', { max_length: 100 }),
        words,
        ...(forum && tags.length > 0 ? [{ type: 18, label: 'Tags', component: { ...choice, required: false } }] : []),
      ],
    },
    {
      server,
      send: async (_, { name, content, tags: chosen }) => {
        const thread = await api.thread({
          channel: channel.id,
          name,
          content: content ?? '',
          user: server.me.username,
          ...(message ? { message_id: message.id } : {}),
          ...(chosen?.length > 0 ? { tags: chosen } : {}),
        })
        // The event of it may still be under way.
        if (!server.channels.has(thread.id)) server.take({ t: 'THREAD_CREATE', d: thread })
        location.hash = `#/${thread.id}`
      },
    },
  )
}
