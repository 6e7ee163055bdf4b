import type { ArchivedRun } from './archive.ts'

// A log holds more than what was said: its heading, the rounds, who speaks, what a tool answered, how it ended. Nobody looks for that by words.

const HEAD = '### Backrooms Run ###'
/** What the log says of the run itself; filters find it. */
const FACT = /^(?:Template|Models|Started): /
const VARIABLE = /^[A-Z][A-Z0-9_]*: /
const ROUND = /^### Round \d+\/(?:\d+|inf)(?: ###)?$/
const SPEAKER = /^### (?:.* \d+|Rewound) ###$/
const MEDIA = '### Media Agent ###'
const HEADING = /^### .+ ###$/
const END = /has ended the conversation with \^C\^C\.$|^Reached maximum number of turns|^Context budget limit reached/

/**
 * What was said in a run, as far as its log tells: the turns, the values of its variables, what its pictures were asked to show. People keep
 * their names.
 */
export function talkOf({ transcript, run_id }: Pick<ArchivedRun, 'transcript' | 'run_id'>): string {
  const lines = transcript.split('\n')
  const isOurs = lines[0]?.trimEnd() === HEAD
  const last = lines.findLastIndex((line) => line.trim() !== '')
  const end = lines[last]?.trimEnd() ?? ''
  // The log of a run of ours that is archived closes with its end, whatever that says.
  const to = (isOurs && run_id !== null && last > 0) || END.test(end) ? last : lines.length
  let part: 'head' | 'talk' | 'media' | 'picture' = isOurs ? 'head' : 'talk'
  const kept: string[] = []
  for (let at = isOurs ? 1 : 0; at < to; at++) {
    const text = lines[at] as string
    const line = text.trimEnd()
    if (ROUND.test(line)) part = 'talk'
    else if (part === 'head') {
      if (!FACT.test(line)) kept.push(text.replace(VARIABLE, ''))
    } else if (line === MEDIA) part = 'media'
    else if (SPEAKER.test(line)) part = 'talk'
    else if (part === 'talk' || HEADING.test(line)) {
      part = 'talk'
      kept.push(text)
    } else if (line.startsWith('Prompt: ')) {
      part = 'picture'
      kept.push(text.slice('Prompt: '.length))
    } else if (line.startsWith('Result:')) part = 'media'
    else if (part === 'picture') kept.push(text)
  }
  return kept.join('\n').trim()
}
