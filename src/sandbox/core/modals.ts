import { characters } from './characters.ts'
import { LineError } from './command-line.ts'
import { asComponents, type Component } from './components.ts'
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
  const known = new Set<string>()
  const components = asComponents(opener.modal.components).map((outer) => fillField(outer, fields, known))
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown) throw new LineError(`The modal has no field ${unknown}.`)
  const message = opener.message_id ? world.message(opener.message_id)?.message : undefined
  return world.transaction(() => {
    const { modal: _, ...closed } = opener
    world.interactions.put(opener.id, closed)
    return interact(world, {
      type: MODAL,
      channel,
      userId: user.id,
      ...(message ? { message } : {}),
      metadata: { triggering_interaction_metadata: opener.metadata },
      data: { custom_id: customId, components },
    })
  })
}

/** Rows and labels with the person's values in place of the fields. */
function fillField(outer: Component, fields: Record<string, unknown>, known: Set<string>): Record<string, unknown> {
  const shown = (field: Component) => {
    const name = String(field.custom_id)
    known.add(name)
    const base = { type: field.type, id: field.id ?? 0, custom_id: name }
    if (field.type === 4) return { ...base, value: checkText(field, fields[name]) }
    const value = fields[name]
    const values = Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)]
    if (field.required !== false && values.length === 0) throw new LineError(`The field ${name} is required.`)
    return { ...base, values }
  }
  if (outer.component) return { type: outer.type, id: outer.id ?? 0, component: shown(outer.component as Component) }
  return {
    type: outer.type,
    id: outer.id ?? 0,
    ...(outer.type === 1 ? { components: asComponents(outer.components).map(shown) } : {}),
  }
}

/** https://docs.discord.com/developers/components/reference#text-input */
function checkText(field: Component, value: unknown): string {
  const name = String(field.custom_id)
  const text = value === undefined ? String(field.value ?? '') : String(value)
  const { min_length: min = 0, max_length: max = 4000 } = field as { min_length?: number; max_length?: number }
  if (text === '') {
    if (field.required !== false) throw new LineError(`The field ${name} is required.`)
    return ''
  }
  if (characters(text) < min) throw new LineError(`The field ${name} must have at least ${min} characters.`)
  if (characters(text) > max) throw new LineError(`The field ${name} must have at most ${max} characters.`)
  return text
}
