/** A forum: its posts as cards, the one spoken in most recently first. */
import { avatar } from './avatar.js'
import { button, fill, h } from './dom.js'
import { icon } from './icons.js'
import { snippet } from './message.js'
import { ago, timeOfId } from './time.js'

/** `open` asks for a new post. */
export const forumView = (channel, posts, server, open) => {
  const tags = new Map((channel.available_tags ?? []).map((tag) => [tag.id, tag]))
  return h(
    'div',
    { class: 'forum', tabindex: '0', 'aria-label': 'Posts' },
    h('div', { class: 'forum-head' }, button({ class: 'button primary', onclick: open }, 'New post')),
    posts.length === 0 &&
      h(
        'div',
        { class: 'greeting' },
        h('span', { class: 'greeting-icon' }, icon('forum', 40)),
        h('h2', {}, channel.name),
        h('p', {}, 'No posts yet. The first one shows here.'),
      ),
    h(
      'ol',
      { class: 'posts' },
      posts.map((post) => h('li', {}, card(post, tags, server))),
    ),
  )
}

const card = ({ thread, first }, tags, server) => {
  const picture = first?.attachments?.find((file) => file.content_type?.startsWith('image/'))
  const author = first ? server.nameOfUser(first.author) : ''
  const box = h('a', { class: 'post', href: `#/${thread.id}`, 'data-channel': thread.id })
  const names = (thread.applied_tags ?? []).map((id) => tags.get(id)).filter(Boolean)
  return fill(
    box,
    h(
      'div',
      { class: 'post-main' },
      names.length > 0 &&
        h(
          'div',
          { class: 'post-tags' },
          names.map((tag) => h('span', { class: 'post-tag' }, tag.emoji_name && `${tag.emoji_name} `, tag.name)),
        ),
      h('h3', {}, thread.name),
      first && h('p', {}, avatar(author, first.author.avatar_url, 18), h('b', {}, `${author}: `), snippet(first)),
      h(
        'small',
        {},
        icon('thread', 14),
        ` ${thread.message_count ?? 0} message${thread.message_count === 1 ? '' : 's'}`,
        ` • ${thread.thread_metadata?.archived ? 'archived' : ago(timeOfId(thread.last_message_id ?? thread.id))}`,
      ),
    ),
    picture && h('img', { class: 'post-picture', src: picture.url, alt: '', loading: 'lazy' }),
  )
}
