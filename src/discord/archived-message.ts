import type { ArchivedRun } from '../core/archive.ts'
import { archivedFacts, archivedLink } from './archive-options.ts'
import { plain } from './describe.ts'

/** An archived run: what it was, what seeded it, how it began, and its transcript as a file. */
export function archivedMessage(run: ArchivedRun) {
  const prompt = run.prompt.trim()
  const seeded = prompt === '' ? [] : [`> ${plain(prompt.replaceAll(/\s+/g, ' ').slice(0, 500))}`]
  const name = run.log_file.replace(/^.*[/\\]/, '')
  return {
    content: [`${archivedLink(run)}`, archivedFacts(run), ...seeded].join('\n').slice(0, 2000),
    files: [{ attachment: Buffer.from(run.transcript), name }],
  }
}
