import type { ModelCall } from '../../core/model.ts'
import { listen } from './listen.ts'
import { mannerOf } from './manners.ts'
import { hash } from './random.ts'
import { alreadySaid } from './repetition.ts'
import { Scene } from './scene.ts'

/** Tries before a turn that resembles an earlier one is let through. */
const TRIES = 12

/** The offline voice's answer to a call: the same for the same seed and context, and not what was said before. */
export function compose(call: Pick<ModelCall, 'system' | 'messages' | 'seed' | 'template'>): string {
  const heard = listen(call)
  const manner = mannerOf(call.template)
  let text = ''
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const seed = attempt === 0 ? call.seed : hash(`${call.seed}/${attempt}`)
    text = manner.speak(new Scene(heard, seed, manner.words)).trim()
    if (!alreadySaid(text, heard.said)) break
  }
  return text
}
