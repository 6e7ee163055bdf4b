import { optionFromText, parseRunOptions } from '../config/options.ts'
import { actorsNow } from '../core/actors.ts'
import { roundsForFork, turnsUpTo } from '../core/turns.ts'
import { newRunId } from '../store/ids.ts'
import { agreed, YES_FLAG } from './agree.ts'
import { requireNames } from './as-typed.ts'
import { dear, requireKeys } from './before.ts'
import type { Command } from './command.ts'
import { findRun } from './find.ts'
import { EXIT, WrongUse } from './io.ts'
import { play } from './play.ts'

export const fork: Command = {
  summary: 'A new run that goes on from any turn of another, ended or not',
  usage: ['<run|last> [--from N] [--lm a b …] [--max-turns N] [--max-cost X] [--json]'],
  about:
    'It begins with the turns up to that one, rewound ones included if the turn is one, and leaves the other run as it is. One that had all its rounds gets as many again.',
  words: 1,
  flags: {
    from: { kind: 'text', value: 'N', help: 'The last turn it keeps, counted from 1; all of them by default' },
    lm: { kind: 'list', value: 'model', help: 'Other models in place of its actors, in order' },
    'max-turns': { kind: 'text', value: 'N', help: 'Ends after this many rounds, those it keeps among them' },
    'max-cost': { kind: 'text', value: 'X', help: 'What the new run may cost, in USD; as the first by default' },
    yes: YES_FLAG,
    json: { kind: 'switch', help: 'At the end the run as JSON on stdout; nothing else there' },
  },
  examples: [
    ['fork last', 'go on with the newest run, though it has ended'],
    ['fork k7m2q9xc --from 6 --lm haiku', 'from its sixth turn, with another first model'],
  ],
  async run(given, terminal) {
    const number = given.whole('from')
    const parts = await terminal.parts({ paced: true })
    const { store, steering, catalog, person } = parts
    const origin = await findRun(store, given.words[0], 'fork last')
    const from = number === undefined ? undefined : number - 1
    requireNames(catalog, { models: given.names('lm') })
    const models = given.names('lm').map((ref) => catalog.model(ref))
    if (models.length > origin.spec.actors.length)
      throw new WrongUse(`Run ${origin.id} has ${origin.spec.actors.length} actors, but --lm names ${models.length}.`)

    const all = await store.turns(origin.id, { dropped: true })
    const kept = from === undefined ? all.filter((turn) => turn.dropped_at === null) : (turnsUpTo(all, from) ?? [])
    const asked = parseRunOptions({
      max_turns: optional('max_turns', given.text('max-turns')),
      max_cost: optional('max_cost', given.text('max-cost')),
    })
    const limits = {
      max_turns: asked.max_turns ?? roundsForFork(origin.spec, kept),
      max_cost: asked.max_cost ?? origin.spec.max_cost,
    }
    const actors = actorsNow(origin).map((actor, index) => ({ ...actor, model: models[index] ?? actor.model }))
    const spec = { ...origin.spec, ...limits, actors }
    requireKeys(spec, parts)
    if (!(await agreed(terminal, given, dear(spec)))) return EXIT.failed

    const id = newRunId()
    const place = { id, person, guild_id: null, channel_id: null }
    const how = { ...(from === undefined ? {} : { from }), models, limits }
    return play(terminal, parts, id, () => steering.fork(origin.id, place, how), { json: given.has('json') })
  },
}

const optional = (name: 'max_turns' | 'max_cost', typed: string | undefined) =>
  typed === undefined ? undefined : optionFromText(name, typed, `--${name.replace('_', '-')}`)
