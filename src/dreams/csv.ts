import { UserError } from '../core/errors.ts'

export interface CsvRow {
  /** 1-based line of the file on which it begins. */
  line: number
  cells: string[]
}

/**
 * Reads CSV or TSV (RFC 4180): cells in quotes may hold the separator, line breaks and doubled quotes. Empty lines are passed over.
 * @throws UserError naming the line of a quote that is never closed, or that something follows.
 */
export function readCsv(text: string, separator: string, file: string): CsvRow[] {
  const rows: CsvRow[] = []
  let cells: string[] = []
  let line = 1
  let rowLine = 1
  let at = 0

  const endRow = () => {
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: rowLine, cells })
    cells = []
  }
  while (at < text.length) {
    if (cells.length === 0) rowLine = line
    if (text[at] === '"') {
      const opened = line
      const { value, end, lines } = quoted(text, at, file, line)
      line += lines
      at = end
      cells.push(value)
      const next = text[at]
      if (next !== undefined && next !== separator && next !== '\n' && next !== '\r')
        throw new UserError(
          `${file}: line ${line}: after the closing quote of the cell that begins in line ${opened} stands ${JSON.stringify(text.slice(at, at + 12))}. A quote inside a quoted cell is written twice: "".`,
        )
    } else {
      const start = at
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
      cells.push(text.slice(start, at))
    }
    if (text[at] === separator) {
      at++
      // A separator at the very end opens one more, empty cell.
      if (at === text.length || text[at] === '\n' || text[at] === '\r') cells.push('')
      else continue
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    at++
    line++
    endRow()
  }
  if (cells.length > 0) endRow()
  return rows
}

function quoted(text: string, start: number, file: string, line: number) {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote === -1)
      throw new UserError(
        `${file}: line ${line}: a quote is opened here and never closed: ${JSON.stringify(text.slice(start, start + 40))}. Close it, or write a quote that belongs to the text as "" inside a quoted cell.`,
      )
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"')
      return { value, end: quote + 1, lines: text.slice(start, quote).split(/\r\n|\r|\n/).length - 1 }
    value += '"'
    at = quote + 2
  }
}
