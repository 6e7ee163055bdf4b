import type { ChatMessage, ModelCall } from '../../core/model.ts'
import { NOT_A_THING } from './common-words.ts'
import { WORDS } from './words.ts'

/** What the offline voice understood of a call. */
export interface Heard {
  system: string
  /** Texts of the context, oldest first. */
  said: { mine: boolean; text: string }[]
  /** The last message that is not its own. */
  last: string
  /** How many turns it has taken itself; opening messages count. */
  spoken: number
  /** Things named in the last message, the last named first. */
  things: string[]
  /** Things named before that, and in the system prompt. */
  remembered: string[]
  /** A question at the end of the last message, without its mark. */
  question: string | null
  /** `Ada` when the last message is a person's; actors' names end with their position. */
  speaker: string | null
}

export function listen(call: Pick<ModelCall, 'system' | 'messages'>): Heard {
  const said = call.messages.flatMap((message) => sayings(message))
  const last = said.findLast((saying) => !saying.mine)?.text ?? ''
  const before = said.filter((saying) => saying.text !== last).map((saying) => saying.text)
  const things = thingsIn(last).reverse()
  const remembered = [...new Set(thingsIn(`${call.system}\n${before.slice(-8).join('\n')}`))].filter(
    (thing) => !things.includes(thing),
  )
  return {
    system: call.system,
    said,
    last,
    spoken: said.filter((saying) => saying.mine).length,
    things,
    remembered,
    question: /([A-Z][^.!?\n]{8,90})\?[^?]*$/.exec(last)?.[1] ?? null,
    speaker: personIn(last),
  }
}

/** Who speaks in a message that begins with a person's name; actors' names end with their position. */
export function personIn(text: string): string | null {
  const name = /^(\w[\w.-]*(?: [A-Z0-9][\w.-]*){0,4}): /.exec(text)?.[1] ?? null
  return name === null || / \d+$/.test(name) ? null : name
}

function sayings(message: ChatMessage): { mine: boolean; text: string }[] {
  if (message.role === 'tool') return []
  return message.blocks.map((text) => ({ mine: message.role === 'assistant', text }))
}

/** They are not to be picked up and wrapped in paper. */
const PERSONS = new Set(WORDS.person)

const DETERMINER = /^(?:the|a|an|my|your|his|her|its|our|their|this|that|one|another|every|no)$/

/** Noun phrases without their determiner (`green telephone`), by a rule of thumb: what follows a determiner up to a small word. */
export function thingsIn(text: string): string[] {
  const found: string[] = []
  for (const clause of text.replace(/[*_`#>|]+/g, ' ').split(/[.,;:!?()\n"“”—–]+/)) {
    const words = clause.trim().split(/\s+/)
    for (let i = 0; i < words.length; i++) {
      if (!DETERMINER.test(words[i]?.toLowerCase() ?? '')) continue
      const phrase = phraseAt(words, i + 1)
      if (phrase !== null) found.push(phrase)
    }
  }
  return [...new Set(found)]
}

function phraseAt(words: string[], start: number): string | null {
  const phrase: string[] = []
  for (let i = start; i < Math.min(start + 3, words.length); i++) {
    const word = words[i] ?? ''
    if (!/^[a-z][a-z'-]{2,15}$/.test(word) || NOT_A_THING.has(word)) break
    if (phrase.length > 0 && isDoing(word)) break
    phrase.push(word)
  }
  const head = phrase.at(-1)
  if (PERSONS.has(phrase.join(' '))) return null
  if (head === undefined || head.length < 3 || /(?:ly|'s)$/.test(head)) return null
  // A single adjective is no thing, and neither is a participle.
  if (phrase.length === 1 && (isDoing(head) || /(?:ous|ful|est|able|ible|less)$/.test(head))) return null
  return phrase.join(' ')
}

const ENDS_IN_ING =
  /^(?:landing|building|ceiling|string|spring|king|ring|wing|railing|painting|clothing|wedding|crossing|opening|evening|morning|lightning)$/

/** By its ending a verb form or an adverb. */
function isDoing(word: string): boolean {
  return /(?:ed|ly)$/.test(word) || (word.endsWith('ing') && !ENDS_IN_ING.test(word))
}
