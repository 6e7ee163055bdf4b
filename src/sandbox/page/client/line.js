/**
 * A typed command, read for hints and completions only: the sandbox's door has the last word on what it means. Pure.
 * The way of reading is the door's: values without a name fill the options in order; after `name:` a value runs to the next ` name:`.
 */
const SUBCOMMAND = 1
const GROUP = 2
const TEXT = 3

/** Every command that can be typed: { path: 'backrooms start', description, options }. */
export const typedCommands = (commands) =>
  commands.filter((command) => (command.type ?? 1) === 1).flatMap((command) => flatten(command, command.name))

const flatten = (node, path) => {
  const options = node.options ?? []
  const inner = options.filter((option) => option.type === SUBCOMMAND || option.type === GROUP)
  if (inner.length > 0) return inner.flatMap((option) => flatten(option, `${path} ${option.name}`))
  return [{ path, description: node.description, options }]
}

/** Commands for what stands after the slash: those that begin so first, then those with a word that begins so, then by description. */
export const matchCommands = (typed, commands) => {
  const wanted = typed.toLowerCase().trim().replace(/\s+/g, ' ')
  const rank = ({ path, description }) => {
    if (path.startsWith(wanted)) return 0
    if (path.split(' ').some((word) => word.startsWith(wanted))) return 1
    if (path.includes(wanted)) return 2
    return wanted.length > 2 && description.toLowerCase().includes(wanted) ? 3 : 9
  }
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter((each) => each.rank < 9)
    .sort((a, b) => a.rank - b.rank)
    .map((each) => each.command)
}

/** The command that a line begins with, and where its options start; null while it is still being typed. */
export const commandOf = (text, commands) => {
  const words = /^\/(\S+(?: +\S+){0,2})/.exec(text)?.[1].split(/ +/) ?? []
  for (let count = Math.min(words.length, 3); count > 0; count -= 1) {
    const command = commands.find((each) => each.path === words.slice(0, count).join(' '))
    if (!command) continue
    const pattern = new RegExp(
      `^/${words
        .slice(0, count)
        .map(() => '\\S+')
        .join(' +')}`,
    )
    return { command, end: pattern.exec(text)[0].length }
  }
  return null
}

/**
 * The values in a line: [{ option, named, from, nameEnd, valueFrom, to, value }], positions in the text.
 * A value that no option is left for has `option` undefined.
 */
export const valuesOf = (text, command, start) => {
  const options = command.options
  const names = new Map(options.map((option) => [option.name, option]))
  const values = []
  const named = []
  const pattern = /(?<=\s)([\p{L}\p{N}_-]+):/gu
  pattern.lastIndex = start
  for (let match = pattern.exec(text); match; match = pattern.exec(text))
    if (names.has(match[1]))
      named.push({ option: names.get(match[1]), from: match.index, valueFrom: match.index + match[0].length })
  const positionalEnd = named[0]?.from ?? text.length
  const taken = new Set(named.map((each) => each.option.name))
  const free = options.filter((option) => !taken.has(option.name))
  const word = /"[^"]*"?|\S+/g
  word.lastIndex = start
  for (let match = word.exec(text); match && match.index < positionalEnd; match = word.exec(text)) {
    const from = match.index
    const to = Math.min(from + match[0].length, positionalEnd)
    const before = values[values.length - 1]
    // Words that are left over belong to the last option, if that is a text.
    if (free.length === 0 && before?.option?.type === TEXT)
      Object.assign(before, { to, value: text.slice(before.from, to) })
    else
      values.push({
        option: free.shift(),
        named: false,
        from,
        valueFrom: from,
        to,
        value: unquoted(text.slice(from, to)),
      })
  }
  named.forEach((each, index) => {
    const limit = named[index + 1]?.from ?? text.length
    const raw = text.slice(each.valueFrom, limit)
    const to = each.valueFrom + (index === named.length - 1 ? raw.length : raw.trimEnd().length)
    values.push({ ...each, named: true, to, value: unquoted(raw.trim()) })
  })
  return values
}

const unquoted = (text) => (/^".*"$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text.replace(/^"/, ''))

/** What is being typed at `caret`: { value } for one begun, { next } for the option that a new word would fill. */
export const typingAt = (caret, values, command) => {
  const value = values.find((each) => caret >= each.valueFrom && caret <= each.to)
  if (value) return { value }
  const anyNamed = values.some((each) => each.named && each.from < caret)
  const taken = new Set(values.map((each) => each.option?.name))
  return { next: anyNamed ? undefined : command.options.find((option) => !taken.has(option.name)), value: undefined }
}
