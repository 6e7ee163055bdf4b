/** Where the world keeps itself; the core knows this interface alone. */
import type { Message } from './shapes.ts'

/** A message with what no reader ever sees. */
export interface StoredMessage {
  message: Message
  /** the one person an ephemeral message is for */
  ephemeral_for?: string
  /** the interaction whose answer or follow-up it is */
  interaction_id?: string
}

export interface MessageQuery {
  channel_id: string
  /** newest first unless `after` is given alone, as Discord pages; always returned newest first */
  before?: string
  after?: string
  limit: number
}

export interface Blob {
  name: string
  content_type: string
  bytes: Uint8Array
}

export interface Storage {
  /** every stored thing of a kind, in the order of their ids */
  all<T>(kind: string): T[]
  put(kind: string, id: string, value: unknown): void
  remove(kind: string, id: string): void
  message(id: string): StoredMessage | undefined
  putMessage(stored: StoredMessage): void
  removeMessage(id: string): void
  removeMessagesOf(channelId: string): void
  /** messages of a channel, newest first */
  messages(query: MessageQuery): StoredMessage[]
  newestMessageId(): string | undefined
  putBlob(id: string, blob: Blob): void
  blob(id: string): Blob | undefined
  removeBlob(id: string): void
  begin(): void
  commit(): void
  rollback(): void
  close(): void
}
