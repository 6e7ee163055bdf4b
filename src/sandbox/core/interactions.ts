/** Interactions: what a person does, handed to the bot. https://docs.discord.com/developers/interactions/receiving-and-responding */
import { randomBytes } from 'node:crypto'
import { permissionsIn } from './access.ts'
import { refuse } from './errors.ts'
import { withoutUser } from './messages.ts'
import { type Channel, type Interaction, isDirect, type Member, type Message } from './shapes.ts'
import { viewMessage } from './views.ts'
import type { World } from './world.ts'

export const COMMAND = 2
export const COMPONENT = 3
export const AUTOCOMPLETE = 4
export const MODAL = 5

export interface Act {
  type: 2 | 3 | 4 | 5
  channel: Channel
  userId: string
  data: Record<string, unknown>
  /** the message a component sits on, or whose component opened the modal */
  message?: Message
  command_name?: string
  /** type of the option that choices are asked for */
  focused_type?: number
  /** beyond id, type and user */
  metadata?: Record<string, unknown>
}

/** Writes an interaction down and hands it to the bot. */
export function interact(world: World, act: Act): Interaction {
  forgetOld(world)
  const id = world.newId()
  const token = Buffer.from(`interaction:${id}:${randomBytes(96).toString('base64url')}`).toString('base64url')
  const member = world.members.get(act.userId)
  if (!member) throw new Error(`no member ${act.userId}`)
  const direct = isDirect(act.channel)
  const owners: Record<string, string> = { '0': direct ? '0' : world.guild.id }
  const interaction: Interaction = {
    id,
    token,
    type: act.type,
    channel_id: act.channel.id,
    user_id: act.userId,
    created: world.now(),
    ...(act.message ? { message_id: act.message.id } : {}),
    ...(act.focused_type ? { focused_type: act.focused_type } : {}),
    ...(act.command_name ? { command_name: act.command_name } : {}),
    metadata: { id, type: act.type, user: member.user, authorizing_integration_owners: owners, ...act.metadata },
  }
  world.interactions.put(id, interaction)
  world.dispatch({
    t: 'INTERACTION_CREATE',
    d: {
      id,
      application_id: world.application.id,
      type: act.type,
      data: act.data,
      channel_id: act.channel.id,
      channel: shownChannel(world, act.channel, act.userId),
      ...(direct
        ? { user: member.user, context: 1 }
        : {
            guild_id: world.guild.id,
            guild: { id: world.guild.id, locale: 'en-US', features: [] },
            guild_locale: 'en-US',
            member: shownMember(world, act.channel, member),
            context: 0,
          }),
      ...(act.message ? { message: viewMessage(world, act.message) } : {}),
      token,
      version: 1,
      locale: 'en-US',
      app_permissions: String(permissionsIn(world, world.bot.id, act.channel)),
      entitlements: [],
      authorizing_integration_owners: owners,
      attachment_size_limit: world.limits.file,
    },
    ...(direct ? {} : { guild_id: world.guild.id }),
    intents: 0,
    to_bot: true,
  })
  return interaction
}

function shownMember(world: World, channel: Channel, member: Member): Record<string, unknown> {
  return { ...member, permissions: String(permissionsIn(world, member.user.id, channel)) }
}

export function resolvedMember(world: World, channel: Channel, member: Member): Record<string, unknown> {
  return withoutUser(shownMember(world, channel, member) as unknown as Member)
}

/** A channel as interactions carry it: with what the person may do there. */
export function shownChannel(world: World, channel: Channel, userId: string): Record<string, unknown> {
  return { ...channel, permissions: String(permissionsIn(world, userId, channel)) }
}

/** Tokens that have died are of no more use a day later. */
function forgetOld(world: World): void {
  if (world.interactions.size < 500) return
  const dead = world.now() - 4 * world.limits.interactionLife
  for (const interaction of world.interactions.values()) {
    if (interaction.created < dead) world.interactions.remove(interaction.id)
  }
}

/** The interaction a callback is for. Throws 10062 when unknown or three seconds late, 40060 when answered already. */
export function unanswered(world: World, id: string, token: string): Interaction {
  const interaction = world.interactions.get(id)
  if (!interaction || interaction.token !== token) throw refuse(10062)
  if (interaction.answered !== undefined) throw refuse(40060)
  if (world.now() - interaction.created > world.limits.acknowledge) throw refuse(10062)
  return interaction
}

/** The interaction behind a webhook token. Throws 10015 before an answer, 50027 after fifteen minutes. */
export function followable(world: World, token: string): Interaction {
  const interaction = world.interactions.values().find((candidate) => candidate.token === token)
  // Choices are all of an answer to autocomplete: no message follows them.
  if (!interaction || interaction.answered === undefined || interaction.type === AUTOCOMPLETE) throw refuse(10015)
  if (world.now() - interaction.created > world.limits.interactionLife) throw refuse(50027)
  return interaction
}

/** Changes what is known of an interaction and tells the doors and the page. */
export function note(world: World, interaction: Interaction, change: Partial<Interaction>): Interaction {
  const noted = { ...interaction, ...change }
  world.interactions.put(noted.id, noted)
  const { token: _, ...shown } = noted
  world.dispatch({ t: 'SANDBOX_INTERACTION_UPDATE', d: shown, intents: 0, to_bot: false, for_user: noted.user_id })
  return noted
}
