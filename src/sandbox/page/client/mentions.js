/**
 * Names in plain words: `@Backrooms` and `#general` are typed and shown as they read, and sent as the ids they stand for. Pure.
 */
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/

const known = (server) => [
  ...[...server.users.values()].flatMap((user) => [
    ['@', user.global_name, `<@${user.id}>`],
    ['@', user.username, `<@${user.id}>`],
  ]),
  ...[...server.roles.values()].filter((role) => role.mentionable).map((role) => ['@', role.name, `<@&${role.id}>`]),
  ...[...server.channels.values()].map((channel) => ['#', channel.name, `<#${channel.id}>`]),
]

/** The text as it is sent. */
export const withIds = (text, server) => {
  if (!/[@#]/.test(text)) return text
  const names = new Map()
  for (const [sign, name, id] of known(server))
    if (name && !names.has(`${sign}${name}`.toLowerCase())) names.set(`${sign}${name}`.toLowerCase(), id)
  // The longest name first: `@Ben Nett` is not Ben.
  const escaped = [...names.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}<])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_-])`, 'giu')
  return text
    .split(CODE)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(pattern, (name) => names.get(name.toLowerCase()) ?? name),
    )
    .join('')
}

/** A text as it was typed: names where there are ids. */
export const named = (text, server) =>
  text
    .split(CODE)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/<(@!?|@&|#)(\d{1,20})>/g, (whole, kind, id) => {
            const name = server.names[kind === '#' ? 'channel' : kind === '@&' ? 'role' : 'user'](id)
            return name === undefined ? whole : `${kind[0]}${name}`
          }),
    )
    .join('')

/** People or channels for the `@…` or `#…` that stands before the caret; null when there is none. */
export const mentionSuggestions = (text, caret, server) => {
  const match = /(?:^|[\s(])([@#])([^\s@#]*)$/u.exec(text.slice(0, caret))
  if (!match) return null
  const [, sign, typed] = match
  const wanted = typed.toLowerCase()
  const from = caret - typed.length - 1
  const items = (sign === '@' ? people(server) : channels(server))
    .filter((each) => [each.name, each.detail].some((word) => (word ?? '').toLowerCase().startsWith(wanted)))
    .slice(0, 10)
    .map(({ name, detail }) => ({
      label: `${sign}${name}`,
      detail,
      insert: { from, to: caret, text: `${sign}${name} ` },
    }))
  return items.length > 0 ? { title: sign === '@' ? 'People' : 'Channels', items, choosing: true } : null
}

const people = (server) =>
  [...server.users.values()].map((user) => ({ name: server.nameOfUser(user), detail: user.username }))
const channels = (server) =>
  [...server.listed(), ...[...server.channels.values()].filter(server.isThread)].map((channel) => ({
    name: channel.name,
    detail: channel.topic ?? '',
  }))
