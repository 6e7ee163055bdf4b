import { resolve } from 'node:path'
import { EXPORT_FORMATS, type ExportFormat } from '../core/export/exports.ts'
import { nearestSentence } from '../core/nearest.ts'
import { exportWhole } from '../observers/export-run.ts'
import type { Command } from './command.ts'
import { findRun } from './find.ts'
import { EXIT, WrongUse } from './io.ts'
import { written } from './written.ts'

/** What people call the formats. */
const SHORT: Readonly<Record<string, ExportFormat>> = { md: 'markdown', txt: 'text' }

export const exportCommand: Command = {
  summary: 'A run as Markdown, HTML, JSON or text',
  usage: ['<run|last> [--format markdown|html|json|text] [--out file]'],
  about: 'JSON is complete: import loads it again as a run. Text is UniversalBackrooms’ log format.',
  words: 1,
  flags: {
    format: { kind: 'text', value: EXPORT_FORMATS.join('|'), help: 'By the ending of --out, else Markdown' },
    out: { kind: 'text', value: 'file', help: 'Where to; stdout by default' },
  },
  examples: [
    ['export last', 'the newest run as Markdown, on stdout'],
    ['export k7m2q9xc --out talk.html', 'one page, to read and share'],
    ['export k7m2q9xc --format json --out run.json', 'to be loaded again'],
  ],
  async run(given, terminal) {
    const out = given.text('out')
    const format = formatOf(given.text('format') ?? /\.(\w+)$/.exec(out ?? '')?.[1] ?? 'markdown')
    const { store, dataDir } = await terminal.parts()
    const run = await findRun(store, given.words[0], 'export last')
    const { text } = await exportWhole(run, format, { store, dataDir })
    if (out === undefined) {
      terminal.write(text)
      return EXIT.done
    }
    const file = resolve(terminal.cwd, out)
    await written(file, text)
    terminal.err(`Run ${run.id}: ${file}`)
    return EXIT.done
  },
}

function formatOf(name: string): ExportFormat {
  const format = (Object.hasOwn(SHORT, name) ? SHORT[name] : undefined) ?? EXPORT_FORMATS.find((each) => each === name)
  if (!format) throw new WrongUse(`There is no format "${name}". ${nearestSentence(name, EXPORT_FORMATS)}`)
  return format
}
