import { type MediaEntry, renderLog } from '../log.ts'
import type { Run, Turn } from '../run.ts'
import type { ObserverMemory } from '../store.ts'
import { toHtml } from './html.ts'
import { toJson } from './json.ts'
import { toMarkdown } from './markdown.ts'
import type { Picture } from './picture.ts'

export type { Picture }

export const EXPORT_FORMATS = ['markdown', 'html', 'json', 'text'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** What narrators and media agents made of a run. */
interface Made {
  media: MediaEntry[]
  pictures: Picture[]
  memories: ObserverMemory[]
}

export interface Exported {
  name: string
  content_type: string
  text: string
}

const FORMATS: Record<
  ExportFormat,
  { ending: string; content_type: string; render: (run: Run, turns: Turn[], made: Made) => string }
> = {
  markdown: {
    ending: 'md',
    content_type: 'text/markdown',
    render: (run, turns, { media }) => toMarkdown(run, turns, media),
  },
  html: {
    ending: 'html',
    content_type: 'text/html',
    render: (run, turns, { pictures }) => toHtml(run, turns, pictures),
  },
  json: {
    ending: 'json',
    content_type: 'application/json',
    render: (run, turns, { memories }) => toJson(run, turns, memories),
  },
  text: { ending: 'txt', content_type: 'text/plain', render: (run, turns, { media }) => renderLog(run, turns, media) },
}

/** A run as a file for readers. `turns` holds those that a rewind dropped too: they are kept, and marked. */
export function exportRun(format: ExportFormat, run: Run, turns: Turn[], made: Partial<Made> = {}): Exported {
  const { ending, content_type, render } = FORMATS[format]
  const stem = run.log_file.replace(/^.*\//, '').replace(/\.txt$/, '')
  return {
    name: `${stem}.${ending}`,
    content_type,
    text: render(run, turns, { media: [], pictures: [], memories: [], ...made }),
  }
}
