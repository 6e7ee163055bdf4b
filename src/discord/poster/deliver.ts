import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type APIMessage, Routes } from 'discord-api-types/v10'
import type { Delivery } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import { shorten } from '../../core/shorten.ts'
import { LONGEST_CONTENT } from '../../core/split.ts'
import { HARMLESS, rowsOf } from './messages.ts'
import { makeOnce, sameWords } from './once.ts'
import { makeOpening } from './opening.ts'
import type { Deliver, DeliverParts, Of } from './parts.ts'
import { type Place, placeOf, threadOf } from './places.ts'
import { troubleOf } from './trouble.ts'
import type { Upload } from './voice.ts'

export function makeDeliver(parts: DeliverParts): Deliver {
  const { api, log, places, panels, previews, settled } = parts
  const once = makeOnce(parts)
  const { since, own, speak } = once
  const { announce, thread, panel, dashboard } = makeOpening(parts, once)

  async function turn(delivery: Of<'turn'>, run: Run): Promise<string> {
    const place = placeOf(run)
    const voice = await parts.voice(place, delivery.lane)
    const { persona, content, part } = delivery.body
    const taken = await previews.takeOver(run, delivery.body, voice)
    return taken ?? speak(delivery, run, voice, place, { persona, content, first: part === 0 })
  }

  async function notice(delivery: Of<'notice'> | Of<'end'>, run: Run): Promise<string> {
    const { text } = delivery.body
    // The pause may be over by the time that its notice comes.
    const buttons = settled.isOpen(delivery.body, run) ? (delivery.body.buttons ?? []) : []
    const body = { content: text, ...HARMLESS, ...(buttons.length > 0 ? { components: rowsOf(buttons) } : {}) }
    const isIt = (message: APIMessage) => sameWords(message.content, text.trim())
    const id = await own(delivery, threadOf(run), () => since(delivery, run, true), body, isIt)
    if (buttons.length > 0) await settled.posted(delivery.body, run.id, id)
    return id
  }

  async function post(delivery: Of<'post'>, run: Run | null): Promise<string | null> {
    const { persona, text, files, folded } = delivery.body
    const uploads = await readAll(files)
    if (text.trim() === '' && uploads.length === 0) return null
    const place = await placeOfLane(delivery.lane, run)
    const voice = await parts.voice(place, delivery.lane)
    const content = folded
      ? `||${shorten(text.replaceAll('||', '|\u200b|'), LONGEST_CONTENT - 4)}||`
      : shorten(text, LONGEST_CONTENT)
    const words = { persona, content, first: true }
    const bare = uploads.length === 0 ? null : { ...words, content: withNote(content, keptNote(files)) }
    return speak(delivery, run, voice, place, { ...words, files: uploads }, bare)
  }

  async function archive(delivery: Of<'archive'>, run: Run): Promise<null> {
    await panels.last(run.id)
    await settled.look(run)
    try {
      await api.request('patch', Routes.channel(threadOf(run)), { body: { archived: true } })
    } catch (error) {
      if (troubleOf(error).kind === 'later') throw error
      log.debug({ run: run.id, reason: troubleOf(error).text }, 'a thread could not be archived')
    }
    await parts.release(delivery.lane)
    return null
  }

  async function readAll(files: Of<'post'>['body']['files']): Promise<Upload[]> {
    const uploads: Upload[] = []
    for (const { path, name, content_type, description } of files) {
      try {
        const data = await readFile(join(parts.dataDir, path))
        uploads.push({ name, data, contentType: content_type, description: shorten(description, 1024) })
      } catch (err) {
        log.warn({ err, path }, 'a file that was to be posted is not there any more')
      }
    }
    return uploads
  }

  async function placeOfLane(lane: string, run: Run | null): Promise<Place> {
    if (lane.startsWith('channel:')) return places.of(lane.slice('channel:'.length))
    if (!run) throw new Error(`The lane ${lane} has no run.`)
    return placeOf(run)
  }

  return async (delivery, run) => {
    const { body } = delivery
    if (body.kind === 'post') {
      if (run) await giveWay(delivery, run)
      return post(delivery as Of<'post'>, run)
    }
    if (body.kind === 'dashboard') return dashboard(delivery as Of<'dashboard'>)
    if (!run) throw new Error(`The run of delivery ${delivery.id} is gone.`)
    if (body.kind !== 'turn') await giveWay(delivery, run)
    switch (body.kind) {
      case 'announce':
        return announce(delivery as Of<'announce'>, run)
      case 'thread':
        return thread(delivery as Of<'thread'>, run)
      case 'panel':
        return panel(delivery as Of<'panel'>, run)
      case 'turn':
        return turn(delivery as Of<'turn'>, run)
      case 'notice':
      case 'end':
        return notice(delivery as Of<'notice'> | Of<'end'>, run)
      case 'heard':
        return null
      case 'archive':
        return archive(delivery as Of<'archive'>, run)
    }
  }

  /** What is shown of a turn that is not finished must not stand before this. */
  async function giveWay(delivery: Delivery, run: Run): Promise<void> {
    if (!delivery.lane.startsWith('run:') || !previews.has(run.id) || run.thread_id === null) return
    await previews.clear(run, await parts.voice(placeOf(run), delivery.lane))
  }
}

/** A limit may be lower than it was when a file was kept (boosts run out), or hold for several files together. */
const keptNote = (files: Of<'post'>['body']['files']): string => {
  const [what, are] = files.length === 1 ? ['This file is', 'It is'] : ['These files are', 'They are']
  const paths = files.map(({ path }) => `\`${path}\``).join(', ')
  return `-# ${what} larger than Discord takes here. ${are} kept with the bot: ${paths} in its DATA_DIR.`
}

const withNote = (content: string, note: string): string =>
  content === '' ? note : `${shorten(content, LONGEST_CONTENT - note.length - 1)}\n${note}`
