import { Catalog } from '../config/catalog.ts'
import { type CliIo, EXIT, readArgs } from './io.ts'
import { columns } from './models.ts'

/** `templates [--json]`: name, number of actors, description; broken ones with what is wrong. */
export function templates(args: string[], io: CliIo): number {
  const { values } = readArgs({ args, options: { json: { type: 'boolean' } } })
  const listed = new Catalog({ root: io.root, offline: false }).templates()
  if (values.json) io.out(JSON.stringify(listed, null, 2))
  else {
    const rows = listed.map(({ name, agents, description, error }) => [
      name,
      error === null ? `${agents}` : '?',
      error ?? description,
    ])
    for (const line of columns([['template', 'actors', ''], ...rows])) io.out(line)
  }
  return EXIT.done
}
