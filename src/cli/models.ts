import { Catalog } from '../config/catalog.ts'
import type { ModelInfo } from '../core/model.ts'
import { columns } from './columns.ts'
import { type Command, JSON_FLAG } from './command.ts'
import type { Given } from './flags.ts'
import { type CliIo, EXIT } from './io.ts'

export const models = {
  summary: 'The models that can talk',
  usage: ['[--json]'],
  about:
    'The registry is configs/models.json. Models that are not in it are named provider:model, as in openrouter:nousresearch/hermes-4-405b or ollama:llama3.2:3b.',
  words: 0,
  flags: { json: JSON_FLAG },
  examples: [
    ['models', 'alias, name, provider, context window, price'],
    ['models --json', 'all that the registry says'],
  ],
  run(given: Given, io: CliIo): number {
    const listed = new Catalog({ root: io.root, offline: false }).models()
    if (given.has('json')) io.out(JSON.stringify(listed, null, 2))
    else for (const line of columns([HEAD, ...listed.map(row)])) io.out(line)
    return EXIT.done
  },
} satisfies Command

const HEAD = ['alias', 'name', 'served by', 'window', 'USD per million in/out']

function row({ alias, display_name, provider, api_name, context_window, price }: ModelInfo): string[] {
  const cost = price === null ? 'unknown' : `${price.input} / ${price.output}`
  return [alias, display_name, `${provider}:${api_name}`, String(context_window), cost]
}
