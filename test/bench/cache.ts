import { createModels } from '../../src/models/models.ts'
import { engineWith, modelInfo, nowhere, spec, until } from '../engine/kit.ts'
import { PromptCache } from '../models/prompt-cache.ts'
import { messageEvents, ProviderServer, sse } from '../models/provider-server.ts'
import { round } from './crew.ts'

const ROUNDS = 30
/** Anthropic's factors on the input price: https://docs.claude.com/en/docs/build-with-claude/prompt-caching#pricing */
const READ = 0.1
const WRITE = 1.25
/** Tokens below which nothing is cached. */
const MINIMUM = 1024

/** Input cost of a 30-round run of two actors with caching, relative to without, and to the lowest that the provider's rules allow. */
export async function cacheFigures() {
  const provider = await new ProviderServer().start()
  const cache = new PromptCache()
  const asked: { actor: string; total: number }[] = []
  let cost = 0
  let uncached = 0
  let nth = 0
  provider.respond = (response, request) => {
    const { input, cached, written } = cache.take(request.body)
    cost += input + READ * cached + WRITE * written
    uncached += input + cached + written
    asked.push({ actor: String(request.body.system), total: input + cached + written })
    const text = `Turn ${nth++}. ${'The corridor goes on, humming, and the carpet is damp beneath my shoes. '.repeat(12)}`
    const usage = { input_tokens: input, cache_read_input_tokens: cached, cache_creation_input_tokens: written }
    return sse(messageEvents([text], { input: usage }))(response, request)
  }
  const models = createModels({ env: { ANTHROPIC_API_KEY: 'x', ANTHROPIC_BASE_URL: provider.url }, limits: {} })
  const town = await engineWith(models)
  const long = spec({ max_turns: ROUNDS, max_cost: null, on_loop: 'off' })
  const actors = long.actors.map((actor) => ({
    ...actor,
    model: modelInfo(actor.model.alias, { context_window: 1_000_000 }),
  }))
  const run = await town.engine.start({ ...long, actors }, nowhere)
  await until(town, run.id, (now) => now.status === 'ended')
  await provider.stop()
  return {
    relative_to_uncached: round(cost / uncached, 4),
    relative_to_lowest: round(cost / lowest(asked), 4),
    times_cheaper: round(uncached / cost, 1),
  }
}

/** Every call reads all that an earlier call of the same actor could have written, and writes the rest; nothing can be kept below the minimum. */
function lowest(asked: { actor: string; total: number }[]): number {
  const kept = new Map<string, number>()
  let cost = 0
  for (const { actor, total } of asked) {
    const before = kept.get(actor) ?? 0
    cost += READ * before
    cost += total >= MINIMUM ? WRITE * (total - before) : total - before
    if (total >= MINIMUM) kept.set(actor, total)
  }
  return cost
}
