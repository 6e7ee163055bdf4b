import { closes, type Fence, type Reading, readOn, START } from './fences.ts'

/** https://docs.discord.com/developers/resources/message#create-message: content, up to 2000 characters. Counted here in UTF-16 units, which is never fewer. */
export const LONGEST_CONTENT = 2000

/**
 * Escapes a piece's first or last character where it could be lost or misread; nothing to see, and Discord keeps it.
 * A content that starts (ends) with it stands for the rest of it: exactly one is taken off again.
 */
const MARK = '\u200B'
/** After a closing fence at the very end of a turn: the turn left its fence open, the closing is ours. */
const OURS = '\u2060'

export interface Piece {
  /** Joining these gives back the whole text. */
  text: string
  /** What is posted for it; `unsplit` undoes it. */
  content: string
}

/**
 * Cuts a text into messages (rule 3). Each is as long as fits, cut behind the last paragraph, else line, else sentence, else word,
 * else grapheme. A code fence that is cut is closed, and opened again with its info string in the next message.
 * Only the last two pieces depend on how the text goes on.
 */
export function split(text: string, limit = LONGEST_CONTENT): Piece[] {
  const pieces: Piece[] = []
  let reading = START
  let start = 0
  while (start < text.length) {
    const reopen = reading.fence?.reopen ?? ''
    const whole = lastPiece(text, start, reading, reopen, limit)
    if (whole) {
      pieces.push(whole)
      break
    }
    const { cut, after, content } = fittingPiece(text, start, reading, reopen, limit)
    pieces.push({ text: text.slice(start, cut), content })
    start = cut
    reading = after
  }
  return pieces
}

function lastPiece(text: string, start: number, reading: Reading, reopen: string, limit: number): Piece | null {
  if (text.length - start > limit) return null
  const rest = text.slice(start)
  const open = reopen === '' ? null : readOn(`${text}\n`, reading, text.length + 1).fence
  const content = dressed(reopen, rest, open ? open.close + OURS : '')
  return protect(content).length > limit ? null : { text: rest, content }
}

function fittingPiece(text: string, start: number, reading: Reading, reopen: string, limit: number) {
  let room = limit - reopen.length
  for (;;) {
    const cut = bestCut(text, start, Math.min(start + room, text.length - 1), reading)
    const after = readOn(text, reading, cut)
    const piece = text.slice(start, cut)
    let content = dressed(reopen, piece, after.fence?.close ?? '')
    // What the text itself says here looks like a fence of ours cut in two: a mark tells that it is not.
    if (!after.fence && looksCut(text.slice(0, start), reading, content, text.slice(cut, cut + limit))) content += MARK
    const over = protect(content).length - limit
    if (over <= 0) return { cut, after, content }
    room -= over
  }
}

/** Escapes edges that `unsplit` would take for its own, and white space alone, which Discord refuses. */
function dressed(before: string, text: string, after: string): string {
  const blank = text.trim() === ''
  const head = before === '' && (blank || text.startsWith(MARK)) ? MARK : before
  const tail = after === '' && (blank || text.endsWith(MARK) || text.endsWith(OURS)) ? MARK : after
  return head + text + tail
}

/** Guards white space at the edges of a content, which Discord takes off. `unsplit` undoes this as well. */
export function protect(content: string): string {
  return (/^\s/.test(content) ? MARK : '') + content + (/\s$/.test(content) ? MARK : '')
}

/** Gives back the text from what was posted for it, whether protected or not. */
export function unsplit(contents: readonly string[]): string {
  let text = ''
  let reading = START
  let reopened = ''
  contents.forEach((content, i) => {
    let body = reopened === '' && content.startsWith(MARK) ? content.slice(1) : content.slice(reopened.length)
    const next = contents[i + 1]
    const fence = next === undefined ? null : looksCut(text, reading, body, next)
    if (fence) body = body.slice(0, -fence.close.length)
    else if (body.endsWith(MARK)) body = body.slice(0, -1)
    else if (body.endsWith(OURS)) body = body.replace(/\n`+\u2060$/, '')
    reopened = fence?.reopen ?? ''
    text += body
    reading = readOn(text, reading, text.length)
  })
  return text
}

/** The fence that was closed at the end of `content` and opened again at the start of `next`, if it looks like that. */
function looksCut(before: string, reading: Reading, content: string, next: string): Fence | null {
  const closing = /\n`{3,8}$/.exec(content)
  if (!closing) return null
  const text = before + content.slice(0, closing.index)
  const { fence } = readOn(text, reading, text.length)
  return fence && fence.close === closing[0] && next.startsWith(fence.reopen) ? fence : null
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The best place in (start, max] to cut at; `max` lies before the text's end. */
function bestCut(text: string, start: number, max: number, reading: Reading): number {
  // One character more than fits shows whether it belongs to the grapheme before it.
  const window = text.slice(start, max + 2)
  const segments = graphemes.segment(window)
  const longest = max - start
  for (const level of candidates(window, longest)) {
    for (const cut of level.reverse()) {
      if (segments.containing(cut)?.index === cut && !emptiesFence(text, reading, start + cut)) return start + cut
    }
  }
  const grapheme = segments.containing(longest)?.index ?? longest
  if (grapheme > 0) return start + grapheme
  // One grapheme longer than a message: cut it between characters.
  const pair = /[\uD800-\uDBFF]/.test(window.charAt(longest - 1)) && /[\uDC00-\uDFFF]/.test(window.charAt(longest))
  return start + Math.max(pair ? longest - 1 : longest, 1)
}

/** Places behind white space, by what ends there: paragraphs, lines, sentences, words; each in order. */
function candidates(window: string, max: number): number[][] {
  const levels: [number[], number[], number[], number[]] = [[], [], [], []]
  const [paragraphs, lines, sentences, words] = levels
  for (const found of window.matchAll(/\s+|[。！？]+(?!\s|[。！？])/g)) {
    const space = found[0]
    const end = found.index + space.length
    if (found.index === 0 && /\s/.test(space)) continue
    const within = window.slice(found.index, Math.min(end, max))
    const newline = within.lastIndexOf('\n')
    // Behind the last newline, so that the indentation of the next line stays with it.
    if (newline !== -1) (within.indexOf('\n') === newline ? lines : paragraphs).push(found.index + newline + 1)
    else if (end > max) continue
    else if (/[.!?…。！？]["'”’»)\]]*$/.test(window.slice(Math.max(0, found.index - 4), found.index + 1).trimEnd()))
      sentences.push(end)
    else words.push(end)
  }
  return levels
}

/** A cut just behind a fence's first line or just before its last would leave a block with nothing in it. */
function emptiesFence(text: string, reading: Reading, cut: number): boolean {
  const { fence, line } = readOn(text, reading, cut)
  if (!fence || line !== cut) return false
  return fence.from === cut || closes(fence, /^.{0,80}/.exec(text.slice(cut, cut + 80))?.[0] ?? '')
}
