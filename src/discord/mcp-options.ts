import { type APIApplicationCommandStringOption, ApplicationCommandOptionType } from 'discord-api-types/v10'
import type { ToolInfo } from '../core/mcp.ts'
import { choicesFor } from './choices.ts'
import type { Choice, Completion } from './command.ts'
import { mayManageServer } from './permissions.ts'
import type { Room } from './room.ts'

const text = (name: string, description: string, required: boolean): APIApplicationCommandStringOption => ({
  type: ApplicationCommandOptionType.String,
  name,
  description,
  required,
  autocomplete: true,
})

export const serverOption = text('server', 'A server of mcp.config.json', true)
export const toolOption = text('tool', 'One of its tools', true)
export const jsonOption = text('json', 'Its arguments as JSON, like {"prompt": "a door"}', false)

/** Discord waits 3 s for choices; a server that takes longer to start will have them the next time. */
const PATIENCE_MS = 2000

export async function completeMcp(interaction: Completion, { mcp }: Room): Promise<Choice[]> {
  if (!mayManageServer(interaction.member)) return []
  const { name, value } = interaction.options.getFocused(true)
  const server = interaction.options.getString('server') ?? ''
  if (name === 'server')
    return choicesFor(
      value,
      mcp.state().map(({ name, state }) => ({ value: name, label: `${name} · ${state}` })),
    )
  const tools = await mcp.tools(server, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => [])
  if (name === 'tool')
    return choicesFor(
      value,
      tools.map((tool) => ({ value: tool.name, label: `${tool.name} · ${firstSentence(tool)}` })),
    )
  const tool = tools.find((each) => each.name === interaction.options.getString('tool'))
  return tool && value.trim() === '' ? skeletons(tool) : []
}

/** `paint (prompt, width?, height?): Paints a picture.` */
export function toolLine(tool: ToolInfo): string {
  const { names, required } = argumentsOf(tool)
  const shown = names.map((name) => (required.has(name) ? name : `${name}?`)).join(', ')
  return `**${tool.name}** (${shown}): ${firstSentence(tool)}`
}

function firstSentence({ description, title }: ToolInfo): string {
  const line = (description || title || 'no description').replace(/\s+/g, ' ').trim()
  return /^.{1,160}?[.!?](?= |$)/.exec(line)?.[0] ?? line.slice(0, 160)
}

/** Arguments to fill in: all that must be given, and all there are. */
function skeletons(tool: ToolInfo): Choice[] {
  const { names, required, properties } = argumentsOf(tool)
  const blank = (chosen: string[]) =>
    JSON.stringify(Object.fromEntries(chosen.map((name) => [name, emptyOf(properties[name])])))
  const both = [blank(names.filter((name) => required.has(name))), blank(names)]
  return [...new Set(both)].filter((each) => each.length <= 100).map((value) => ({ name: value, value }))
}

function argumentsOf({ inputSchema }: ToolInfo) {
  const properties = (inputSchema.properties ?? {}) as Record<string, unknown>
  const required = new Set(Array.isArray(inputSchema.required) ? inputSchema.required.map(String) : [])
  return { properties, names: Object.keys(properties), required }
}

function emptyOf(property: unknown): unknown {
  const { type, default: value } = (property ?? {}) as { type?: unknown; default?: unknown }
  if (value !== undefined) return value
  if (type === 'number' || type === 'integer') return 0
  if (type === 'boolean') return false
  if (type === 'array') return []
  return type === 'object' ? {} : ''
}
