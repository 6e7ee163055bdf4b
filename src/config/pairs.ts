import { UserError } from '../core/errors.ts'

export type Pair = [string, string]

/**
 * Splits `a+b`, `a x b` or `a:b` into two models. Model names may themselves hold colons, so a `:` (or `x`) counts only where both
 * sides are known.
 *
 * @throws UserError that shows the `+` form when there is no such place or more than one.
 */
export function splitPair(text: string, isKnown: (ref: string) => boolean): Pair {
  const pair = text.trim()
  const plain = pair.includes('+') ? cut(pair, pair.indexOf('+'), 1) : spaced(pair)
  if (plain) {
    if (plain[0] === '' || plain[1] === '')
      throw new UserError(`"${pair}" names only one model; write two, as in opus+sonnet.`)
    return plain
  }
  const known = (candidates: Pair[]) => candidates.filter(([a, b]) => isKnown(a) && isKnown(b))
  const colons = cuts(pair, ':')
  let found = known(colons)
  if (found.length === 0) found = known(cuts(pair, 'x'))
  if (found.length === 1) return found[0] as Pair
  // With a single colon there is no doubt about the two names, only about what they name.
  if (found.length === 0 && colons.length === 1) return colons[0] as Pair
  const why = found.length === 0 ? 'does not split into two known models' : 'can be split in more than one way'
  throw new UserError(`"${pair}" ${why}; write the pair with a +, as in opus+sonnet or ollama:llama3.2:3b+opus.`)
}

function spaced(pair: string): Pair | null {
  const at = pair.indexOf(' x ')
  return at === -1 ? null : cut(pair, at, 3)
}

function cuts(pair: string, separator: string): Pair[] {
  return [...pair].flatMap((_, at) => {
    const halves = pair[at] === separator ? cut(pair, at, 1) : null
    return halves && halves[0] !== '' && halves[1] !== '' ? [halves] : []
  })
}

function cut(pair: string, at: number, length: number): Pair {
  return [pair.slice(0, at).trim(), pair.slice(at + length).trim()]
}
