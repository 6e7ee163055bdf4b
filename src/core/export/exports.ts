import { type MediaEntry, renderLog } from '../log.ts'
import type { Run, Turn } from '../run.ts'
import type { ObserverMemory } from '../store.ts'
import type { Fork } from './forks.ts'
import { toHtml } from './html.ts'
import { toJson } from './json.ts'
import { toMarkdown } from './markdown.ts'
import type { Picture } from './picture.ts'

export type { Picture }

export const EXPORT_FORMATS = ['markdown', 'html', 'json', 'text'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** What belongs to a run beside its turns: what narrators and media agents made of it, and its forks. */
interface Beside {
  media: MediaEntry[]
  pictures: Picture[]
  memories: ObserverMemory[]
  forks: Fork[]
}

export interface Exported {
  name: string
  content_type: string
  text: string
}

const FORMATS: Record<
  ExportFormat,
  { ending: string; content_type: string; render: (run: Run, turns: Turn[], beside: Beside) => string }
> = {
  markdown: {
    ending: 'md',
    content_type: 'text/markdown',
    render: (run, turns, { media, forks }) => toMarkdown(run, turns, media, forks),
  },
  html: {
    ending: 'html',
    content_type: 'text/html',
    render: (run, turns, { pictures, forks }) => toHtml(run, turns, pictures, forks),
  },
  json: {
    ending: 'json',
    content_type: 'application/json',
    render: (run, turns, { memories, forks }) => toJson(run, turns, memories, forks),
  },
  text: { ending: 'txt', content_type: 'text/plain', render: (run, turns, { media }) => renderLog(run, turns, media) },
}

/** A run as a file for readers. `turns` holds those that a rewind dropped too: they are kept, and marked. */
export function exportRun(format: ExportFormat, run: Run, turns: Turn[], beside: Partial<Beside> = {}): Exported {
  const { ending, content_type, render } = FORMATS[format]
  const stem = run.log_file.replace(/^.*\//, '').replace(/\.txt$/, '')
  return {
    name: `${stem}.${ending}`,
    content_type,
    text: render(run, turns, { media: [], pictures: [], memories: [], forks: [], ...beside }),
  }
}
