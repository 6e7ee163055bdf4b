import { actorsNow } from '../core/actors.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Person } from '../core/steering.ts'

/** As which the bot itself takes part. */
const BOT = 'Backrooms'
/** Embeddings, overrides and isolates (https://unicode.org/reports/tr9/#Directional_Formatting_Characters): a name shows as another with them. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g

/** The name under which a person speaks: never that of an actor or of the bot, whose words theirs would be taken for. */
export function nameFor(run: Run, person: Person, wanted: string | undefined): string {
  const plain = (name: string) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[\s\p{Cf}]+/gu, '')
  const taken = [...run.spec.actors, ...actorsNow(run), { name: BOT }].map(({ name }) => plain(name))
  const name = (wanted ?? person.name).replaceAll(DIRECTIONS, '')
  if (wanted !== undefined && name !== wanted)
    throw new UserError('That name has characters which turn the direction of writing: speak under one without them.')
  if (!taken.includes(plain(name))) return name
  if (wanted === undefined) return `${name} (a person)`
  if (plain(name) === plain(BOT)) throw new UserError(`${wanted} is the bot’s own name: speak under another.`)
  throw new UserError(`${wanted} is the name of an actor in this run: speak under another.`)
}
