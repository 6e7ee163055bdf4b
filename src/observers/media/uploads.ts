import type { Bus } from '../../core/bus.ts'

/** Discord's attachment addresses are signed, and hold for about a day: https://docs.discord.com/developers/reference#signed-attachment-cdn-urls */
const HOLDS_MS = 12 * 3_600_000
/** Of each run; only the last picture is ever asked for, by each of its media agents. */
const KEPT = 20
const RUNS_KEPT = 500

/** The Discord address of a file that was uploaded for a run, by the file's name; null: not known, or too old to hold. */
export type Uploads = (runId: string, name: string) => string | null

/** Remembers where uploads of the runs that go on can be fetched. */
export function rememberUploads(bus: Bus): Uploads {
  const runs = new Map<string, Map<string, { url: string; at: number }>>()
  bus.on('uploaded', ({ run_id, files }) => {
    const kept = [...(runs.get(run_id) ?? []), ...Object.entries(files).map(entryOf)]
    // The run that was heard of last goes to the end. An ended one may still have its last picture to come.
    runs.delete(run_id)
    runs.set(run_id, new Map(kept.slice(-KEPT)))
    const [oldest] = runs.keys()
    if (runs.size > RUNS_KEPT && oldest !== undefined) runs.delete(oldest)
  })
  return (runId, name) => {
    const found = runs.get(runId)?.get(name)
    return found && Date.now() - found.at < HOLDS_MS ? found.url : null
  }
}

const entryOf = ([name, url]: [string, string]): [string, { url: string; at: number }] => [
  name,
  { url, at: Date.now() },
]
