import type { Command } from './command.ts'
import type { Flag } from './flags.ts'

// Help is wrapped at 100 columns, whatever the terminal: it is read in files and issues too.
const WIDTH = 100

/** How the program is called from the project's folder. */
export const PROGRAM = 'npm run backrooms --'

/** @param groups headings, and under each the names of commands. */
export function overview(
  commands: Readonly<Record<string, Command>>,
  groups: Readonly<Record<string, string[]>>,
): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const listed = Object.entries(groups).flatMap(([heading, names]) => {
    const lines = names.flatMap((name) => {
      const command = commands[name]
      return command ? [`  ${name.padEnd(width)}  ${command.summary}`] : []
    })
    return lines.length === 0 ? [] : ['', heading, ...lines]
  })
  return [
    'Language models talk to each other while you watch.',
    '',
    `  ${PROGRAM} <command> [options]`,
    `  ${PROGRAM} <command> --help      what it takes, with examples`,
    ...listed,
    '',
    'To begin',
    ...columns([
      [`${PROGRAM} run`, 'two Claude Opus explore a command line'],
      [`${PROGRAM} run --lm opus sonnet --template roleplay --max-turns 5`, 'two models, five rounds'],
      [`${PROGRAM} templates`, 'what they can talk within'],
      [`${PROGRAM} models`, 'who can talk'],
    ]),
    '',
    'Without any key an offline voice speaks in place of the models, so that everything can be tried.',
    'Keys go into the file .env (see .env.example). Runs are kept in DATA_DIR (var/), the bot’s too.',
    '',
    'Exit codes: 0 done; 1 failed, nothing found, or not begun because you said no; 2 wrong use: a flag, a value or',
    'a name that was typed; 130 interrupted. With --json stdout holds JSON alone, and an empty list is no failure',
    '(use `npm run --silent backrooms -- …`, since npm prints a heading of its own).',
  ].join('\n')
}

export function helpOf(name: string, command: Command): string {
  const flags = Object.entries(command.flags).filter(([, flag]) => !flag.hidden)
  return [
    `${command.summary}.`,
    '',
    ...command.usage.map((form) => `  ${PROGRAM} ${name} ${form}`.trimEnd()),
    ...(command.about === undefined ? [] : ['', ...command.about.split('\n').flatMap((line) => wrapped(line, WIDTH))]),
    ...(flags.length === 0
      ? []
      : ['', 'Options', ...columns(flags.map(([flag, about]) => [shape(flag, about), about.help]))]),
    '',
    'Examples',
    ...columns(command.examples.map(([typed, does]) => [`${PROGRAM} ${typed}`, does])),
  ].join('\n')
}

function shape(name: string, { kind, value = 'value' }: Flag): string {
  if (kind === 'switch') return `--${name}`
  if (kind === 'optional') return `--${name} [${value}]`
  return kind === 'list' ? `--${name} ${value} …` : `--${name} ${value}`
}

/** Two columns; where the left one is too long for that, its explanation follows on the next line. */
function columns(rows: string[][]): string[] {
  const left = Math.min(34, Math.max(...rows.map(([name = '']) => name.length)))
  return rows.flatMap(([name = '', about = '']) => {
    const lines = wrapped(about, WIDTH - left - 4)
    const indent = ' '.repeat(left + 4)
    if (name.length > left) return [`  ${name}`, ...lines.map((line) => `${indent}${line}`)]
    return lines.map((line, at) => (at === 0 ? `  ${name.padEnd(left)}  ${line}` : `${indent}${line}`))
  })
}

function wrapped(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
