import { createHash } from 'node:crypto'
import { type APIEmoji, type RESTGetAPIApplicationEmojisResult, Routes } from 'discord-api-types/v10'
import type { SettingsStore } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import { facePng } from './face-picture.ts'
import type { Api } from './poster/api.ts'
import { troubleOf } from './poster/trouble.ts'

export interface Faces {
  /** The lasting address of a face's picture; null while it cannot be had. */
  address(face: string): Promise<string | null>
  /** One of Discord's own plain pictures, the same for the same name. */
  plain(name: string): string
}

export interface FacesOptions {
  api: Api
  store: SettingsStore
  log: Log
  applicationId: string
  /** `https://cdn.discordapp.com`, or where the emojis of another Discord-compatible API are. */
  cdnUrl: string
}

/** After Discord refused a picture, so long (ms) until it is tried again. */
const TRY_AGAIN_AFTER = 10 * 60_000

/**
 * Pictures of actors, generated and uploaded once as emojis of the application: an avatar has to be an address, and theirs is permanent.
 * https://docs.discord.com/developers/resources/emoji#create-application-emoji
 */
export function makeFaces({ api, store, log, applicationId, cdnUrl }: FacesOptions): Faces {
  const known = new Map<string, Promise<string | null>>()
  let uploaded: Promise<Map<string, string>> | undefined

  async function listed(): Promise<Map<string, string>> {
    const route = Routes.applicationEmojis(applicationId)
    const { items } = await api.request<RESTGetAPIApplicationEmojisResult>('get', route)
    return new Map(items.flatMap(({ id, name }) => (id && name ? [[name, id]] : [])))
  }

  async function emojiOf(face: string): Promise<string> {
    const fact = `face:${applicationId}:${face}`
    const remembered = await store.fact(fact)
    if (remembered !== null) return remembered
    const name = emojiName(face)
    uploaded ??= listed()
    const there = await uploaded
    const id = there.get(name) ?? (await upload(face, name))
    there.set(name, id)
    await store.setFact(fact, id)
    return id
  }

  async function upload(face: string, name: string): Promise<string> {
    const image = `data:image/png;base64,${(await facePng(face)).toString('base64')}`
    const emoji = await api.request<APIEmoji>('post', Routes.applicationEmojis(applicationId), {
      body: { name, image },
    })
    if (!emoji.id) throw new Error('Discord gave the emoji no id.')
    return emoji.id
  }

  return {
    address(face) {
      const found = known.get(face) ?? emojiOf(face).then((id) => `${cdnUrl}/emojis/${id}.png`, failed)
      known.set(face, found)
      return found

      function failed(error: unknown): null {
        log.warn({ face, reason: troubleOf(error).text }, 'no picture for an actor yet')
        uploaded = undefined
        setTimeout(() => known.delete(face), TRY_AGAIN_AFTER).unref()
        return null
      }
    },
    plain: (name) => `${cdnUrl}/embed/avatars/${createHash('sha1').update(name).digest().readUInt8(0) % 6}.png`,
  }
}

/** 2 to 32 letters, digits and underscores; a long face keeps apart from its like by a hash. */
function emojiName(face: string): string {
  const name = `br_${face.replaceAll(/[^A-Za-z0-9_]/g, '_')}`
  if (name.length <= 32) return name
  return `${name.slice(0, 24)}_${createHash('sha1').update(face).digest('hex').slice(0, 7)}`
}
