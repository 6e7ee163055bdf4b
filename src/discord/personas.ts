import type { Persona } from '../core/delivery.ts'
import { shorten } from '../core/shorten.ts'
import type { Faces } from './faces.ts'

/** As a webhook's message takes it. */
export interface Shown {
  username: string
  avatar_url: string
}

/** Name and picture under which a webhook speaks. Without a picture of its own a persona gets one of Discord's plain ones. */
export async function shownAs(persona: Persona, faces: Faces): Promise<Shown> {
  const face = persona.face === null ? null : await faces.address(persona.face)
  return { username: usernameOf(persona.name), avatar_url: face ?? persona.avatar_url ?? faces.plain(persona.name) }
}

/**
 * A name that Discord takes for a webhook: 1 to 80 characters, without `clyde` and `discord`, not `everyone` or `here`.
 * A dot breaks the forbidden word, for a mark that cannot be seen may be taken out again.
 * https://docs.discord.com/developers/resources/webhook#create-webhook
 */
export function usernameOf(name: string): string {
  const clean = name.toWellFormed().replaceAll(/\s+/g, ' ').trim()
  const allowed = clean
    .replaceAll(/(c)(lyde)/gi, '$1·$2')
    .replaceAll(/(dis)(cord)/gi, '$1·$2')
    .replace(/^(every)(one)$|^(he)(re)$/i, '$1$3·$2$4')
  const short = shorten(allowed, 80, '').trim()
  return short === '' ? 'someone' : short
}
