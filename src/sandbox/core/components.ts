import { invalidForm } from './errors.ts'
import type { Attachment } from './shapes.ts'
import type { World } from './world.ts'

export type Component = Record<string, unknown> & { type: number }

/** Flag that lets a message be made of components alone. https://docs.discord.com/developers/components/reference#component-object-component-types */
export const IS_COMPONENTS_V2 = 1 << 15

export const ROW = 1
export const BUTTON = 2
export const STRING_SELECT = 3
export const SELECTS = [STRING_SELECT, 5, 6, 7, 8]
export const SECTION = 9
export const TEXT = 10
const THUMBNAIL = 11
const GALLERY = 12
export const FILE = 13
const SEPARATOR = 14
const CONTAINER = 17

export function asComponents(value: unknown): Component[] {
  return Array.isArray(value) ? (value as Component[]) : []
}

/** Every component with its path, parents first. */
export function* everyComponent(list: Component[], path = 'components'): Generator<[Component, string]> {
  for (const [at, component] of list.entries()) {
    const here = `${path}.${at}`
    yield [component, here]
    yield* everyComponent(asComponents(component.components), `${here}.components`)
    if (component.accessory) yield [component.accessory as Component, `${here}.accessory`]
    if (component.component) yield [component.component as Component, `${here}.component`]
  }
}

/**
 * Gives each component its id: its own, or the next that none has; 0 counts as none.
 * https://docs.discord.com/developers/components/reference#anatomy-of-a-component
 */
function numbering(list: Component[]): (component: Component) => number {
  const taken = new Set<number>()
  for (const [component] of everyComponent(list))
    if (typeof component.id === 'number' && component.id > 0) taken.add(component.id)
  let next = 0
  return (component) => {
    if (typeof component.id === 'number' && component.id > 0) return component.id
    do next += 1
    while (taken.has(next))
    return next
  }
}

/** A modal's components, each with its id. */
export function numbered(list: Component[]): Component[] {
  const id = numbering(list)
  const number = (component: Component): Component => ({
    ...component,
    id: id(component),
    ...(component.components ? { components: asComponents(component.components).map(number) } : {}),
    ...(component.component ? { component: number(component.component as Component) } : {}),
  })
  return list.map(number)
}

/** Components as Discord gives them back: an id for each, defaults filled in, media unfurled. */
export function shownComponents(world: World, list: Component[], files: Attachment[]): Component[] {
  const id = numbering(list)
  const media = (value: unknown) => unfurl(world, value as { url: string }, files)
  const show = (component: Component): Component => {
    const base = Object.fromEntries(
      Object.entries({ ...component, id: id(component) }).filter(([, value]) => value !== null),
    ) as Component
    switch (component.type) {
      case ROW:
        return { ...base, components: asComponents(component.components).map(show) }
      case STRING_SELECT:
      case 5:
      case 6:
      case 7:
      case 8:
        return { ...base, min_values: component.min_values ?? 1, max_values: component.max_values ?? 1 }
      case SECTION:
        return {
          ...base,
          components: asComponents(component.components).map(show),
          accessory: show(component.accessory as Component),
        }
      case THUMBNAIL:
        return {
          ...base,
          media: media(component.media),
          description: component.description ?? null,
          spoiler: component.spoiler ?? false,
        }
      case GALLERY:
        return {
          ...base,
          items: (component.items as Component[]).map((item) => ({
            media: media(item.media),
            description: item.description ?? null,
            spoiler: item.spoiler ?? false,
          })),
        }
      case FILE: {
        const file = media(component.file)
        const attached = files.find((candidate) => candidate.id === file.attachment_id)
        return {
          ...base,
          file,
          name: attached?.filename ?? null,
          size: attached?.size ?? null,
          spoiler: component.spoiler ?? false,
        }
      }
      case SEPARATOR:
        return { ...base, spacing: component.spacing ?? 1, divider: component.divider ?? true }
      case CONTAINER:
        return {
          ...base,
          accent_color: component.accent_color ?? null,
          components: asComponents(component.components).map(show),
          spoiler: component.spoiler ?? false,
        }
      default:
        return base
    }
  }
  return list.map(show)
}

function unfurl(world: World, value: { url: string }, files: Attachment[]): Record<string, unknown> {
  const name = value.url.startsWith('attachment://') ? value.url.slice('attachment://'.length) : undefined
  const file = name === undefined ? undefined : files.find((candidate) => candidate.filename === name)
  if (name !== undefined && !file) {
    throw invalidForm(
      'components',
      'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
      `The attachment ${name} was not uploaded`,
    )
  }
  const url = file ? `attachment://${file.filename}` : value.url
  return {
    id: world.newId(),
    url,
    proxy_url: url,
    width: file?.width ?? null,
    height: file?.height ?? null,
    content_type: file?.content_type ?? null,
    ...(file ? { attachment_id: file.id } : {}),
  }
}
