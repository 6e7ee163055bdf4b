import { expect, test } from 'vitest'
import { parseDreams } from '../../src/dreams/file.ts'

const read = (name: string, text: string | Buffer) => parseDreams(name, Buffer.from(text))
const why = (name: string, text: string | Buffer) => {
  try {
    read(name, text)
    return 'nothing'
  } catch (error) {
    return (error as Error).message
  }
}

test('reads CSV: quotes, line breaks in cells, any line ending, a byte order mark, empty lines', () => {
  const { dreams, empty } = read(
    'a.csv',
    '\uFEFFid,content,date,mood\r\n1,"He said ""no"",\r\nand left",2024-01-01,odd\r\n\r\n2,plain,,\n3,,,\n4,last,2024-02-02,x',
  )
  expect(empty).toBe(1)
  expect(dreams).toEqual([
    { id: '1', content: 'He said "no",\nand left', date: '2024-01-01', source: 'mine', more: { mood: 'odd' } },
    { id: '2', content: 'plain', date: null, source: 'mine', more: { mood: '' } },
    { id: '4', content: 'last', date: '2024-02-02', source: 'mine', more: { mood: 'x' } },
  ])
})

test('reads semicolons where the heading has them, TSV, and JSONL', () => {
  expect(read('a.csv', 'Text;source\none, two;rsos\n').dreams).toMatchObject([{ content: 'one, two', source: 'rsos' }])
  expect(read('a.tsv', 'content\tid\na, b\t7\n').dreams).toMatchObject([{ content: 'a, b', id: '7' }])
  expect(read('a.jsonl', '{"content":"x","id":7,"n":1}\n\n{"content":"y"}\n').dreams).toMatchObject([
    { id: '7', more: { n: 1 } },
    { content: 'y' },
  ])
})

test('a date must be a day that there is, as one that is typed', () => {
  for (const date of ['yesterday', '9 March 2026', '2026', '2026-02-30', '2026-03-09 banana', '20260309'])
    expect(why('a.csv', `content,date\nfine,2026-03-09\nx,${date}\n`)).toBe(
      `a.csv: line 3: the date must begin with a day like 2026-03-09, not "${date}": write it so, or leave it out.`,
    )
  expect(why('a.jsonl', '{"content":"x","created_at":"last week"}')).toMatch(/^a\.jsonl: line 1: the date must begin/)
  const { dreams } = read(
    'a.csv',
    'content,date\na,2026-03-09\nb,2026-03-09T10:00:00Z\nc,2026-03-09 10:00:00.5+00\nd,\n',
  )
  expect(dreams.map(({ date }) => date)).toEqual([
    '2026-03-09',
    '2026-03-09T10:00:00Z',
    '2026-03-09 10:00:00.5+00',
    null,
  ])
})

test('without ids the same text has the same one', () => {
  const [one] = read('a.jsonl', '{"content":"x"}').dreams
  const [two] = read('b.csv', 'content\nx\n').dreams
  expect(one?.id).toBe(two?.id)
})

test('says file, line and remedy of what is wrong', () => {
  expect(why('a.csv', 'id,content\n1,fine\n2,"never closed\n3,x\n')).toMatch(
    /^a\.csv: line 3: a quote is opened here and never closed/,
  )
  expect(why('a.csv', 'id,content\n1,"closed" not\n')).toMatch(
    /^a\.csv: line 2: after the closing quote .* written twice/,
  )
  expect(why('a.csv', 'id,words\n1,x\n')).toMatch(/^a\.csv: line 1 .*no column `content`.*`id`, `words`/)
  expect(why('a.csv', 'id,content\n1,x,y\n')).toMatch(/^a\.csv: line 2 has 3 cells, and line 1 names 2 columns/)
  expect(why('a.csv', Buffer.from('content\nfine\nCafé\n', 'latin1'))).toMatch(
    /^a\.csv: line 3 is not UTF-8 but probably Latin-1 .*save the file as UTF-8/,
  )
  expect(why('a.csv', Buffer.from('\uFEFFcontent', 'utf16le'))).toMatch(/UTF-16/)
  expect(why('a.jsonl', '{"content":"x"}\n[1]\n')).toMatch(/^a\.jsonl: line 2 is no JSON object/)
  expect(why('a.jsonl', '{"text":"fine"}\n{"body2":"x"}\n')).toMatch(/^a\.jsonl: line 2 has no column `content`/)
  expect(why('a.csv', 'content,id\nx,1\ny,1\n')).toMatch(/^a\.csv: line 3: the id "1" stands in line 2 already/)
  expect(why('a.csv', 'content\n')).toMatch(/holds no dreams/)
  expect(why('a.csv', 'content,id\n  ,1\n')).toMatch(/every dream in it is empty/)
  expect(why('a.jsonl', JSON.stringify({ content: 'x'.repeat(1_000_001) }))).toMatch(
    /line 1: this dream has 1,000,001 characters/,
  )
  expect(why('a.jsonl', JSON.stringify({ content: 'x'.repeat(200_000) }))).toBe('nothing')
  expect(why('a.jsonl', '{"content":"x"}\n{"content":{"a":1}}\n')).toMatch(
    /^a\.jsonl: line 2: `content` must be a text, not \{"a":1\}/,
  )
  expect(why('a.jsonl', '{"content":42}')).toMatch(/line 1: `content` must be a text, not 42/)
  expect(why('a.jsonl', '{"content":"x","date":true}')).toMatch(/line 1: `date` must be a text or a number, not true/)
  expect(why('a.jsonl', '{"content":"x","id":20240301,"source":null}')).toBe('nothing')
  expect(why('a.txt', 'id,content\n1,x\n')).toMatch(/^a\.txt reads like a table.*call it a\.csv/)
  expect(why('a.txt', 'id\ttext\n1\tx\n')).toMatch(/call it a\.tsv/)
})
