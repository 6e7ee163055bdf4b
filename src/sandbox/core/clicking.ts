/** A person presses a button or chooses from a select. */
import { may } from './access.ts'
import { LineError } from './command-line.ts'
import { BUTTON, type Component, everyComponent, STRING_SELECT } from './components.ts'
import { COMPONENT, interact, resolvedMember, shownChannel } from './interactions.ts'
import type { Resolved } from './option-values.ts'
import { shownResolved, visibleMessage } from './person.ts'
import type { Channel, Interaction, User } from './shapes.ts'
import type { World } from './world.ts'

/** Presses a button or chooses from a select. Throws LineError when it is not there, disabled, or the choice does not fit. */
export function useComponent(
  world: World,
  user: User,
  messageId: string,
  customId: string,
  values?: string[],
): Interaction {
  const message = visibleMessage(world, user, undefined, messageId)
  const channel = world.channels.get(message.channel_id)
  if (!channel || !may(world, user.id, channel, 'view_channel'))
    throw new LineError(`There is no message ${messageId} there.`)
  const component = [...everyComponent(message.components as Component[])]
    .map(([found]) => found)
    .find((found) => found.custom_id === customId)
  if (!component) throw new LineError(`The message has no component ${customId}.`)
  if (component.disabled) throw new LineError(`The component ${customId} is disabled.`)
  const chosen = component.type === BUTTON ? undefined : checkChosen(component, values ?? [])
  const resolved =
    chosen && component.type !== STRING_SELECT ? resolveChosen(world, channel, user, component, chosen) : {}
  return world.transaction(() =>
    interact(world, {
      type: COMPONENT,
      channel,
      userId: user.id,
      message,
      metadata: { interacted_message_id: message.id },
      data: {
        custom_id: customId,
        component_type: component.type,
        id: component.id,
        ...(chosen ? { values: chosen, ...(component.type === STRING_SELECT ? {} : { resolved }) } : {}),
      },
    }),
  )
}

function checkChosen(select: Component, values: string[]): string[] {
  const min = Number(select.min_values ?? 1)
  const max = Number(select.max_values ?? 1)
  if (values.length < min || values.length > max)
    throw new LineError(`Choose ${min === max ? min : `${min} to ${max}`}.`)
  if (select.type === STRING_SELECT) {
    const known = (select.options as { value: string }[]).map((option) => option.value)
    const unknown = values.find((value) => !known.includes(value))
    if (unknown !== undefined) throw new LineError(`There is no choice ${unknown}.`)
  }
  return values
}

/** Which selects offer what. https://docs.discord.com/developers/components/reference#component-object-component-types */
const OFFERS = { users: [5, 7], roles: [6, 7], channels: [8] }

/**
 * What chosen ids stand for. Throws LineError for one that this select does not offer.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure
 */
export function resolveChosen(
  world: World,
  channel: Channel,
  user: User,
  select: Component,
  ids: string[],
): Record<string, unknown> {
  const resolved: Resolved = { users: {}, members: {}, roles: {}, channels: {}, attachments: {} }
  const types = (select.channel_types ?? []) as number[]
  for (const id of ids) {
    const member = OFFERS.users.includes(select.type) ? world.members.get(id) : undefined
    const role = OFFERS.roles.includes(select.type) ? world.roles.get(id) : undefined
    const named = OFFERS.channels.includes(select.type) ? world.channels.get(id) : undefined
    if (member) {
      resolved.users[id] = member.user
      resolved.members[id] = resolvedMember(world, channel, member)
    } else if (role) resolved.roles[id] = role
    else if (named && (types.length === 0 || types.includes(named.type)) && may(world, user.id, named, 'view_channel'))
      resolved.channels[id] = shownChannel(world, named, user.id)
    else throw new LineError(`The field ${select.custom_id} has no choice ${id}.`)
  }
  return (shownResolved(resolved).resolved as Record<string, unknown>) ?? {}
}
