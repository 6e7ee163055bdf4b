import { expect, test } from 'vitest'
import { exportRun } from '../../../src/core/export/exports.ts'
import type { Run, Turn } from '../../../src/core/run.ts'
import { modelInfo, spec } from '../../engine/kit.ts'

const run = {
  id: 'abcdefgh',
  spec: {
    ...spec({ title: 'A <b>talk</b>', vars: { TOPIC: 'tides' }, max_turns: 2 }),
    lineage: { run_id: 'parent22', turn_index: 3 },
  },
  state: {
    usage: { input: 10, cached: 5, written: 0, output: 7, cost: 0.02 },
    unpriced: 0,
    side_cost: 0.01,
    spoken: [0, 1],
    swaps: { 1: modelInfo('haiku') },
    next_actor: 1,
  },
  status: 'ended',
  end_reason: 'max_turns',
  status_text: 'Reached maximum number of turns (2). Conversation ended.',
  log_file: 'roleplay/opus_sonnet_roleplay_20260101_000000.txt',
  starter_name: 'Ada',
  next_index: 3,
  created_at: Date.UTC(2026, 0, 1),
  ended_at: Date.UTC(2026, 0, 1, 1),
} as unknown as Run

const turn = (turn_index: number, text: string, more: Partial<Turn> = {}): Turn =>
  ({
    turn_index,
    round: Math.floor(turn_index / 2),
    name: `Claude ${turn_index % 2}`,
    text,
    reasoning: '',
    dropped_at: null,
    whisper_to: null,
    ...more,
  }) as Turn
const turns = [
  turn(0, 'One <script>alert(1)</script>'),
  turn(1, 'Two', { dropped_at: 5 }),
  turn(2, 'Three', { whisper_to: 1 }),
]
const media = [{ round: 0, preset: 'demo', mode: 't2i', prompt: 'a red house', result: '[image/png]' }]
const forks = [
  { run_id: 'child222', turn_index: 1, thread_id: '77' },
  { run_id: 'child333', turn_index: -1, thread_id: null },
]
const FORKED = 'after turn 2 into run child222; before its first turn into run child333'
const pictures = [{ round: 0, description: 'a "red" house', content_type: 'image/png', base64: 'QUJD' }]

test('text is the predecessor’s log format, pictures and rewinds named where they belong', () => {
  expect(exportRun('text', run, turns, { media, pictures, forks }).text).toBe(`### Backrooms Run ###
Template: roleplay
Models: opus, sonnet
Started: 2026-01-01T00:00:00.000Z
TOPIC: tides

### Round 1/2

### Claude 0 ###
One <script>alert(1)</script>

### Claude 1 ###
Two

### Rewound ###

### Media Agent ###
Preset: demo
Mode: t2i
Prompt: a red house
Result: [image/png]

### Round 2/2

### Claude 0 ###
Three

Reached maximum number of turns (2). Conversation ended.
`)
})

test('in the text a picture stands beside the round that counts, not beside those of its number that were dropped', () => {
  const again = [
    turn(0, 'One'),
    turn(1, 'Two', { dropped_at: 5 }),
    turn(2, 'Three', { dropped_at: 5 }),
    turn(3, 'Four', { dropped_at: 5 }),
    turn(4, 'Two again', { round: 0 }),
    turn(5, 'Three again', { round: 1 }),
  ]
  const both = [...media, { ...media[0], round: 1, prompt: 'a blue house' }] as typeof media
  const lines = exportRun('text', run, again, { media: both }).text.split('\n')
  expect(lines.filter((line) => /^(One|Two|Three|Four|Prompt)|Rewound/.test(line))).toEqual([
    ...['One', 'Two', 'Three', 'Four', '### Rewound ###', 'Two again'],
    ...['Prompt: a red house', 'Three again', 'Prompt: a blue house'],
  ])
})

test('html is one page in which nothing that was said can act', () => {
  const { name, text } = exportRun('html', run, turns, { media, pictures, forks })
  expect(name).toBe('opus_sonnet_roleplay_20260101_000000.html')
  expect(text).not.toContain('<script')
  expect(text).not.toContain('<b>talk')
  expect(text).toContain('One &lt;script&gt;')
  expect(text).toContain('alt="a &quot;red&quot; house" src="data:image/png;base64,QUJD"')
  expect(text.replaceAll('data:image', '')).not.toMatch(/(src|href)="(?!#)[^"]*:/)
  expect(text).toContain('class="rewound"')
  expect(text).toContain(`<dt>Forked</dt><dd>${FORKED}</dd>`)
})

test('json is complete', () => {
  const file = JSON.parse(exportRun('json', run, turns, { forks }).text)
  expect(file).toMatchObject({
    format: 'backrooms-run-1',
    spec: { template: 'roleplay' },
    lineage: { run_id: 'parent22', turn_index: 3 },
    forks,
    usage: { cost: 0.02, side_cost: 0.01 },
    swaps: { 1: { alias: 'haiku' } },
    next_actor: 1,
  })
  expect(file.turns.map((each: Turn) => [each.turn_index, each.text, each.dropped_at])).toEqual([
    [0, turns[0]?.text, null],
    [1, 'Two', 5],
    [2, 'Three', null],
  ])
})

test('markdown says who spoke, what was rewound, what was painted, and why it ended', () => {
  const { text } = exportRun('markdown', run, turns, { media, pictures, forks })
  for (const line of [
    '# A <b>talk</b>',
    '## 2 · Claude 1 (rewound)',
    '*Picture (demo): a red house*',
    '- **Forked from:** run parent22, after turn 4',
    `- **Forked:** ${FORKED}`,
    '- **Exchanged:** Claude Haiku 2 (haiku) in place of Claude Sonnet 2',
    '## 3 · Claude 0 (whispered to Claude Haiku 2)',
  ])
    expect(text).toContain(line)
  expect(exportRun('markdown', run, turns).text).not.toContain('**Forked:**')
})
