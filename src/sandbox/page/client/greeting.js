/** The head of a channel: what it is, and, where nothing has been said yet, what to type. */
import { button, h } from './dom.js'
import { icon } from './icons.js'
import { typedCommands } from './line.js'

const START = 'backrooms start'
const EXAMPLE = '/backrooms start opus sonnet roleplay'

export const greeting = (channel, empty, server, put) => {
  const thread = server.isThread(channel)
  return [
    h('span', { class: 'greeting-icon' }, icon(thread ? 'thread' : 'hash', 40)),
    h('h2', {}, thread ? channel.name : `Welcome to #${channel.name}`),
    h(
      'p',
      {},
      thread ? 'The start of this thread.' : `This is the start of #${channel.name}.`,
      channel.topic && ` ${channel.topic}`,
    ),
    empty && !thread && hint(server, put),
  ]
}

/** A command with its required options, ready to be filled in. */
const exampleOf = ({ path, options }) =>
  [`/${path}`, ...options.filter((option) => option.required).map((option) => `${option.name}:`)].join(' ')

const hint = (server, put) => {
  const commands = typedCommands(server.commands)
  if (commands.length === 0)
    return h(
      'p',
      { class: 'hint-box' },
      'No bot has registered its commands yet. As soon as one does, type ',
      h('kbd', {}, '/'),
      ' to see them.',
    )
  const talk = commands.some((command) => command.path === START)
  const example = talk ? EXAMPLE : exampleOf(commands[0])
  return h(
    'div',
    { class: 'hint-box' },
    h('p', {}, `It is quiet here. ${talk ? 'Let two models talk to each other' : 'Try a command'}:`),
    button(
      { class: 'example', title: 'Put this into the bar', onclick: () => put(example) },
      h('code', {}, example),
      h('span', {}, 'try it'),
    ),
    h(
      'p',
      {},
      h('kbd', {}, '/'),
      ' lists every command, ',
      h('kbd', {}, 'Tab'),
      ' completes, ',
      h('kbd', {}, 'Enter'),
      ' sends, ',
      h('kbd', {}, 'Ctrl K'),
      ' goes to any channel.',
    ),
  )
}
