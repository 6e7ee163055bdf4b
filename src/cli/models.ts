import { Catalog } from '../config/catalog.ts'
import type { ModelInfo } from '../core/model.ts'
import { type CliIo, EXIT, readArgs } from './io.ts'

/** `models [--json]`: the registry. */
export function models(args: string[], io: CliIo): number {
  const { values } = readArgs({ args, options: { json: { type: 'boolean' } } })
  const listed = new Catalog({ root: io.root, offline: false }).models()
  if (values.json) io.out(JSON.stringify(listed, null, 2))
  else for (const line of columns([HEAD, ...listed.map(row)])) io.out(line)
  return EXIT.done
}

const HEAD = ['alias', 'name', 'served by', 'window', 'USD per million in/out']

function row({ alias, display_name, provider, api_name, context_window, price }: ModelInfo): string[] {
  const cost = price === null ? 'unknown' : `${price.input} / ${price.output}`
  return [alias, display_name, `${provider}:${api_name}`, String(context_window), cost]
}

/** Rows as lines, each column as wide as its widest cell. */
export function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
