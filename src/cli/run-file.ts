import { z } from 'zod'
import { choice, flag, isObject, mapping, number, parseOrThrow, text, texts, whole } from '../config/fields.ts'
import { UserError } from '../core/errors.ts'
import { JSON_FORMAT, type RunFile } from '../core/export/json.ts'
import { END_REASONS } from '../core/run.ts'

// The shape of core/export/json.ts, as a file that people may have changed.

const nullable = <S extends z.ZodType>(schema: S) => schema.nullable()
const usage = {
  input: number(0),
  cached: number(0),
  written: number(0),
  output: number(0),
  cost: nullable(number(0)),
}
const price = z.object({ input: number(0), output: number(0), cached: number(0), written: number(0) })
const model = z.object({
  alias: text(),
  provider: choice(['anthropic', 'openai', 'openrouter', 'ollama', 'cli', 'offline']),
  api_name: text(),
  display_name: text(),
  company: text(),
  context_window: whole(1),
  max_tokens: nullable(whole(1)),
  price: nullable(price),
  quirks: z.record(z.string(), flag(), { error: 'an object of true and false' }),
})
const message = z.object({ role: choice(['user', 'assistant']), content: text() })
const actor = z.object({ model, name: text(), face: text(), system: text(), history: z.array(message) })
const preset = z.object({ name: text(), preset: mapping() })
const item = z.object({
  dream_id: nullable(text()),
  dream_index: nullable(whole(0)),
  date: nullable(text()),
  source: nullable(text()),
})
const fork = z.object({ run_id: text(), turn_index: whole(-1), thread_id: nullable(text()) })
const lineage = nullable(z.object({ run_id: text(), turn_index: whole(-1), thread_id: nullable(text()).optional() }))

const spec = z.object({
  template: text().regex(/^[^/\\]+$/, { error: 'the name of a template' }),
  description: text(),
  actors: z.array(actor, { error: 'a list of actors' }).min(1, { error: 'a list of actors' }),
  title: text(),
  vars: z.record(z.string(), text(), { error: 'an object of texts' }),
  query: nullable(text()),
  asked_vars: texts().optional(),
  max_turns: nullable(whole(1)),
  max_tokens: nullable(whole(1)),
  max_context_frac: number(0, 1),
  context_window: nullable(whole(1)),
  temperature: number(0, 2),
  max_cost: nullable(number(0)),
  order: choice(['round_robin', 'random', 'mentioned', 'moderator']),
  stop: choice(['line', 'anywhere']),
  reasoning: choice(['hidden', 'spoiler', 'shown']),
  seed: whole(-Number.MAX_SAFE_INTEGER),
  tools: texts(),
  nudge: nullable(text()),
  on_loop: choice(['notice', 'end', 'nudge', 'swap', 'off']),
  profiles: z.array(preset),
  media: z.array(preset),
  item: nullable(item),
  lineage,
})

const call = z.object({ id: text(), name: text(), arguments: mapping() })
const result = z.object({ id: text(), name: text(), text: text(), is_error: flag() })
const turn = z.object({
  turn_index: whole(0),
  round: whole(0),
  actor_index: nullable(whole(0)),
  name: text(),
  author_id: nullable(text()),
  text: text(),
  reasoning: text(),
  whisper_to: nullable(whole(0)),
  steps: z.array(z.object({ calls: z.array(call), results: z.array(result) })),
  model: nullable(text()),
  usage: z.object(usage),
  dropped_at: nullable(whole(0)),
  created_at: whole(0),
})

/** A picture's file is looked for below DATA_DIR, and nowhere else. */
const file = z.object({
  path: text().regex(/^media[\\/][\w-]+[\\/]\w[\w.-]*$/, { error: 'a path like media/<run>/<file>' }),
  name: text().regex(/^\w[\w.-]*$/, { error: "a file's name" }),
  content_type: text(),
  description: text(),
})
const picture = nullable(z.object({ url: nullable(text()), file: nullable(file) }))
const entry = { mode: text(), prompt: text(), result: text() }
const painted = z.object({ round: whole(0), preset: text(), ...entry, picture })
const narrator = z.object({
  name: text().regex(/^profile:/),
  round: whole(0),
  memory: nullable(z.object({ posts: texts() })),
})
const agent = z.object({
  name: text().regex(/^media:/),
  round: whole(0),
  memory: nullable(
    z.object({ summary: text(), last: picture, posted: nullable(text()), entry: nullable(z.object(entry)) }),
  ),
})
const OBSERVER = 'what a narrator ("profile:<name>") or media agent ("media:<name>") knows'

const time = () => z.iso.datetime({ error: 'a time like 2026-01-31T12:00:00.000Z', offset: true })
const runFile = z
  .object({
    format: z.literal(JSON_FORMAT, { error: JSON_FORMAT }),
    id: text().regex(/^[\w-]{1,60}$/, { error: "a run's id" }),
    spec,
    status: choice(['going', 'paused', 'ended']),
    end_reason: nullable(choice(END_REASONS)),
    status_text: nullable(text()),
    starter_name: nullable(text()),
    log_file: text(),
    created_at: time(),
    ended_at: nullable(time()),
    usage: z.object({ ...usage, side_cost: number(0) }),
    lineage,
    forks: z.array(fork, { error: 'a list of forks' }).default([]),
    swaps: z.record(z.string().regex(/^\d$/, { error: "an actor's index" }), model).default({}),
    next_actor: nullable(whole(0)).default(null),
    turns: z.array(turn, { error: 'a list of turns' }),
    media: z.array(painted, { error: 'a list of pictures' }).default([]),
    observers: z.array(z.union([narrator, agent], { error: OBSERVER })).default([]),
  })
  .refine(({ status, end_reason }) => (status === 'ended') === (end_reason !== null), {
    error: 'set exactly when the status is "ended"',
    path: ['end_reason'],
  })

/** Reads a run that `export --format json` wrote. Throws UserError that names file and field. */
export function parseRunFile(raw: string, file: string): RunFile {
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    throw new UserError(`${file} is no JSON: import reads what "export --format json" writes.`)
  }
  if (!isObject(value) || value.format !== JSON_FORMAT)
    throw new UserError(
      `${file} is no exported run: it should begin with "format": "${JSON_FORMAT}", as "export --format json" writes it.`,
    )
  const parsed = parseOrThrow(runFile, value, file)
  const indices = parsed.turns.map(({ turn_index }) => turn_index)
  if (indices.some((index, at) => at > 0 && index <= (indices[at - 1] as number)))
    throw new UserError(`${file}: turns must be in the order of their turn_index, each of which occurs once.`)
  const nobody = parsed.turns.find(
    ({ actor_index }) => actor_index !== null && actor_index >= parsed.spec.actors.length,
  )
  if (nobody)
    throw new UserError(
      `${file}: turn ${nobody.turn_index} is of actor ${nobody.actor_index}, and spec.actors has ${parsed.spec.actors.length}.`,
    )
  const place = Object.keys(parsed.swaps).find((index) => Number(index) >= parsed.spec.actors.length)
  if (place !== undefined)
    throw new UserError(
      `${file}: swaps.${place}: there is no such actor; spec.actors has ${parsed.spec.actors.length}.`,
    )
  if (parsed.next_actor !== null && parsed.next_actor >= parsed.spec.actors.length)
    throw new UserError(
      `${file}: next_actor: there is no actor ${parsed.next_actor}; spec.actors has ${parsed.spec.actors.length}.`,
    )
  return parsed
}
