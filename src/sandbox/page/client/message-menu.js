/** What can be done with a message: the bot's message commands, and copying. */
import { button, h } from './dom.js'
import { icon } from './icons.js'

const MESSAGE_COMMAND = 3
const EPHEMERAL = 1 << 6
const HAS_THREAD = 1 << 5

const startsThread = (message, server) =>
  [0, 5].includes(server.channels.get(message.channel_id)?.type) && !(message.flags & HAS_THREAD)

export const messageMenu = (message, server, { run, reply, startThread }) => {
  const commands = server.commands.filter((command) => command.type === MESSAGE_COMMAND)
  const item = (name, label, onclick) =>
    button({ class: 'menu-item', role: 'menuitem', onclick }, icon(name, 16), h('span', {}, label))
  // What only one person sees cannot be answered by all.
  const open = !(message.flags & EPHEMERAL) && [0, 19, 20, 23].includes(message.type)
  return [
    open && item('reply', 'Reply', () => reply(message)),
    open && startsThread(message, server) && item('thread', 'Start thread', () => startThread(message)),
    commands.length > 0 && h('div', { class: 'menu-title' }, 'Apps'),
    commands.map((command) => item('apps', command.name, () => run(command.name))),
    item('copy', 'Copy text', () => navigator.clipboard?.writeText(message.content ?? '')),
    item('copy', 'Copy message ID', () => navigator.clipboard?.writeText(message.id)),
  ]
}
