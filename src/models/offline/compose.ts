import type { ModelCall } from '../../core/model.ts'
import { listen } from './listen.ts'
import { mannerOf } from './manners.ts'
import { Scene } from './scene.ts'

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
    text = manner.speak(scene).trim()
    if (!heard.said.some((saying) => saying.text === text || saying.text.endsWith(`: ${text}`))) break
  }
  return text
}
