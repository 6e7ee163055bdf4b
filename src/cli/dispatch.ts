import { plural } from '../core/figures.ts'
import { nearestSentence } from '../core/nearest.ts'
import type { Command } from './command.ts'
import { COMMANDS, GROUPS } from './commands.ts'
import { parseFlags } from './flags.ts'
import { helpOf, overview, PROGRAM } from './help.ts'
import { EXIT, WrongUse } from './io.ts'
import type { Terminal } from './terminal.ts'

/** Runs what was typed. Returns the exit code; throws WrongUse and UserError. */
export async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const wanted = first === 'help' ? rest : []
    terminal.out(wanted.length > 0 ? help(wanted) : overview(COMMANDS, GROUPS))
    return EXIT.done
  }
  // The predecessor's form without a command: `--lm opus sonnet` begins a run.
  const found = first.startsWith('--')
    ? { name: 'run', command: COMMANDS.run as Command, args: [...args] }
    : named(args)
  if (asksForHelp(found.args)) {
    terminal.out(helpOf(found.name, found.command))
    return EXIT.done
  }
  try {
    const given = parseFlags(found.args, found.command.flags)
    const { words: most = Number.POSITIVE_INFINITY } = found.command
    const more = given.words[most]
    if (more !== undefined)
      throw new WrongUse(
        most === 0
          ? `${found.name} takes no word, not "${more}".`
          : `${found.name} takes ${plural(most, 'word')}, not also "${more}". Text with spaces stands in quotes.`,
      )
    return await found.command.run(given, terminal)
  } catch (error) {
    if (error instanceof WrongUse) throw new WrongUse(`${error.message}\nSee: ${PROGRAM} ${found.name} --help`)
    throw error
  }
}

function asksForHelp(args: string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return own.includes('--help') || own.includes('-h')
}

function named(args: readonly string[]): { name: string; command: Command; args: string[] } {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (command && args.length >= words) return { name, command, args: args.slice(words) }
  }
  const [first = '', second] = args
  const inside = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `))
  if (inside.length > 0) {
    if (second === undefined || second.startsWith('-') || second === 'help') throw new WrongUse(group(first, inside))
    throw new WrongUse(`${first} has no command "${second}". ${nearestSentence(`${first} ${second}`, inside)}`)
  }
  throw new WrongUse(
    `There is no command "${first}". ${nearestSentence(first, Object.keys(COMMANDS))}\nSee: ${PROGRAM} --help`,
  )
}

function group(first: string, names: string[]): string {
  return [`${first} is one of these:`, ...names.map((name) => `  ${name}: ${COMMANDS[name]?.summary}`)].join('\n')
}

function help(words: string[]): string {
  const { name, command } = named(words)
  return helpOf(name, command)
}
