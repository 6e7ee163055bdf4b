import type { BatchPlan } from '../batch/checked-plan.ts'
import { planBatch } from '../batch/plan.ts'
import { priceOf } from '../batch/plan-line.ts'
import { planSummary, planText, whyAsk } from '../batch/plan-text.ts'
import type { BatchConfig } from '../config/config.ts'
import type { Batch } from '../core/batches.ts'
import { UserError } from '../core/errors.ts'
import { ASK_ABOVE } from '../core/estimate.ts'
import { count, plural } from '../core/figures.ts'
import type { RunSpec } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import type { GuildSettings } from '../core/store.ts'
import { question } from './asking.ts'
import { findChannel } from './channels.ts'
import type { Slash } from './command.ts'
import { modelsOf, requireModels } from './launch.ts'
import { personOf } from './people.ts'
import { requireStarter } from './permissions.ts'
import { placeFor, requireForMedia } from './place.ts'
import { patienceOf, tellPrivately } from './replies.ts'
import type { Room } from './room.ts'

interface Wishes {
  /** Only show what would run. */
  dryRun: boolean
  /** A channel's id; null: as the config says, else here. */
  channel: string | null
}

/**
 * Plans the whole batch, asks where it is large, begins it and tells the person. The reply must be deferred already.
 * @throws UserError before anything is spent.
 */
export async function startBatch(interaction: Slash, room: Room, config: BatchConfig, wishes: Wishes): Promise<void> {
  const settings = await room.store.settings(interaction.guildId)
  requireStarter(interaction.member, settings)
  const place = await placeFor(interaction, wishes.channel ?? (await channelOf(interaction, config, settings)))
  const specs: RunSpec[] = []
  const plan = await planBatch(capped(config, settings), {
    catalog: room.catalog,
    sources: room.dreams,
    check(spec) {
      requireModels(modelsOf(spec), settings, room)
      requireForMedia(place, spec)
      if (specs.every((other) => namesOf(other) !== namesOf(spec))) specs.push(spec)
    },
  })
  if (wishes.dryRun) return tellPrivately(interaction, dryRun(plan, interaction.attachmentSizeLimit))
  await requireMoney(interaction, room, specs)
  const go = async () => {
    const batch = await room.batches.start(room.batches.newId(), plan, {
      guild_id: interaction.guildId,
      channel_id: place.id,
      person: personOf(interaction.member),
    })
    const said = begun(await withMessage(batch, room, patienceOf(interaction)))
    return [said, ...plan.manifest.notes].join('\n').slice(0, 1990)
  }
  const why = whyAsk(plan, settings.ask_above ?? ASK_ABOVE)
  if (why === null) return tellPrivately(interaction, await go())
  const text = `${planSummary(plan, code)}\n${why} Begin?`
  await tellPrivately(interaction, question(interaction.user.id, text, `Begin ${plural(plan.runs.length, 'run')}`, go))
}

const namesOf = (spec: RunSpec): string => spec.actors.map(({ model }) => model.alias).join(' ')

/** @param specs one for each set of models. */
async function requireMoney(interaction: Slash, room: Room, specs: RunSpec[]): Promise<void> {
  const { id: starter_id, displayName: starter_name } = interaction.member
  for (const spec of specs) {
    const refusal = await room.purse.refusal({ guild_id: interaction.guildId, starter_id, starter_name, spec })
    if (refusal !== null) throw new UserError(refusal)
  }
}

async function channelOf(interaction: Slash, config: BatchConfig, settings: GuildSettings): Promise<string | null> {
  const named = config.options.channel
  if (typeof named !== 'string') return settings.default_channel
  return (await findChannel(interaction.client, interaction.guildId, named)) ?? named
}

/** The server's cap holds for each run, unless the whole batch may cost less. */
function capped(config: BatchConfig, { max_cost }: GuildSettings): BatchConfig {
  if (max_cost === null) return config
  return { ...config, options: { ...config.options, max_cost: Math.min(max_cost, config.max_cost ?? max_cost) } }
}

const code = (name: string): string => `\`${name}\``

const SHOWN = 12
/** Characters of each variable in a plan that would be too large a file with all of them. */
const CUT = 200

function dryRun(plan: BatchPlan, limit: number) {
  const shown = plan.lines.slice(0, SHOWN).map((line, at) => {
    const names = line.models.map((alias) => `\`${alias}\``).join(' × ')
    return `${at + 1}. ${names} · ${shorten(line.title, 80)} · ${priceOf(line)}`
  })
  const more = plan.lines.length > SHOWN ? [`and ${count(plan.lines.length - SHOWN)} more.`] : []
  const whole = Buffer.from(planText(plan))
  const file = whole.length <= limit ? whole : Buffer.from(planText(plan, CUT))
  const content = ['This would run, and nothing was spent:', planSummary(plan, code), ...shown, ...more]
    .join('\n')
    .slice(0, 1990)
  const fits = file.length <= limit
  return {
    content,
    files: fits ? [{ attachment: file, name: `${plan.name.replaceAll(/[^\w.-]+/g, '_')}_plan.txt` }] : [],
  }
}

const LOOK_EVERY_MS = 250

/** The batch as soon as its dashboard is posted, or as it is after so many ms. */
async function withMessage(batch: Batch, room: Room, patience: number): Promise<Batch> {
  const until = Date.now() + patience
  let latest = batch
  while (latest.message_id === null && latest.channel_id !== null && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    latest = (await room.store.batch(batch.id)) ?? latest
  }
  return latest
}

function begun(batch: Batch): string {
  const what = `Batch \`${batch.id}\` of ${plural(batch.total, 'run')} has begun`
  if (batch.message_id === null) return `${what}; its dashboard is on its way to <#${batch.channel_id}>.`
  return `${what}: https://discord.com/channels/${batch.guild_id}/${batch.message_place}/${batch.message_id}`
}
