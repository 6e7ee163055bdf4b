import type { ModelCall } from '../../core/model.ts'
import { listen } from './listen.ts'
import { mannerOf } from './manners.ts'
import { type Manner, Scene } from './scene.ts'

/** Tries before a whole turn that was said already is let through. */
const TRIES = 5

/** The offline voice's answer to a call: the same for the same seed, turn and context. */
export function compose(call: Pick<ModelCall, 'system' | 'messages' | 'seed' | 'turn' | 'template'>): string {
  const heard = listen(call)
  const manner = mannerOf(call.template)
  const turn = call.turn ?? heard.said.length
  let text = ''
  for (let attempt = 0; attempt < TRIES; attempt++) {
    // Another try is dealt as a much later turn would be.
    const scene = new Scene(heard, { seed: call.seed, turn: turn + attempt * 1009, words: manner.words })
    text = withGuest(manner.speak(scene).trim(), manner, scene)
    if (!heard.said.some((saying) => saying.text === text || saying.text.endsWith(`: ${text}`))) break
  }
  return text
}

/** A person who has spoken is answered in a paragraph of their own, before the last, where most manners have a fixed line. */
function withGuest(text: string, manner: Manner, scene: Scene): string {
  if (scene.heard.speaker === null || manner.words.guest === undefined) return text
  const paragraphs = text.split('\n\n')
  const at = paragraphs.length === 1 ? 1 : paragraphs.length - 1
  return [...paragraphs.slice(0, at), scene.say('guest'), ...paragraphs.slice(at)].join('\n\n')
}
