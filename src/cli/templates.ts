import { Catalog } from '../config/catalog.ts'
import { columns } from './columns.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Given } from './flags.ts'
import { type CliIo, EXIT } from './io.ts'

export const templates = {
  summary: 'The templates: what models can talk within',
  usage: ['[--json]'],
  about: 'A template is a folder in templates/; templates/README.md tells how to write one.',
  words: 0,
  flags: { json: JSON_FLAG },
  examples: [
    ['templates', 'name, number of actors, description'],
    ['templates --json', 'their defaults too'],
  ],
  run(given: Given, io: CliIo): number {
    const listed = new Catalog({ root: io.root, offline: false }).templates()
    if (given.has('json')) io.out(JSON.stringify(listed, null, 2))
    else {
      const rows = listed.map(({ name, agents, description, error }) => [
        name,
        error === null ? `${agents}` : '?',
        error ?? description,
      ])
      for (const line of columns([['template', 'actors', ''], ...rows])) io.out(line)
    }
    return EXIT.done
  },
} satisfies Command
