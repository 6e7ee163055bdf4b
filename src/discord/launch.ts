import { UserError } from '../core/errors.ts'
import type { ModelInfo } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import type { GuildSettings } from '../core/store.ts'
import type { Room } from './room.ts'

/** Throws a UserError when the server's settings keep one of these models out, or when its key is missing. */
export function requireModels(models: ModelInfo[], settings: GuildSettings, room: Room): void {
  for (const model of models) {
    if (settings.models.length > 0 && !settings.models.includes(model.alias))
      throw new UserError(
        `\`${model.alias}\` may not be used in this server; these may: ${settings.models.join(', ')}.`,
      )
  }
  const missing = new Map<string, string[]>()
  for (const model of models)
    for (const variable of room.models.missing(model))
      missing.set(variable, [...new Set([...(missing.get(variable) ?? []), model.alias])])
  const [first] = missing
  if (!first) return
  const aliases = new Intl.ListFormat('en').format(first[1].map((alias) => `\`${alias}\``))
  throw new UserError(`To use ${aliases}, ${first[0]} must be set: put it into the .env of the bot and start it again.`)
}

/** Within this, a thread is normally open. An answer that comes later than 15 s looks like none. */
const PATIENCE_MS = 10_000
/** Whoever opened the thread may have done it without news of it. */
const LOOK_EVERY_MS = 500

/** The run as soon as Discord has opened its thread, or as it is when patience ends. */
export async function withThread(run: Run, room: Room, patience = PATIENCE_MS): Promise<Run> {
  if (run.thread_id !== null || run.channel_id === null) return run
  return new Promise((resolve, reject) => {
    let latest = run
    const look = () => {
      room.store.run(run.id).then((now) => {
        latest = now ?? latest
        if (now === null || now.thread_id !== null || now.status === 'ended') finish()
      }, fail)
    }
    const off = room.bus.on('changed', (news) => news.run_id === run.id && look())
    const every = setInterval(look, LOOK_EVERY_MS)
    const end = setTimeout(() => finish(), patience)
    const tidy = () => {
      off()
      clearInterval(every)
      clearTimeout(end)
    }
    const finish = () => {
      tidy()
      resolve(latest)
    }
    const fail = (error: unknown) => {
      tidy()
      reject(error)
    }
    look()
  })
}

/** What the person who began a run is told. */
export function begun(run: Run): string {
  if (run.thread_id !== null) return `It begins in <#${run.thread_id}>.`
  if (run.status === 'ended') return `It has ended already (${run.end_reason}): ${run.status_text ?? ''}`.trim()
  return `**${run.spec.title}** has begun; its thread is on its way to <#${run.channel_id}>.`
}
