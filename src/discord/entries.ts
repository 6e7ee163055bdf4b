import { isAddress } from '../config/models.ts'
import type { Entry } from './choices.ts'
import type { Room } from './room.ts'

// What autocomplete offers, as choices.ts takes it.

/** @param typed so far: a model that is not registered is offered as it is typed, as `provider:model`. */
export function modelEntries(room: Room, typed = ''): Entry[] {
  const registered = room.catalog.models().map((model) => ({
    value: model.alias,
    label: `${model.alias} · ${model.display_name} · ${model.provider}:${model.api_name}`,
  }))
  const last = typed.split(/[,+]/).at(-1)?.trim() ?? ''
  return isAddress(last) ? [{ value: last }, ...registered] : registered
}

export const templateEntries = (room: Room): Entry[] => room.catalog.templates().filter(isUsable).map(described)

export const profileEntries = (room: Room): Entry[] => room.catalog.profiles().filter(isUsable).map(described)

/** @param template the one chosen so far: it may have a media agent of its own. */
export const mediaEntries = (room: Room, template: string | null): Entry[] =>
  room.catalog
    .mediaPresets(template ?? undefined)
    .filter(isUsable)
    .map(described)

/** Discord waits 3 s for choices; a server that takes longer to start will have them the next time. */
const PATIENCE_MS = 2000

/** Servers as `server/`; once one is typed, its tools as `server/tool`. */
export async function toolEntries({ mcp }: Room, typed: string): Promise<Entry[]> {
  const servers = mcp.state().map(({ name }) => name)
  const server = servers.find((name) => typed.startsWith(`${name}/`))
  if (server === undefined) return servers.map((name) => ({ value: `${name}/` }))
  const tools = await mcp.tools(server, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => [])
  return tools.map(({ name, description }) => described({ name: `${server}/${name}`, description }))
}

const isUsable = ({ error }: { error: string | null }) => error === null

function described({ name, description }: { name: string; description: string }): Entry {
  return { value: name, label: description === '' ? name : `${name} · ${description}` }
}
