import type { ModelCall } from '../../core/model.ts'
import { listen } from './listen.ts'
import { mannerOf } from './manners.ts'
import { Scene } from './scene.ts'

/** The offline voice's answer to a call: the same for the same seed, turn and context. */
export function compose(call: Pick<ModelCall, 'system' | 'messages' | 'seed' | 'turn' | 'template'>): string {
  const heard = listen(call)
  const manner = mannerOf(call.template)
  const turn = call.turn ?? heard.said.length
  return manner.speak(new Scene(heard, { seed: call.seed, turn, words: manner.words })).trim()
}
