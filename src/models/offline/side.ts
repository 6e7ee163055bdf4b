import { thingsIn } from './listen.ts'
import type { Manner, Scene } from './scene.ts'
import { sideWords } from './side-words.ts'

/** What a system prompt asks for, by its own words; the first that fits. */
const KINDS: readonly (readonly [kind: string, wording: RegExp])[] = [
  ['running', /running (?:description|summary)/i],
  ['edit', /image editor|should change in it|edit(?:s|ing)? (?:of )?(?:the|an?|this) (?:image|picture)/i],
  [
    'picture',
    /image prompt|image model|text-to-image|painter|photograph|illustrat|director of photography|one picture in one|prompt for an? (?:image|picture)/i,
  ],
  ['ascii', /plain characters|ascii/i],
  ['camera', /surveillance|security camera/i],
  ['card', /title card/i],
  ['monitor', /`key {1,2}value`|state of the simulation/i],
  ['terminal', /program called|first line: `\$/i],
  ['notebook', /first person/i],
  ['critic', /whisper|critic/i],
  ['status', /status/i],
]

/** Calls that are no turn of a run: narrators, media agents and moderators ask, each for something short. */
export const side: Manner = {
  words: sideWords,
  speak(scene) {
    const { heard } = scene
    const choice = /Who may speak: (.+?)\.\n/.exec(heard.last)?.[1]
    if (choice !== undefined) return nextOf(choice.split(', '), heard.last, scene)
    const kind = /BASE_IMAGE/.test(heard.last)
      ? 'edit'
      : (KINDS.find(([, wording]) => wording.test(heard.system))?.[0] ?? 'summary')
    const values = valuesOf(scene)
    if (kind === 'running') return scene.several('running', 3, values).join(' ')
    if (kind === 'summary') return `${scene.say('summary', values)} ${scene.say('summary_more', values)}`
    if (kind === 'terminal')
      return `\`\`\`\n$ narrative --next\n${scene.say('summary', values)} ${scene.say('summary_more', values)}\n\`\`\``
    if (kind === 'monitor') return `\`\`\`\n${scene.say('monitor', values).replaceAll(' / ', '\n')}\n\`\`\``
    if (kind === 'ascii') return ascii(scene, values)
    return scene.say(kind, values).replaceAll(' / ', '\n')
  },
}

/** Speakers and things of what was said, headings and instructions of the prompt left out. */
function valuesOf(scene: Scene): Record<string, string> {
  const rows = scene.heard.last.split('\n')
  const talk = rows.filter((row) => !/^[A-Z][\w ,'’-]{0,70}[.:]$/.test(row.trim())).join('\n')
  const names = [...new Set([...talk.matchAll(/^- ([^:\n]{1,40}): /gm)].map(([, name]) => name as string))].slice(-2)
  const things = thingsIn(talk).reverse()
  const other = scene.once('thing', scene.turn)
  return {
    it: things[0] ?? other,
    other: things[1] ?? other,
    kept: things[2] ?? things[1] ?? other,
    IT: (things[0] ?? other).toUpperCase(),
    who: names.at(-1) ?? 'the last speaker',
    whom: names[0] ?? 'the other',
  }
}

function ascii(scene: Scene, values: Record<string, string>): string {
  const label = (values.it ?? '').slice(0, 16)
  const frame = [
    '.------------------------------.',
    '|        _______               |',
    '|       |       |         o    |',
    `|       |  ${'.:*'[scene.int(0, 2)]}    |        /|\\   |`,
    `|  _____|_______|____   ${scene.chance(0.5) ? ' / \\' : '_/ \\'}   |`,
    `|        ${label.padEnd(16)}      |`,
    "'------------------------------'",
  ]
  return `\`\`\`\n${frame.join('\n')}\n\`\`\`\n${scene.say('caption', values)}`
}

/** The one who has been silent longest. */
function nextOf(names: string[], talk: string, scene: Scene): string {
  const conversation = talk.slice(talk.indexOf('\n'))
  const silent = names.map((name) => ({ name, at: conversation.lastIndexOf(`${name}:`) })).sort((a, b) => a.at - b.at)
  return silent[0]?.name ?? names[scene.int(0, names.length - 1)] ?? ''
}
