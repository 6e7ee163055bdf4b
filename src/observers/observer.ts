import type { NewDelivery } from '../core/delivery.ts'
import { UserError } from '../core/errors.ts'
import type { Usage } from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import type { NewCharge } from '../core/store.ts'
import type { Hold } from '../engine/ports.ts'

// What a narrator or media agent is to the rounds that it follows.

/** A round as observers see it. */
export interface Round {
  run: Run
  /** 0-based. */
  index: number
  /** What was said in it, persons included. */
  turns: Turn[]
  /** Everything that counts up to the end of this round. */
  all: Turn[]
  /** The run was stopped by a person: nothing more is spent on it. */
  thrifty: boolean
}

export interface Observed {
  memory: unknown
  deliveries: NewDelivery[]
  charges: NewCharge[]
  /** What should be told once: in the thread (`notice`) or on the panel (`remark`), under a key. */
  tell?: { key: string; notice?: string; remark?: string }[]
}

/** What an observer has begun for a round and not brought to its end, kept beside its memory so that a restart need not begin anew. */
export interface Begun {
  /** Null: nothing. */
  read(): Promise<unknown>
  keep(what: unknown): Promise<void>
}

/** A narrator or media agent of one run. */
export interface RoundObserver {
  /** `profile:<name>` or `media:<name>`: the name of its memory. */
  name: string
  /** The next round waits for it. */
  waits: boolean
  /** Works through this chain one after the other; observers of other chains are not held up. */
  chain: string
  /** Has nothing to do after the first round; the media of that round wait for it. */
  once: boolean
  /** May throw: it is then reported once, and the round is passed over. `hold`: the money for its calls. */
  observe(round: Round, memory: unknown, how: How): Promise<Observed>
}

export interface How {
  signal: AbortSignal
  hold: Hold
  begun: Begun
  /** Tells people what it is at, where that takes long: a few words. */
  at(text: string): void
}

/** A failure for people to read, with what the observer has spent all the same. */
export class ObserverError extends Error {
  readonly charges: NewCharge[]

  constructor(message: string, charges: NewCharge[], options?: ErrorOptions) {
    super(message, options)
    this.name = 'ObserverError'
    this.charges = charges
  }
}

/** For a person: what they can mend, or that the mistake is ours. */
export const toldOf = (error: unknown): string =>
  error instanceof UserError || error instanceof ObserverError
    ? error.message
    : 'something went wrong here, and the log of the bot says more'

export function charge(purpose: NewCharge['purpose'], model: string, usage: Usage): NewCharge[] {
  return usage.input + usage.cached + usage.written + usage.output === 0 && !usage.cost
    ? []
    : [{ purpose, model, usage }]
}
