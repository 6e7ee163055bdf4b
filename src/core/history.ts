import type { HistoryMessage } from './run.ts'

const HEADING = /^ {0,3}#{1,6}[ \t]*(user|assistant)[ \t]*$/i

/**
 * Reads an opening history: Markdown in which a heading whose whole text is `user` or `assistant` starts a message. What stands
 * before the first is ignored, other headings belong to their message, a message's trailing newlines are dropped.
 * Lines end with `\n`.
 */
export function parseHistory(markdown: string): HistoryMessage[] {
  const messages: { role: HistoryMessage['role']; lines: string[] }[] = []
  for (const line of markdown.split('\n')) {
    const role = HEADING.exec(line)?.[1]?.toLowerCase()
    if (role) messages.push({ role: role as HistoryMessage['role'], lines: [] })
    else messages.at(-1)?.lines.push(line)
  }
  return messages.map(({ role, lines }) => ({ role, content: lines.join('\n').replace(/\n+$/, '') }))
}
