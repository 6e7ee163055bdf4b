import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { type ArchivedRun, type ArchiveFilter, type ArchiveStore, dayOf } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'
import { plural } from '../core/figures.ts'
import { whyNoneArchived } from './explain.ts'

export const ARCHIVE_FORMATS = ['markdown', 'html', 'jsonl', 'obsidian'] as const
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number]

interface What {
  format: ArchiveFormat
  filter: Omit<ArchiveFilter, 'limit' | 'offset'>
  /** jsonl: a file; else a folder. Made where it is missing; files of the same name are replaced. */
  target: string
  told?: (done: number, count: number) => void
}

/**
 * Writes the archived runs that match, newest first: one Markdown or HTML file each, one JSONL file, or an Obsidian folder with front
 * matter and an index.
 * @returns how many. Throws UserError when none matches, or the target cannot be written.
 */
export async function exportArchive(
  store: Pick<ArchiveStore, 'searchArchive' | 'archived'>,
  { format, filter, target, told = () => {} }: What,
): Promise<number> {
  const { total } = await store.searchArchive({ ...filter, limit: 0 })
  if (total === 0) throw new UserError(await whyNoneArchived(filter, store))
  try {
    await mkdir(format === 'jsonl' ? dirname(target) : target, { recursive: true })
    const write = await writerFor(format, target)
    let done = 0
    for await (const run of matching(store, filter)) {
      await write.run(run)
      told(++done, total)
    }
    await write.end()
    return done
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') throw new UserError(`${target} is a folder, and JSONL is one file: name one in it.`)
    if (code === 'ENOTDIR' || code === 'EEXIST')
      throw new UserError(`${target} is (or lies below) a file, and a folder is needed: name another.`)
    if (code !== undefined) throw new UserError(`${target} cannot be written: ${(error as Error).message}`)
    throw error
  }
}

const PAGE = 100

async function* matching(store: Pick<ArchiveStore, 'searchArchive' | 'archived'>, filter: What['filter']) {
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await store.searchArchive({ ...filter, limit: PAGE, offset })
    for (const row of rows) {
      const run = await store.archived(row.log_file)
      if (run) yield run
    }
    if (rows.length < PAGE) return
  }
}

interface Writer {
  run(run: ArchivedRun): Promise<void>
  end(): Promise<void>
}

async function writerFor(format: ArchiveFormat, target: string): Promise<Writer> {
  if (format === 'jsonl') return jsonlWriter(target)
  const taken = new Set<string>()
  const index: string[] = []
  return {
    async run(run) {
      const name = freeName(stemOf(run), taken)
      if (format === 'html') await writeFile(join(target, `${name}.html`), archivedHtml(run))
      else await writeFile(join(target, `${name}.md`), archivedMarkdown(run, format === 'obsidian'))
      index.push(
        `- [[${name}|${run.title.replaceAll(/[|[\]\n]/g, ' ')}]] ${dayOf(run)} · ${run.template} · ${run.models.join(' × ')}`,
      )
    },
    async end() {
      if (format !== 'obsidian') return
      await writeFile(
        join(target, 'Backrooms.md'),
        `# Backrooms\n\n${plural(index.length, 'run')}, newest first.\n\n${index.join('\n')}\n`,
      )
    },
  }
}

function jsonlWriter(target: string): Writer {
  const stream = createWriteStream(target)
  const done = finished(stream)
  done.catch(() => {})
  return {
    async run(run) {
      if (!stream.write(`${JSON.stringify({ ...run, created_at: new Date(run.created_at).toISOString() })}\n`))
        await Promise.race([new Promise<void>((resolve) => stream.once('drain', () => resolve())), done])
    },
    async end() {
      stream.end()
      await done
    },
  }
}

const stemOf = (run: ArchivedRun): string =>
  run.log_file
    .replace(/^.*[/\\]/, '')
    .replace(/\.txt$/, '')
    .replaceAll(/[^\w.-]+/g, '-')

function freeName(stem: string, taken: Set<string>): string {
  let name = stem
  for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${stem}_${nth}`
  taken.add(name.toLowerCase())
  return name
}

/** With front matter, as Obsidian reads it, or with the same facts as a list. https://help.obsidian.md/properties */
export function archivedMarkdown(run: ArchivedRun, frontMatter: boolean): string {
  const facts = factsOf(run)
  const head = frontMatter
    ? [
        '---',
        ...facts.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
        `tags: ${JSON.stringify(['backrooms', `backrooms/${run.template.replaceAll(/[^\w-]/g, '-')}`])}`,
        '---',
        `# ${run.title}`,
      ]
    : [`# ${run.title}`, '', ...facts.map(([name, value]) => `- **${name}:** ${[value].flat().join(', ')}`)]
  const body = sectionsOf(run.transcript).flatMap(({ name, text }) => [`## ${name}`, '', text, ''])
  return `${[...head, '', ...body].join('\n').trimEnd()}\n`
}

function factsOf(run: ArchivedRun): [string, string | string[] | number][] {
  const facts: [string, string | string[] | number | null][] = [
    ['template', run.template],
    ['models', run.models],
    ['date', new Date(run.created_at).toISOString()],
    ['ended', run.exit_reason],
    ['duration_sec', run.duration_sec],
    ['prompt', run.prompt === '' ? null : run.prompt.replaceAll(/\s+/g, ' ')],
    ['dream_id', run.dream_id],
    ['source', run.source],
    ['log_file', run.log_file],
  ]
  return facts.filter((fact): fact is [string, string | string[] | number] => fact[1] !== null)
}

export function archivedHtml(run: ArchivedRun): string {
  const facts = factsOf(run).map(([name, value]) => `<dt>${name}</dt><dd>${escaped([value].flat().join(', '))}</dd>`)
  const body = sectionsOf(run.transcript).map(
    ({ name, text }) => `<section><h2>${escaped(name)}</h2><p>${escaped(text)}</p></section>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(run.title)}</title>
<style>
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; color-scheme: light dark; }
p { white-space: pre-wrap; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 2rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; font-size: 0.9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
</style>
<h1>${escaped(run.title)}</h1>
<dl>${facts.join('')}</dl>
${body.join('\n')}
</html>
`
}

/** What stands between the log's headings; its own head is left out. */
function sectionsOf(transcript: string): { name: string; text: string }[] {
  const sections: { name: string; text: string }[] = []
  for (const line of transcript.split('\n')) {
    const heading = /^### (.+) ###$/.exec(line)?.[1] ?? /^### (Round \S+)$/.exec(line)?.[1]
    const last = sections.at(-1)
    if (heading !== undefined) sections.push({ name: heading, text: '' })
    else if (last) last.text += `${line}\n`
    else sections.push({ name: 'Log', text: `${line}\n` })
  }
  return sections
    .map(({ name, text }) => ({ name, text: text.trim() }))
    .filter(({ name, text }) => name !== 'Backrooms Run' && text !== '')
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
