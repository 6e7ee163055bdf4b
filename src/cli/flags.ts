import { nearestSentence } from '../core/nearest.ts'
import { WrongUse } from './io.ts'

/** One flag of a command, as it is parsed and as its help shows it. */
export interface Flag {
  /** `list` takes every value up to the next flag, and may be repeated; `optional` may stand without a value. */
  kind: 'switch' | 'text' | 'list' | 'optional'
  /** What help calls the value: `N`, `file`. */
  value?: string
  help: string
  /** Understood, but left out of the help: an older spelling. */
  hidden?: boolean
}

export type Flags = Readonly<Record<string, Flag>>

/** What a command was given. */
export class Given {
  /** Everything that is no flag and no flag's value. */
  readonly words: string[] = []
  readonly #values = new Map<string, string[]>()

  add(name: string, value: string): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value])
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The last one, if it was given several times. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  list(name: string): string[] {
    return this.#values.get(name) ?? []
  }

  /** A list in which each value may hold several, commas between. */
  names(name: string): string[] {
    return this.list(name).flatMap((value) =>
      value
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    )
  }

  /** A whole number. Throws WrongUse. */
  whole(name: string, least = 1): number | undefined {
    const typed = this.text(name)
    if (typed === undefined) return undefined
    const number = Number(typed)
    if (typed.trim() === '' || !Number.isSafeInteger(number) || number < least)
      throw new WrongUse(
        `--${name} must be a whole number${least > Number.MIN_SAFE_INTEGER ? ` from ${least}` : ''}, not "${typed}".`,
      )
    return number
  }
}

/** Throws WrongUse for an unknown flag, a missing value, or a value where none belongs. After a lone `--` everything is a word. */
export function parseFlags(args: readonly string[], flags: Flags): Given {
  const given = new Given()
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    if (arg === '--') {
      given.words.push(...args.slice(at + 1))
      break
    }
    if (!arg.startsWith('--')) {
      if (/^-[A-Za-z]/.test(arg)) throw unknown(arg, flags)
      given.words.push(arg)
      continue
    }
    const equals = arg.indexOf('=')
    const name = equals === -1 ? arg.slice(2) : arg.slice(2, equals)
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (!flag) throw unknown(`--${name}`, flags)
    const inline = equals === -1 ? null : arg.slice(equals + 1)
    if (flag.kind === 'switch') {
      if (inline !== null) throw new WrongUse(`--${name} takes no value.`)
      given.add(name, '')
      continue
    }
    const values = inline === null ? following(args, at + 1, flag.kind) : [inline]
    if (values.length === 0 && flag.kind === 'optional') values.push('')
    else if (inline === null) at += values.length
    if (values.length === 0) throw new WrongUse(`--${name} needs a value: --${name} ${flag.value ?? 'value'}`)
    for (const value of values) given.add(name, value)
  }
  return given
}

/** The values that stand after a flag. One that begins with a single dash (`-5`) is a value. */
function following(args: readonly string[], from: number, kind: Flag['kind']): string[] {
  let end = from
  while (end < args.length && !(args[end] as string).startsWith('--') && (kind === 'list' || end === from)) end++
  return args.slice(from, end)
}

function unknown(typed: string, flags: Flags): WrongUse {
  const known = Object.entries(flags).flatMap(([name, { hidden }]) => (hidden ? [] : [`--${name}`]))
  const nearest =
    known.length === 0 ? 'It takes none.' : nearestSentence(typed.replaceAll('_', '-'), [...known, '--help'])
  return new WrongUse(`There is no flag ${typed} here. ${nearest}`)
}
