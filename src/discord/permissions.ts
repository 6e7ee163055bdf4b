import { type GuildMember, PermissionFlagsBits } from 'discord.js'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { GuildSettings } from '../core/store.ts'

export const mayManageServer = (member: GuildMember): boolean => member.permissions.has(PermissionFlagsBits.ManageGuild)

/** Throws a UserError unless this member may start runs here: everyone may until `/settings set starters:` names roles. */
export function requireStarter(member: GuildMember, settings: GuildSettings): void {
  if (settings.starters.length === 0 || mayManageServer(member)) return
  if (settings.starters.some((role) => member.roles.cache.has(role))) return
  const names = settings.starters.map((role) => member.guild.roles.cache.get(role)?.name ?? 'a role that is gone')
  throw new UserError(`In this server only ${list(names)} may start runs; ask someone who manages the server.`)
}

export function maySteer(member: GuildMember, run: Run): boolean {
  if (run.starter_id === member.id) return true
  const channel = run.channel_id === null ? null : member.guild.channels.cache.get(run.channel_id)
  const permissions = channel ? member.permissionsIn(channel) : member.permissions
  return permissions.has(PermissionFlagsBits.ManageMessages)
}

/** Throws a UserError unless this member may steer, stop or delete the run: whoever started it, and those who may manage messages there. */
export function requireSteerer(member: GuildMember, run: Run, verb: string): void {
  if (maySteer(member, run)) return
  const starter = run.starter_name === null ? 'whoever started it' : `${run.starter_name}, who started it,`
  throw new UserError(`Only ${starter} and those who may manage messages here can ${verb} this run.`)
}

/** Throws a UserError unless this member may write in the run's thread: no command gives a voice where Discord gives none. */
export function requireSpeaker(member: GuildMember, run: Run): void {
  const channel = run.channel_id === null ? null : member.guild.channels.cache.get(run.channel_id)
  if (channel && !member.permissionsIn(channel).has([PermissionFlagsBits.ViewChannel, SEND_IN_THREADS]))
    throw new UserError('You may not write in the thread of this run.')
}

const SEND_IN_THREADS = PermissionFlagsBits.SendMessagesInThreads

export function requireManager(member: GuildMember, what: string): void {
  if (!mayManageServer(member)) throw new UserError(`Only those who may manage the server can ${what}.`)
}

const list = (names: string[]): string => new Intl.ListFormat('en', { type: 'disjunction' }).format(names)
