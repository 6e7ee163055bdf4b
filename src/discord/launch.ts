import { UserError } from '../core/errors.ts'
import { ASK_ABOVE, estimateRun } from '../core/estimate.ts'
import { money, range } from '../core/figures.ts'
import type { ModelInfo } from '../core/model.ts'
import type { Run, RunSpec } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import type { GuildSettings } from '../core/store.ts'
import { titleOf } from '../core/title.ts'
import { question } from './asking.ts'
import type { Menu, Press, Slash } from './command.ts'
import { plain } from './describe.ts'
import { patienceOf, tellPrivately } from './replies.ts'
import type { Room } from './room.ts'

export { modelsOf } from '../core/actors.ts'

/** Throws a UserError when the server's settings keep one of these models out, or when its key is missing. */
export function requireModels(models: ModelInfo[], settings: GuildSettings, room: Pick<Room, 'models'>): void {
  const barred = models.find(({ alias }) => settings.models.length > 0 && !settings.models.includes(alias))
  if (barred)
    throw new UserError(`\`${barred.alias}\` may not be used in this server; these may: ${settings.models.join(', ')}.`)
  const missing = Map.groupBy(
    models.flatMap((model) => room.models.missing(model).map((variable) => ({ variable, alias: model.alias }))),
    ({ variable }) => variable,
  )
  const [first] = missing
  if (!first) return
  const [variable, users] = first
  const aliases = new Intl.ListFormat('en').format([...new Set(users.map(({ alias }) => `\`${alias}\``))])
  throw new UserError(`To use ${aliases}, set ${variable}: put it into the bot's .env and start the bot again.`)
}

/**
 * What the run may cost: the server's setting holds unless less is asked for. Throws a UserError when more is.
 * @param asked what the start says, or else the template's default.
 */
export function costLimit(spec: RunSpec, asked: number | undefined, settings: GuildSettings): number | null {
  const limit = settings.max_cost
  if (limit === null) return spec.max_cost
  if (asked !== undefined && asked > limit)
    throw new UserError(
      `A run in this server may cost at most ${money(limit)}: ask for that or less with \`max_cost:\`.`,
    )
  return asked === undefined ? limit : spec.max_cost
}

/**
 * Begins a run and tells the person where it is; above the server's amount asks first. Throws a UserError where a day's cap is reached. The interaction was acknowledged, or will be soon.
 * @param begin commits the run; called at most once, maybe minutes later. `notes`: what else there is to tell.
 */
export async function launch(
  interaction: Slash | Press | Menu,
  room: Room,
  {
    spec,
    settings,
    begin,
    notes = [],
  }: { spec: RunSpec; settings: GuildSettings; begin: () => Promise<Run>; notes?: string[] },
): Promise<void> {
  const person = interaction.member
  const spender = { guild_id: interaction.guildId, starter_id: person.id, starter_name: person.displayName, spec }
  const refusal = await room.purse.refusal(spender)
  if (refusal !== null) throw new UserError(refusal)
  const go = async () => {
    const said = begun(await withThread(await begin(), room, patienceOf(interaction)))
    return withNotes(said, notes)
  }
  const estimate = estimateRun(spec)
  const above = settings.ask_above ?? ASK_ABOVE
  if (estimate.high <= above) return tellPrivately(interaction, await go())
  const text = `This run may cost ${range(estimate)}, more than ${money(above)}. Begin?`
  await tellPrivately(interaction, question(interaction.user.id, withNotes(text, notes), 'Begin', go))
}

const withNotes = (text: string, notes: string[]): string =>
  shorten([text, ...notes.map((note) => `-# ⚠️ ${note}`)].join('\n'), 1990)

/** Whoever opened the thread may have done it without news of it. */
const LOOK_EVERY_MS = 500

/** The run as soon as Discord has opened its thread, which it does for one that has ended meanwhile too; or as it is after so many ms. */
async function withThread(run: Run, room: Room, patience: number): Promise<Run> {
  if (run.thread_id !== null || run.channel_id === null) return run
  return new Promise((resolve, reject) => {
    let latest = run
    const look = () => {
      room.store.run(run.id).then((now) => {
        latest = now ?? latest
        if (now === null || now.thread_id !== null || now.end_reason === 'thread_gone') finish()
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
function begun(run: Run): string {
  if (run.status === 'ended') {
    const where = run.thread_id === null ? '' : ` in <#${run.thread_id}>`
    return `It has ended already${where} (\`${run.end_reason}\`)${run.status_text ? `: ${run.status_text}` : '.'}`
  }
  if (run.thread_id !== null) return `It begins in <#${run.thread_id}>.`
  return `**${plain(titleOf(run))}** has begun; its thread is on its way to <#${run.channel_id}>.`
}
