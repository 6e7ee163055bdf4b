/** Channels and threads. https://docs.discord.com/developers/resources/channel */
import { channelOf, guildChannelOf, need } from '../../core/access.ts'
import {
  type ChannelWish,
  createChannel,
  deleteChannel,
  editChannel,
  removeOverwrite,
  setOverwrite,
} from '../../core/channels.ts'
import { refuse } from '../../core/errors.ts'
import { type Channel, isDirect, isThread } from '../../core/shapes.ts'
import { deleteThread, editThread, type ThreadChange } from '../../core/threads.ts'
import { type Call, created, nothing, ok, part, type Route } from '../route.ts'

const CHANNEL = 'GuildChannelResponse|ThreadResponse|PrivateChannelResponse'

/** A channel the bot can see. Throws 10003, 50001. */
export function seen(call: Pick<Call, 'world' | 'params'>): Channel {
  const channel = channelOf(call.world, part(call, 'channel_id'))
  need(call.world, call.world.bot.id, channel)
  return channel
}

/** A channel as the bot gets it: a thread with its own membership. */
export function shown(call: Call, channel: Channel): Record<string, unknown> {
  const member = isThread(channel) ? call.world.threadMembers.get(`${channel.id}:${call.world.bot.id}`) : undefined
  return { ...channel, ...(member ? { member } : {}) }
}

const single: Route[] = [
  {
    method: 'GET',
    path: '/channels/:channel_id',
    bucket: 'read channel',
    auth: 'bot',
    response: CHANNEL,
    run: (call) => ok(shown(call, seen(call))),
  },
  {
    method: 'PATCH',
    path: '/channels/:channel_id',
    bucket: 'edit channel',
    auth: 'bot',
    request: (call) => (isThread(seen(call)) ? 'UpdateThreadRequestPartial' : 'UpdateGuildChannelRequestPartial'),
    response: CHANNEL,
    run: (call) => {
      const channel = seen(call)
      if (isDirect(channel)) throw refuse(50003)
      if (isThread(channel))
        return ok(shown(call, editThread(call.world, call.world.bot.id, channel, call.body as ThreadChange)))
      return ok(editChannel(call.world, call.world.bot.id, channel, call.body as ChannelWish))
    },
  },
  {
    method: 'DELETE',
    path: '/channels/:channel_id',
    bucket: 'edit channel',
    auth: 'bot',
    response: CHANNEL,
    run: (call) => {
      const channel = seen(call)
      if (isDirect(channel)) throw refuse(50003)
      need(call.world, call.world.bot.id, channel, isThread(channel) ? 'manage_threads' : 'manage_channels')
      if (isThread(channel)) deleteThread(call.world, channel)
      else deleteChannel(call.world, channel)
      return ok({ ...channel })
    },
  },
  {
    method: 'PUT',
    path: '/channels/:channel_id/permissions/:overwrite_id',
    bucket: 'edit channel',
    auth: 'bot',
    request: 'PutOverwrite',
    run: (call) => {
      const wish = call.body as { type: number; allow?: string; deny?: string }
      const channel = guildChannelOf(call.world, part(call, 'channel_id'))
      setOverwrite(call.world, call.world.bot.id, channel, { ...wish, id: part(call, 'overwrite_id') })
      return nothing
    },
  },
  {
    method: 'DELETE',
    path: '/channels/:channel_id/permissions/:overwrite_id',
    bucket: 'edit channel',
    auth: 'bot',
    run: (call) => {
      removeOverwrite(
        call.world,
        call.world.bot.id,
        guildChannelOf(call.world, part(call, 'channel_id')),
        part(call, 'overwrite_id'),
      )
      return nothing
    },
  },
]

const ofGuild: Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/channels',
    bucket: 'read guild',
    auth: 'bot',
    response: 'GuildChannelResponse[]',
    run: (call) => {
      needGuild(call)
      return ok(call.world.guildChannels())
    },
  },
  {
    method: 'POST',
    path: '/guilds/:guild_id/channels',
    bucket: 'edit channel',
    auth: 'bot',
    request: 'CreateGuildChannelRequest',
    response: 'GuildChannelResponse',
    run: (call) =>
      created(createChannel(call.world, call.world.bot.id, part(call, 'guild_id'), call.body as ChannelWish)),
  },
]

/** Throws 10004, 50001. */
export function needGuild(call: Call): void {
  if (part(call, 'guild_id') !== call.world.guild.id) throw refuse(10004)
  if (!call.world.members.get(call.world.bot.id)) throw refuse(50001)
}

export const channelRoutes: Route[] = [...single, ...ofGuild]
