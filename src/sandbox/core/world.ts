/**
 * The world: all that the stand-in knows, and the one way to change it.
 *
 * For the gateway skin:   `authenticate(token)`, `readyPayload()`, `guildCreatePayload(guildId)`,
 *   `privilegedIntents` (bits the application may ask for), `subscribe(listener)` (see events.ts), `faults.gateway` (faults.ts).
 * For the page and doors: `channels`, `members`, `people` (name → user id), `commands`, `messagesOf(channelId, …)`, `subscribe`.
 * Changing functions live beside this file (messages.ts, threads.ts, …), take the world first, and run inside
 * `world.transaction(work)`: what they wrote is on disk before its dispatches are emitted and its answer is sent.
 * Everything held is in Discord's wire form (shapes.ts).
 */
import { type Dispatch, Emitter, type Listener } from './events.ts'
import { Faults } from './faults.ts'
import { LIMITS, type Limits } from './limits.ts'
import { guildCreatePayload, readyPayload } from './payloads.ts'
import { createRecorder, type Recorder } from './record.ts'
import { type Seeded, seed } from './seed.ts'
import type {
  Application,
  Channel,
  Command,
  Emoji,
  Guild,
  GuildChannel,
  Interaction,
  Member,
  Message,
  Role,
  Thread,
  ThreadMember,
  User,
  Webhook,
} from './shapes.ts'
import { isDirect, isThread } from './shapes.ts'
import { Shelf } from './shelf.ts'
import { continueAfter, snowflake } from './snowflake.ts'
import type { Storage, StoredMessage } from './storage.ts'
import { Violations } from './violations.ts'
import { WindowCounter } from './window-counter.ts'

export interface WorldOptions {
  storage: Storage
  /** ms since 1970; tests move it */
  clock?: () => number
  /** permissions of the bot's own role in a new world */
  permissions?: bigint
  /** laid over the table of limits.ts */
  limits?: Partial<Limits>
}

export class World {
  readonly storage: Storage
  readonly roles: Shelf<Role>
  /** server channels, threads and direct channels */
  readonly channels: Shelf<Channel>
  readonly members: Shelf<Member>
  readonly webhooks: Shelf<Webhook>
  readonly emojis: Shelf<Emoji>
  readonly commands: Shelf<Command>
  readonly interactions: Shelf<Interaction>
  /** by `thread:user` */
  readonly threadMembers: Shelf<ThreadMember>
  /** hash → address or data, of pictures given to webhooks and users */
  readonly avatars: Shelf<{ id: string; url: string }>
  /** nonces sent with `enforce_nonce`, by `author:nonce` */
  readonly nonces: Shelf<{ id: string; message_id: string; at: number }>
  readonly limits: Limits
  /** limits that headers do not announce: renames, edits of old messages */
  readonly slow = new WindowCounter()
  readonly faults = new Faults()
  readonly violations: Violations
  readonly record: Recorder
  /** where this sandbox is reached, `http://127.0.0.1:PORT`; set once it listens */
  base = 'http://127.0.0.1:8788'
  /** for GET /gateway/bot; the gateway sets it */
  sessionStartLimit = (): Record<string, number> => ({
    total: 1000,
    remaining: 1000,
    reset_after: 86_400_000,
    max_concurrency: 1,
  })
  /** ends every gateway session of a token that was revoked; the gateway sets it */
  endSessions = (): void => {}
  clock: () => number
  #seeded: Seeded
  #emitter = new Emitter()
  #depth = 0
  #owed: Dispatch[] = []
  #settled: (() => void)[] = []

  constructor(options: WorldOptions) {
    this.storage = options.storage
    this.clock = options.clock ?? Date.now
    const newest = this.storage.newestMessageId()
    if (newest) continueAfter(newest)
    this.roles = new Shelf(this.storage, 'role', (r: Role) => r.id)
    this.channels = new Shelf(this.storage, 'channel', (c: Channel) => c.id)
    this.members = new Shelf(this.storage, 'member', (m: Member) => m.user.id)
    this.webhooks = new Shelf(this.storage, 'webhook', (w: Webhook) => w.id)
    this.emojis = new Shelf(this.storage, 'emoji', (e: Emoji) => e.id)
    this.commands = new Shelf(this.storage, 'command', (c: Command) => c.id)
    this.interactions = new Shelf(this.storage, 'interaction', (i: Interaction) => i.id)
    this.threadMembers = new Shelf(this.storage, 'thread_member', (t: ThreadMember) => `${t.id}:${t.user_id}`)
    this.avatars = new Shelf(this.storage, 'avatar', (a: { id: string; url: string }) => a.id)
    this.nonces = new Shelf(this.storage, 'nonce', (n: { id: string; message_id: string; at: number }) => n.id)
    this.limits = { ...structuredClone(LIMITS), ...options.limits }
    this.violations = new Violations(this.clock)
    this.record = createRecorder(this.clock)
    const stored = this.storage.all<Seeded>('world')[0]
    this.#seeded = stored ?? this.transaction(() => seed(this, options.permissions))
  }

  get application(): Application {
    return this.#seeded.application
  }
  get bot(): User {
    return this.#seeded.bot
  }
  get guild(): Guild {
    return this.#seeded.guild
  }
  /** the people of the server, name → user id: ada (owner), ben, cleo */
  get people(): Record<string, string> {
    return this.#seeded.people
  }
  /** The id of who bears a name; what is nobody's name is taken for an id. */
  idOf(name: string): string {
    return (Object.hasOwn(this.people, name) ? this.people[name] : undefined) ?? name
  }
  /** Changes application, bot, guild or people, and writes them down. */
  amend(change: Partial<Seeded>): void {
    this.#seeded = { ...this.#seeded, ...change }
    this.storage.put('world', '0', this.#seeded)
  }

  /** Whether `Bot <token>` or a bare token is the application's. */
  authenticate(token: string): boolean {
    return token.replace(/^Bot /, '') === this.application.token
  }

  /** Bits of the privileged intents that the application has been granted: members, presences, message content. */
  get privilegedIntents(): number {
    const flags = this.application.flags
    // Flags come in pairs, verified and limited. https://docs.discord.com/developers/resources/application#application-object-application-flags
    const has = (...bits: number[]) => bits.some((bit) => flags & (1 << bit))
    return (has(12, 13) ? 1 << 8 : 0) | (has(14, 15) ? 1 << 1 : 0) | (has(18, 19) ? 1 << 15 : 0)
  }

  readyPayload(): Record<string, unknown> {
    return readyPayload(this)
  }

  /** @returns undefined when the bot is not in that guild */
  guildCreatePayload(guildId: string): Record<string, unknown> | undefined {
    return guildId === this.guild.id && this.members.get(this.bot.id) ? guildCreatePayload(this) : undefined
  }

  get gatewayUrl(): string {
    return `${this.base.replace(/^http/, 'ws')}/gateway`
  }

  subscribe(listener: Listener): () => void {
    return this.#emitter.subscribe(listener)
  }

  now(): number {
    return this.clock()
  }

  /** The time as Discord writes it: `…:27.299000+00:00`. https://docs.discord.com/developers/resources/message#message-object-example-message */
  iso(at = this.now()): string {
    return new Date(at).toISOString().replace('Z', '000+00:00')
  }

  newId(): string {
    return snowflake(this.now())
  }

  /** Runs synchronous work whose writes hold together; dispatches leave after the commit. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work()
    this.#depth = 1
    // What was put outside a transaction stays, whatever becomes of this one.
    this.#settleShelves(true)
    this.storage.begin()
    try {
      const result = work()
      this.storage.commit()
      this.#settleShelves(true)
      this.#depth = 0
      const owed = this.#owed.splice(0)
      const settled = this.#settled.splice(0)
      for (const dispatch of owed) this.#emitter.emit(dispatch)
      for (const call of settled) call()
      return result
    } catch (error) {
      this.storage.rollback()
      this.#settleShelves(false)
      this.#depth = 0
      this.#owed = []
      this.#settled = []
      throw error
    }
  }

  #settleShelves(kept: boolean): void {
    for (const shelf of [
      this.roles,
      this.channels,
      this.members,
      this.webhooks,
      this.emojis,
      this.commands,
      this.interactions,
      this.threadMembers,
      this.avatars,
      this.nonces,
    ]) {
      shelf.settle(kept)
    }
  }

  /** Owes a dispatch to all who listen; it leaves when the transaction has been committed. */
  dispatch(dispatch: Dispatch): void {
    if (this.#depth > 0) this.#owed.push(dispatch)
    else this.#emitter.emit(dispatch)
  }

  /** Calls `work` once the transaction under way has been committed. */
  afterwards(work: () => void): void {
    if (this.#depth > 0) this.#settled.push(work)
    else work()
  }

  /** Channels of the server without threads, by position. */
  guildChannels(): GuildChannel[] {
    return this.channels
      .values()
      .filter((c): c is GuildChannel => !isThread(c) && !isDirect(c))
      .sort((a, b) => a.position - b.position || (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  }

  threads(): Thread[] {
    return this.channels.values().filter(isThread)
  }

  message(id: string): StoredMessage | undefined {
    return this.storage.message(id)
  }

  /** A page of a channel's messages, newest first, ephemerals left out unless they are for `viewer`. */
  messagesOf(channelId: string, query: { before?: string; after?: string; limit: number }, viewer?: string): Message[] {
    return this.storage
      .messages({ channel_id: channelId, ...query })
      .filter((stored) => !stored.ephemeral_for || stored.ephemeral_for === viewer)
      .map((stored) => stored.message)
  }
}
