/** What can be done with a message: answering, reacting, changing one's own, the bot's commands for it and its author, and copying. */
import { button, h } from './dom.js'
import { icon } from './icons.js'
import { QUICK } from './reactions.js'

const USER_COMMAND = 2
const MESSAGE_COMMAND = 3
const EPHEMERAL = 1 << 6
const HAS_THREAD = 1 << 5

const startsThread = (message, server) =>
  [0, 5].includes(server.channels.get(message.channel_id)?.type) && !(message.flags & HAS_THREAD)

export const isOwn = (message, server) => message.author.id === server.me.id && !message.webhook_id

/** What only one person sees cannot be answered by all. */
export const isOpen = (message) => !(message.flags & EPHEMERAL) && [0, 19, 20, 23].includes(message.type)

export const messageMenu = (message, server, { run, reply, react, edit, remove, startThread }) => {
  const commands = (type) => server.commands.filter((command) => command.type === type)
  const ofAuthor = message.webhook_id ? [] : commands(USER_COMMAND)
  const own = isOwn(message, server)
  const item = (name, label, onclick) =>
    button({ class: 'menu-item', role: 'menuitem', onclick }, icon(name, 16), h('span', {}, label))
  const open = isOpen(message)
  return [
    open && reactionRow(react),
    open && item('reply', 'Reply', () => reply(message)),
    open && startsThread(message, server) && item('thread', 'Start thread', () => startThread(message)),
    open && own && item('pencil', 'Edit message', () => edit(message)),
    commands(MESSAGE_COMMAND).length > 0 && h('div', { class: 'menu-title' }, 'Apps'),
    commands(MESSAGE_COMMAND).map((command) => item('apps', command.name, () => run(command.name, message.id))),
    ofAuthor.length > 0 && h('div', { class: 'menu-title' }, `Apps for ${server.nameOfUser(message.author)}`),
    ofAuthor.map((command) => item('apps', command.name, () => run(command.name, message.author.id))),
    item('copy', 'Copy text', () => navigator.clipboard?.writeText(message.content ?? '')),
    item('copy', 'Copy message ID', () => navigator.clipboard?.writeText(message.id)),
    open && (own || server.guild.owner_id === server.me.id) && item('trash', 'Delete message', () => remove(message)),
  ]
}

const reactionRow = (react) =>
  h(
    'div',
    { class: 'menu-reactions', role: 'group', 'aria-label': 'React' },
    QUICK.map((emoji) =>
      button(
        { class: 'menu-reaction', role: 'menuitem', 'aria-label': `React with ${emoji}`, onclick: () => react(emoji) },
        emoji,
      ),
    ),
  )
