/**
 * What each person has read, kept in this browser: channel id → id of the newest message seen. A channel without an entry counts
 * as read up to the person's first visit.
 */
import { ofBrowser } from './kept.js'

const EPOCH = 1_420_070_400_000n

export class Unread {
  #key
  #read
  #mentions = new Map()

  constructor(userId) {
    this.#key = `read:${userId}`
    this.#read = ofBrowser.get(this.#key) ?? { since: String((BigInt(Date.now()) - EPOCH) << 22n) }
    ofBrowser.set(this.#key, this.#read)
  }

  lastRead(channelId) {
    return this.#read[channelId] ?? this.#read.since
  }

  /** Whether the person has ever had it open. */
  knows(channelId) {
    return this.#read[channelId] !== undefined
  }

  isUnread(channel) {
    return !!channel.last_message_id && BigInt(channel.last_message_id) > BigInt(this.lastRead(channel.id))
  }

  mentions(channelId) {
    return this.#mentions.get(channelId) ?? 0
  }

  mentioned(channelId) {
    this.#mentions.set(channelId, this.mentions(channelId) + 1)
  }

  /** @returns whether that was news */
  read(channelId, messageId) {
    if (!messageId || BigInt(messageId) <= BigInt(this.lastRead(channelId))) return this.#mentions.delete(channelId)
    this.#mentions.delete(channelId)
    this.#read[channelId] = messageId
    ofBrowser.set(this.#key, this.#read)
    return true
  }
}
