/**
 * One message of the list. A message that changes (a turn being written, a panel being updated) has only those of its parts drawn anew
 * that are different: an open menu or an uncovered spoiler elsewhere in it stays as it is.
 *
 * Drawn here and not by @skyra/discord-components-core, which was tried: it knows no Components V2, its select menus cannot be worked by
 * keyboard, it asks Discord's CDN for faces, and its 166 unbundled files (713 kB) took a second to load where this whole page
 * (35 files, 75 kB) takes half of one.
 */
import { attachmentView } from './attachments.js'
import { avatar } from './avatar.js'
import { componentViews } from './components.js'
import { button, fill, h } from './dom.js'
import { embedView } from './embed.js'
import { icon } from './icons.js'
import { parse, plainText } from './markdown.js'
import { markdown } from './markdown-view.js'
import { reactionViews } from './reactions.js'
import { ago, clockTime, fullTime, messageTime, timeOfId } from './time.js'

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
const EPHEMERAL = 1 << 6
const LOADING = 1 << 7
const SUPPRESS_EMBEDS = 1 << 2
/** Types that are a line of news instead of somebody's words. */
const NEWS = {
  4: (name, message) => [h('b', {}, name), ' changed the name to ', h('b', {}, message.content)],
  6: (name) => [h('b', {}, name), ' pinned a message to this channel.'],
  7: (name) => [h('b', {}, name), ' joined the server.'],
  18: (name, message) => [h('b', {}, name), ' started a thread: ', threadLink(message)],
}

const threadLink = (message) => {
  const id = message.message_reference?.channel_id ?? message.thread?.id
  return id ? h('a', { href: `#/${id}`, 'data-channel': id }, message.content) : h('b', {}, message.content)
}

/** Whether a message stands under the one before it without a face and name of its own. */
export const continues = (message, before) =>
  !!before &&
  before.author.id === message.author.id &&
  before.author.username === message.author.username &&
  !NEWS[message.type] &&
  !NEWS[before.type] &&
  message.type !== 19 &&
  message.type !== 21 &&
  before.type !== 21 &&
  !message.interaction_metadata &&
  !(message.flags & EPHEMERAL) === !(before.flags & EPHEMERAL) &&
  new Date(message.timestamp) - new Date(before.timestamp) < 7 * 60_000

/** context: { server, use(message, component, values), react(message, emoji, on), dismiss(message), jump(id), menu(message, button) } */
export const messageView = (message, context) => {
  const element = h('li', { class: 'message', 'data-id': message.id, tabindex: '-1' })
  const parts = {}
  for (const name of [
    'above',
    'face',
    'head',
    'content',
    'files',
    'embeds',
    'components',
    'reactions',
    'thread',
    'below',
  ])
    parts[name] = h('div', { class: `part-${name}` })
  const { above, face, ...rest } = parts
  element.append(above, face, h('div', { class: 'message-main' }, Object.values(rest)))
  element.append(tools(() => view.message, context))
  element.addEventListener('contextmenu', (event) => {
    // Links, pictures and marked text keep the browser's own menu.
    if (event.target.closest('a, img, input') || !getSelection().isCollapsed) return
    event.preventDefault()
    const at = { left: event.clientX, top: event.clientY, bottom: event.clientY }
    context.menu(view.message, element.querySelector('.message-tools button'), at)
  })
  const drawn = {}
  const view = {
    element,
    message,
    update(next, grouped) {
      view.message = next
      element.classList.toggle('grouped', grouped)
      element.classList.toggle('news', !!NEWS[next.type])
      element.classList.toggle('private', !!(next.flags & EPHEMERAL))
      element.classList.toggle(
        'mentioned',
        next.mention_everyone || (next.mentions ?? []).some((user) => user.id === context.server.me?.id),
      )
      for (const [name, [key, draw]] of Object.entries(pictures(next, grouped, context))) {
        const signature = JSON.stringify(key)
        if (drawn[name] === signature) continue
        drawn[name] = signature
        fill(parts[name], draw())
      }
      markEdited(parts.content, next)
    },
  }
  return view
}

/** The mark alone is no reason to draw a text anew: an uncovered spoiler in it would be covered again. */
const markEdited = (part, message) => {
  const mark = part.querySelector('.edited')
  const edited = (message.referenced_message && message.type === 21 ? message.referenced_message : message)
    .edited_timestamp
  if (!mark || !edited) return
  mark.hidden = false
  mark.title = fullTime(new Date(edited))
}

/** For each part: what it depends on, and how it is drawn. */
const pictures = (message, grouped, context) => {
  const { server } = context
  const shown =
    message.type === 21 && message.referenced_message ? { ...message.referenced_message, id: message.id } : message
  const name = server.nameOfUser(shown.author)
  const news = NEWS[message.type]
  const inner = {
    names: server.names,
    server,
    attachments: shown.attachments ?? [],
    use: (component, values) => context.use(message, component, values),
  }
  return {
    above: [
      [message.referenced_message?.id, message.referenced_message?.content, message.interaction_metadata?.id, grouped],
      () => aboveView(message, context),
    ],
    face: [
      [grouped, !!news, name, shown.author.avatar_url, shown.author.avatar],
      () => faceView(message, shown, name, grouped, news),
    ],
    head: [
      [grouped, !!news, name, shown.author.bot, shown.webhook_id],
      () => !grouped && !news && headView(shown, name),
    ],
    content: [
      [shown.content, shown.flags & LOADING, message.type],
      () =>
        news
          ? h('div', { class: 'news-text' }, news(name, message), timeView(message))
          : contentView(shown, name, server),
    ],
    files: [
      [shown.attachments, shown.components?.length > 0],
      () => !(shown.flags & (1 << 15)) && (shown.attachments ?? []).map(attachmentView),
    ],
    embeds: [
      [shown.embeds, shown.flags & SUPPRESS_EMBEDS],
      () => !(shown.flags & SUPPRESS_EMBEDS) && (shown.embeds ?? []).map((embed) => embedView(embed, server.names)),
    ],
    components: [shown.components, () => componentViews(shown.components ?? [], inner)],
    reactions: [
      message.reactions ?? [],
      () => reactionViews(message.reactions ?? [], server.names, (emoji, on) => context.react(message, emoji, on)),
    ],
    thread: [
      [
        message.thread?.id,
        message.thread?.name,
        message.thread?.message_count,
        message.thread?.thread_metadata?.archived,
      ],
      () => threadCard(message, server),
    ],
    below: [[message.flags & EPHEMERAL], () => !!(message.flags & EPHEMERAL) && privateNote(message, context)],
  }
}

const timeView = (message) => {
  const date = new Date(message.timestamp)
  return h('time', { class: 'message-time', datetime: date.toISOString(), title: fullTime(date) }, messageTime(date))
}

const faceView = (message, shown, name, grouped, news) => {
  if (news) return h('span', { class: 'news-icon' }, icon(message.type === 18 ? 'thread' : 'reply', 18))
  if (!grouped) return avatar(name, shown.author.avatar_url)
  const date = new Date(shown.timestamp)
  return h('time', { class: 'gutter-time', datetime: date.toISOString(), title: fullTime(date) }, clockTime(date))
}

const headView = (message, name) => [
  h('span', { class: 'author', 'data-user': message.author.id }, name),
  (message.author.bot || message.webhook_id) && h('span', { class: 'tag' }, 'APP'),
  timeView(message),
]

const contentView = (message, name, server) => {
  if (message.flags & LOADING)
    return h(
      'div',
      { class: 'thinking' },
      h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      `${name} is thinking…`,
    )
  if (!message.content) return null
  const body = h('div', { class: 'content markup' }, markdown(message.content, server.names))
  if (onlyEmoji(message.content)) body.classList.add('jumbo')
  body.append(h('span', { class: 'edited', hidden: true }, ' (edited)'))
  return body
}

const onlyEmoji = (text) =>
  text.length <= 100 && /^(?:\s|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\u200d|<a?:\w+:\d+>)+$/u.test(text)

/** What a message answers: another message, or a person's command. */
const aboveView = (message, { server, jump }) => {
  const answered = message.referenced_message
  if (message.type === 19 && message.message_reference) {
    if (!answered) return h('div', { class: 'above' }, h('i', {}, 'Original message was deleted'))
    const name = server.nameOfUser(answered.author)
    return button(
      { class: 'above', onclick: () => jump(answered.id) },
      avatar(name, answered.author.avatar_url, 16),
      h('b', {}, name),
      h('span', { class: 'above-text' }, snippet(answered)),
    )
  }
  const invoked = message.interaction_metadata
  if (!invoked || (message.type !== 20 && message.type !== 23)) return null
  const name = server.nameOfUser(server.users.get(invoked.user?.id) ?? invoked.user)
  const command = invoked.name ?? message.interaction?.name
  return h(
    'div',
    { class: 'above' },
    avatar(name, invoked.user?.avatar_url, 16),
    h('b', {}, name),
    ' used ',
    h('span', { class: 'mention' }, `/${command ?? 'command'}`),
  )
}

/** A line that stands for a whole message. */
export const snippet = (message) => {
  const text = plainText(parse(message.content ?? ''))
    .replace(/\s+/g, ' ')
    .trim()
  if (text) return text.slice(0, 160)
  if (message.attachments?.length) return 'Click to see attachment'
  if (message.embeds?.length) return message.embeds[0].title ?? message.embeds[0].description ?? 'Click to see embed'
  return 'Click to see message'
}

const threadCard = (message, server) => {
  const thread =
    message.thread && message.type !== 21 ? (server.channels.get(message.thread.id) ?? message.thread) : null
  if (!thread || message.type === 18) return null
  const count = thread.message_count ?? 0
  return h(
    'a',
    { class: 'thread-card', href: `#/${thread.id}`, 'data-channel': thread.id },
    h(
      'span',
      { class: 'thread-card-head' },
      icon('thread', 16),
      h('b', {}, thread.name),
      h(
        'span',
        { class: 'thread-card-count', 'data-thread-count': thread.id },
        count > 0 ? `${count >= 50 ? '50+' : count} Message${count === 1 ? '' : 's'} ›` : 'See thread ›',
      ),
    ),
    h('small', { 'data-thread-last': thread.id }, lastWord(thread)),
  )
}

/** How long ago a thread was last spoken in. */
export const lastWord = (thread) => {
  if (thread.thread_metadata?.archived) return 'Archived. Open it to read it.'
  return thread.last_message_id
    ? `Last message ${ago(timeOfId(thread.last_message_id))}`
    : 'There are no recent messages in this thread.'
}

const privateNote = (message, { dismiss }) =>
  h(
    'div',
    { class: 'private-note' },
    icon('eye', 16),
    'Only you can see this • ',
    button({ class: 'text-link', onclick: () => dismiss(message) }, 'Dismiss message'),
  )

/** What appears at the right of a message under the pointer or the keyboard's focus. */
const tools = (current, { menu }) =>
  h(
    'div',
    { class: 'message-tools' },
    button(
      {
        class: 'icon-button',
        'aria-label': 'Apps and more',
        title: 'Apps and more',
        'aria-haspopup': 'menu',
        tabindex: '-1',
        onclick: (event) => menu(current(), event.currentTarget),
      },
      icon('apps', 18),
    ),
  )
