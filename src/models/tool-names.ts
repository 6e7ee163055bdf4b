import { createHash } from 'node:crypto'

/** Both APIs take names of `[a-zA-Z0-9_-]{1,64}` only, ours are `server/tool`. The same name always gives the same one. */
export function nameForApi(name: string): string {
  const plain = name.replace('/', '__').replace(/[^\w-]/g, '_')
  if (plain.length <= 64 && plain === name.replace('/', '__')) return plain
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${plain.slice(0, 55)}_${mark}`
}

/** Our name for one that the model used; as it is when the model made it up. */
export function nameFromApi(name: string, granted: readonly { name: string }[]): string {
  return granted.find((tool) => nameForApi(tool.name) === name)?.name ?? name
}

/** What a model wrote as arguments. What is not a JSON object reaches the tool as such, so that the tool's complaint reaches the model. */
export function parseArguments(json: string): Record<string, unknown> {
  if (json.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Falls through: it is handed on as text.
  }
  return { unreadable_arguments: json }
}
