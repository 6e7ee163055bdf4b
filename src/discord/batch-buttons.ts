import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { PermissionFlagsBits } from 'discord.js'
import type { Batch } from '../core/batches.ts'
import { UserError } from '../core/errors.ts'
import { plural } from '../core/figures.ts'
import type { Press, SlashCommand } from './command.ts'
import { personOf } from './people.ts'
import { deferSoon, tellPrivately } from './replies.ts'
import type { Room } from './room.ts'

/** What the buttons below a batch's dashboard do. */
export const batchButtons: NonNullable<SlashCommand['components']> = {
  async 'batch-pause'(press, [id], room) {
    deferSoon(press)
    const batch = await mine(press, id, room, 'pause')
    await room.batches.pause(batch.id, `Paused by ${press.member.displayName}.`)
    await tellPrivately(press, 'Paused: turns under way are finished, then it waits. **Resume** lets it go on.')
  },
  async 'batch-resume'(press, [id], room) {
    deferSoon(press)
    const batch = await mine(press, id, room, 'resume')
    await refuseAtCap(batch, room)
    await room.batches.resume(batch.id)
    await tellPrivately(press, 'It goes on.')
  },
  async 'batch-stop'(press, [id], room) {
    deferSoon(press)
    const batch = await mine(press, id, room, 'stop')
    await room.batches.stop(batch.id, personOf(press.member))
    await tellPrivately(press, 'Stopped: what was going has ended with `^C^C`, what had not begun is left out.')
  },
  async 'batch-retry'(press, [id], room) {
    deferSoon(press)
    const batch = await mine(press, id, room, 'retry')
    await refuseAtCap(batch, room)
    const many = await room.batches.retryFailed(batch.id)
    await tellPrivately(press, `${plural(many, 'failed run')} will be run again.`)
  },
  async 'batch-manifest'(press, [id], room) {
    deferSoon(press)
    const batch = await known(press, id, room)
    const json = Buffer.from(await room.batches.manifest(batch.id))
    const isLarge = json.length > MOST_BYTES
    const file = isLarge ? await gzipped(json) : json
    if (file.length > MOST_BYTES)
      throw new UserError(
        `The manifest has ${Math.ceil(file.length / 1024 / 1024)} MB even when compressed, more than Discord takes: \`npm run backrooms\` at the terminal can write it.`,
      )
    await tellPrivately(press, {
      content: `All of batch \`${batch.id}\`: config, seed, items, pairs, model versions, results.`,
      files: [{ attachment: file, name: `batch_${batch.id}.json${isLarge ? '.gz' : ''}` }],
    })
  },
}

const gzipped = promisify(gzip)

/** What a bot may attach in any server. https://docs.discord.com/developers/reference#uploading-files */
const MOST_BYTES = 10 * 1024 * 1024

async function known(press: Press, id: string | undefined, room: Room): Promise<Batch> {
  const batch = id === undefined ? null : await room.store.batch(id)
  if (!batch || batch.guild_id !== press.guildId) throw new UserError('That batch is gone.')
  return batch
}

/** Throws a UserError while a cap of the day is reached: its runs would pause again at once. */
async function refuseAtCap(batch: Batch, room: Room): Promise<void> {
  for (const run of await room.store.runs({ batch_id: batch.id, status: ['paused'] })) {
    const refusal = await room.purse.refusal(run)
    if (refusal !== null) throw new UserError(refusal)
  }
}

/** Whoever started it, and those who may manage messages there. */
async function mine(press: Press, id: string | undefined, room: Room, verb: string): Promise<Batch> {
  const batch = await known(press, id, room)
  const channel = batch.channel_id === null ? null : press.guild.channels.cache.get(batch.channel_id)
  const permissions = channel ? press.member.permissionsIn(channel) : press.member.permissions
  if (batch.starter_id === press.member.id || permissions.has(PermissionFlagsBits.ManageMessages)) return batch
  const starter = batch.starter_name === null ? 'whoever started it' : `${batch.starter_name}, who started it,`
  throw new UserError(`Only ${starter} and those who may manage messages here can ${verb} this batch.`)
}
