import { UserError } from '../core/errors.ts'
import { nearestSentence } from '../core/nearest.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import { WrongUse } from './io.ts'

/** Among so many of the newest runs other names than ids are looked for. */
const MANY = 1000

/** The run that a person means: an id, its beginning, the name of its log file, or `last`. Throws WrongUse, and UserError where there is no run at all. */
export async function findRun(store: Store, ref: string | undefined, example: string): Promise<Run> {
  if (ref === undefined) throw new WrongUse(`Name a run: its id (see list), or last. For example: ${example}`)
  const byId = await store.run(ref)
  if (byId) return byId
  const runs = await store.runs({ limit: ref === 'last' ? 1 : MANY })
  const stem = (log: string) => log.replace(/^.*\//, '').replace(/\.txt$/, '')
  const found = runs.filter((run) => ref === 'last' || run.id.startsWith(ref) || stem(run.log_file) === stem(ref))
  const [first, second] = found
  if (first && second)
    throw new WrongUse(
      `"${ref}" could be ${found
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}: write more of it.`,
    )
  if (first) return first
  if (runs.length === 0) throw new UserError('There is no run yet. This begins one: npm run backrooms -- run')
  const near = nearestSentence(
    ref,
    runs.map(({ id }) => id),
  )
  throw new WrongUse(`There is no run "${ref}". ${near} All of them: npm run backrooms -- list`)
}
