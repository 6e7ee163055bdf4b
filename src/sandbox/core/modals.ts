/** A person fills in a modal. https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure */
import { LineError } from './command-line.ts'
import { asComponents, type Component } from './components.ts'
import { type Filling, readField } from './field-values.ts'
import { interact, MODAL } from './interactions.ts'
import type { Interaction, User } from './shapes.ts'
import type { World } from './world.ts'

/** Sends a modal that the bot opened for this person. Throws LineError for one that is not open or a field that does not fit. */
export function submitModal(world: World, user: User, customId: string, fields: Record<string, unknown>): Interaction {
  const opener = world.interactions
    .values()
    .findLast((candidate) => candidate.user_id === user.id && candidate.modal?.custom_id === customId)
  const channel = opener && world.channels.get(opener.channel_id)
  if (!opener?.modal || !channel) throw new LineError(`No modal ${customId} is open for ${user.username}.`)
  const message = opener.message_id ? world.message(opener.message_id)?.message : undefined
  const { modal } = opener
  return world.transaction(() => {
    const known = new Set<string>()
    const filling: Filling = { world, user, channel, resolved: {} }
    const components = asComponents(modal.components).map((outer) => fillField(filling, outer, fields, known))
    const unknown = Object.keys(fields).find((name) => !known.has(name))
    if (unknown) throw new LineError(`The modal has no field ${unknown}.`)
    const resolved = Object.keys(filling.resolved).length > 0 ? { resolved: filling.resolved } : {}
    const { modal: _, ...closed } = opener
    world.interactions.put(opener.id, closed)
    return interact(world, {
      type: MODAL,
      channel,
      userId: user.id,
      ...(message ? { message } : {}),
      metadata: { triggering_interaction_metadata: opener.metadata },
      data: { custom_id: customId, components, ...resolved },
    })
  })
}

/** Rows and labels with the person's values in place of the fields. https://docs.discord.com/developers/components/reference#label-label-interaction-response-structure */
function fillField(
  filling: Filling,
  outer: Component,
  fields: Record<string, unknown>,
  known: Set<string>,
): Record<string, unknown> {
  const shown = (field: Component) => {
    const name = String(field.custom_id)
    known.add(name)
    const given = Object.hasOwn(fields, name) ? fields[name] : undefined
    return { type: field.type, id: field.id, custom_id: name, ...readField(filling, field, given) }
  }
  if (outer.component) return { type: outer.type, id: outer.id, component: shown(outer.component as Component) }
  return {
    type: outer.type,
    id: outer.id,
    ...(outer.type === 1 ? { components: asComponents(outer.components).map(shown) } : {}),
  }
}
