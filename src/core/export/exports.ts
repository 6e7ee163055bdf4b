import { renderLog } from '../log.ts'
import type { Run, Turn } from '../run.ts'
import { toHtml } from './html.ts'
import { toJson } from './json.ts'
import { toMarkdown } from './markdown.ts'

export const EXPORT_FORMATS = ['markdown', 'html', 'json', 'text'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A picture that was painted in a run, with its bytes. */
export interface Picture {
  round: number
  /** What it was painted from. */
  description: string
  content_type: string
  base64: string
}

export interface Exported {
  name: string
  content_type: string
  text: string
}

const FORMATS: Record<
  ExportFormat,
  { ending: string; content_type: string; render: (run: Run, turns: Turn[], pictures: Picture[]) => string }
> = {
  markdown: { ending: 'md', content_type: 'text/markdown', render: (run, turns) => toMarkdown(run, turns) },
  html: { ending: 'html', content_type: 'text/html', render: toHtml },
  json: { ending: 'json', content_type: 'application/json', render: (run, turns) => toJson(run, turns) },
  text: { ending: 'txt', content_type: 'text/plain', render: (run, turns) => renderLog(run, turns) },
}

/** A run as a file for readers. `turns` holds those that a rewind dropped too: they are kept, and marked. */
export function exportRun(format: ExportFormat, run: Run, turns: Turn[], pictures: Picture[] = []): Exported {
  const { ending, content_type, render } = FORMATS[format]
  const stem = run.log_file.replace(/^.*\//, '').replace(/\.txt$/, '')
  return { name: `${stem}.${ending}`, content_type, text: render(run, turns, pictures) }
}
