import type { Entry } from './choices.ts'
import type { Room } from './room.ts'

// What autocomplete offers, as choices.ts takes it.

export function modelEntries(room: Room): Entry[] {
  return room.catalog.models().map((model) => ({
    value: model.alias,
    label: `${model.alias} · ${model.display_name} · ${model.company}`,
  }))
}

export async function templateEntries(room: Room): Promise<Entry[]> {
  return (await room.catalog.templates()).map(described)
}

export async function profileEntries(room: Room): Promise<Entry[]> {
  return (await room.catalog.profiles()).map(described)
}

export async function mediaEntries(room: Room): Promise<Entry[]> {
  return [
    { value: 'template', label: "template · the template's own media agent" },
    ...(await room.catalog.mediaPresets()).map(described),
  ]
}

function described({ name, description }: { name: string; description?: string | null }): Entry {
  return { value: name, label: description ? `${name} · ${description}` : name }
}
