import { isAddress } from '../config/models.ts'
import { LM_OPTIONS, RUN_OPTIONS } from '../config/options.ts'
import { UserError } from '../core/errors.ts'
import { nearest, nearestSentence } from '../core/nearest.ts'
import type { Given } from './start-options.ts'

const OPTIONS = Object.keys(RUN_OPTIONS)

/** People may write there what they like, except what can hardly be meant so: a lone `maxturn:5`, or an option's name but for its hyphens. */
const PROSE = new Set(['query', 'vars', 'title'])

/**
 * Throws a UserError where a value holds another option's mistyped name: `maxturns:5` becomes part of the value before it, or a value
 * of its own, as Discord's client and the sandbox's line read it.
 */
export function requireKnownOptions(given: Given): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') continue
    for (const [word, asName = ''] of value.matchAll(/(?<=^|\s)([a-z][\w-]*):\S*/gi)) {
      if (PROSE.has(name) ? !isMeant(asName, word === value.trim()) : isAddress(word)) continue
      const all = [`${LM_OPTIONS[0]} to ${LM_OPTIONS.at(-1)}`, ...OPTIONS.filter((each) => !/^lm\d$/.test(each))]
      throw new UserError(
        `There is no option \`${asName}:\` (in "${word}"). ${nearestSentence(asName, OPTIONS)} There are ${all.join(', ')}.`,
      )
    }
  }
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '')

const isMeant = (name: string, isAlone: boolean): boolean =>
  OPTIONS.some((each) => bare(each) === bare(name)) || (isAlone && nearest(name, OPTIONS).length > 0)
