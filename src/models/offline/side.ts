import type { Manner, Scene } from './scene.ts'
import { lines } from './words.ts'

/** Calls that are no turn of a run: narrators ask for a summary, media agents for a picture, moderators for a name. */
export const side: Manner = {
  words: {
    summary: lines(`
      The talk has come to the {it}; nobody has let go of it yet.
      It is about the {it} now, and about who was there first.
      Between the two of them lies the {it}, and each is waiting for the other to pick it up.
      Slowly the {it} has become the whole room.`),
    with_other: lines(`
      The {other} was put beside it, and has not been explained.
      Earlier it was the {kept}; that has not been forgotten, only moved.
      Behind it one still hears the {kept}.
      Nothing has been settled about the {other}.`),
    picture: lines(`
      A {it}, close, on bare wood, lit from one side by a low window; [colour] shadows, dust in the air, muted film grain, shallow focus.
      Wide view of a room with a {it} in the middle of the floor and nobody in it, [weather] behind the glass, [colour] and [colour2] palette, painted in thick gouache.
      A {it} seen from above on a table of [material], beside a [small], soft grey daylight, the look of an old colour photograph.
      Night, one lamp, a {it} on a chair; long exposure, [colour] light, quiet composition, a great deal of dark.`),
    picture_edit: lines(`
      Keep the composition; add a {it} at the left edge, half out of the picture, and turn the light [colour].
      The same scene an hour later: the {it} has been moved, the window is open, everything a little more [colour].`),
  },
  speak(scene) {
    const { heard } = scene
    const choice = /Who may speak: (.+?)\.\n/.exec(heard.last)?.[1]
    if (choice !== undefined) return nextOf(choice.split(', '), heard.last, scene)
    const order = `${heard.system} ${heard.last}`
    const kept = {
      kept: scene.values.kept ?? scene.values.other ?? scene.once('thing'),
      it: scene.values.it ?? scene.once('thing'),
    }
    if (/BASE_IMAGE|edit (?:the|this) (?:image|picture)/i.test(order)) return scene.say('picture_edit', kept)
    if (/\b(?:image|picture|visual|paint|photo|t2i|prompt for)\b/i.test(order)) return scene.say('picture', kept)
    return `${scene.say('summary', kept)} ${scene.say('with_other', { ...kept, other: scene.values.other ?? kept.kept })}`
  },
}

/** The one who has been silent longest. */
function nextOf(names: string[], talk: string, scene: Scene): string {
  const conversation = talk.slice(talk.indexOf('\n'))
  const silent = names.map((name) => ({ name, at: conversation.lastIndexOf(`${name}:`) })).sort((a, b) => a.at - b.at)
  return silent[0]?.name ?? names[scene.int(0, names.length - 1)] ?? ''
}
