/** What may come next in a command line, for the list above the bar. */
import { api } from './api.js'
import { commandOf, matchCommands, typedCommands, typingAt, valuesOf } from './line.js'

const BOOLEAN = 5
const USER = 6
const CHANNEL = 7
const ROLE = 8
const MENTIONABLE = 9

/** The line as far as it can be understood: { command, start, values, typing } or null. */
export const understand = (text, caret, server) => {
  if (!text.startsWith('/')) return null
  const found = commandOf(text, typedCommands(server.commands))
  if (!found || caret <= found.end) return null
  const values = valuesOf(text, found.command, found.end)
  return { ...found, values, typing: typingAt(caret, values, found.command) }
}

/**
 * @returns { title, items: [{ label, detail, insert: { from, to, text } }] }, or null when there is nothing to offer.
 * `signal` is asked after waiting: a list that came too late is dropped.
 */
export const suggestions = async (text, caret, { server, channel }) => {
  if (!text.startsWith('/')) return null
  const line = understand(text, caret, server)
  if (!line) return commandList(text, caret, server)
  const { command, values, typing } = line
  const names = optionNames(text, caret, command, values)
  // Behind a finished named value the next thing is a name; before that, values by position.
  const option = typing.value ? typing.value.option : typing.next
  const finished = typing.value?.named && typing.value.value !== '' && /\s$/.test(text.slice(0, caret))
  if (!option || finished) return names
  const items = await valuesFor(option, typing.value?.value ?? '', text.slice(0, caret), { server, channel })
  const from = typing.value?.valueFrom ?? caret
  const to = typing.value?.to ?? caret
  const named = typing.value?.named ?? false
  const offered = items.map((item) => ({
    label: item.label,
    detail: item.detail,
    insert: { from, to, text: `${!named && /\s/.test(item.value) ? `"${item.value}"` : item.value} ` },
  }))
  const partial = typing.value && !typing.value.named ? names : null
  if (offered.length === 0 && partial?.items.length) return partial
  const title = `${option.name} — ${option.description}`
  if (offered.length > 0) return { title, items: offered }
  return typing.value ? null : { title, items: [] }
}

const commandList = (text, caret, server) => {
  const typed = text.slice(1, caret)
  if (/\n/.test(typed)) return null
  const items = matchCommands(typed, typedCommands(server.commands))
    .slice(0, 25)
    .map((command) => ({
      label: `/${command.path}`,
      detail: command.description,
      complete: text.trim() === `/${command.path}`,
      insert: { from: 0, to: text.length, text: `/${command.path} ` },
    }))
  return items.length > 0 ? { title: typed ? `Commands matching /${typed}` : 'Commands', items } : null
}

const optionNames = (text, caret, command, values) => {
  const word = /\S*$/.exec(text.slice(0, caret))[0]
  const from = caret - word.length
  const taken = new Set(values.filter((each) => each.from !== from).map((each) => each.option?.name))
  const items = command.options
    .filter((option) => !taken.has(option.name) && option.name.startsWith(word.toLowerCase()))
    .map((option) => ({
      label: `${option.name}${option.required ? ' *' : ''}`,
      detail: option.description,
      insert: { from, to: caret, text: `${option.name}:` },
    }))
  return items.length > 0 ? { title: 'Options', items } : null
}

const valuesFor = async (option, typed, text, { server, channel }) => {
  const wanted = typed.toLowerCase()
  const among = (list) => list.filter((item) => item.label.toLowerCase().includes(wanted)).slice(0, 25)
  if (option.choices?.length)
    return among(option.choices.map((choice) => ({ label: choice.name, value: String(choice.name), detail: '' })))
  if (option.autocomplete) {
    const answer = await api.choices({ text, channel: channel.id, user: server.me.username })
    const choices = Array.isArray(answer) ? answer : (answer?.choices ?? [])
    return choices.map((choice) => ({
      label: choice.name,
      value: String(choice.value),
      detail: choice.name.startsWith(String(choice.value)) ? '' : String(choice.value),
    }))
  }
  const people = () =>
    server.people
      .concat(server.bot)
      .map((user) => ({ label: server.nameOfUser(user), value: `<@${user.id}>`, detail: user.username }))
  const roles = () =>
    [...server.roles.values()].map((role) => ({ label: role.name, value: `<@&${role.id}>`, detail: '' }))
  switch (option.type) {
    case BOOLEAN:
      return among(['true', 'false'].map((value) => ({ label: value, value, detail: '' })))
    case USER:
      return among(people())
    case ROLE:
      return among(roles())
    case MENTIONABLE:
      return among([...people(), ...roles()])
    case CHANNEL:
      return among(
        [...server.channels.values()]
          .filter((each) => !option.channel_types?.length || option.channel_types.includes(each.type))
          .map((each) => ({
            label: `#${each.name}`,
            value: each.name.includes(' ') ? `<#${each.id}>` : each.name,
            detail: each.topic ?? '',
          })),
      )
    default:
      return []
  }
}
