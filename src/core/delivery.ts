import type { EndReason } from './run.ts'

/** Who is seen to speak. */
export interface Persona {
  name: string
  /** A generated picture, by name; null: `avatar_url` or the bot's own. */
  face: string | null
  avatar_url: string | null
}

export interface Button {
  /** `verb:run_id[:more]`, at most 100 characters; its handler is found by the verb. */
  custom_id: string
  label: string
  style: 'primary' | 'secondary' | 'success' | 'danger'
}

/** A file that the bot keeps under DATA_DIR until it was uploaded, and after. */
export interface KeptFile {
  /** Relative to DATA_DIR. */
  path: string
  name: string
  content_type: string
  /** Alt text. */
  description: string
}

/** What a delivery puts into Discord. Each kind can be done again without doubling anything. */
export type DeliveryBody =
  /** The message in the channel from which the thread hangs (not for forums). */
  | { kind: 'announce'; text: string }
  /** Opens the thread (or forum post, with the panel as its first message). */
  | { kind: 'thread'; title: string }
  /** The control panel, the thread's first message. */
  | { kind: 'panel' }
  /** One piece of a turn; joining the pieces' `text` gives back the turn, `content` is what is posted for it. */
  | { kind: 'turn'; turn_index: number; part: number; persona: Persona; text: string; content: string }
  /** A person's own message in the thread, which became this turn: it was there before it was owed, and is kept to be found by. */
  | { kind: 'heard'; turn_index: number }
  /** The bot's own words in the run's thread. */
  | { kind: 'notice'; text: string; buttons?: Button[] }
  /** The run's last message. */
  | { kind: 'end'; reason: EndReason; text: string; buttons?: Button[] }
  /** Archives the thread, unlocked. */
  | { kind: 'archive' }
  /** A narrator's or media agent's post: to the named channel, else to the run's thread. */
  | { kind: 'post'; persona: Persona; text: string; files: KeptFile[]; folded?: boolean }
  /** A batch's dashboard, in the channel in which the batch was started. */
  | { kind: 'dashboard'; batch_id: string }

/**
 * One message owed to Discord (rule 2). Lanes keep order: `run:<run id>` is the run's thread with what opens and closes it,
 * `channel:<channel id>` any other channel.
 */
export interface Delivery {
  /** At most 25 characters: it is the message's nonce. */
  id: string
  /** Order within and across lanes. */
  seq: number
  lane: string
  run_id: string | null
  guild_id: string | null
  body: DeliveryBody
  /** Nobody waits for it: what is said in the conversation goes before it. */
  aside: boolean
  /** When a send was first tried: from then on the message may be there already. */
  attempted_at: number | null
  message_id: string | null
  /** Acknowledged, or given up (`lost` says why). */
  done_at: number | null
  lost: string | null
  created_at: number
}

export interface NewDelivery {
  lane: string
  run_id: string | null
  guild_id: string | null
  body: DeliveryBody
  /** For what is in Discord already. */
  message_id?: string
  /** Nobody waits for it: what is said in the conversation goes before it, even what is said later. */
  aside?: boolean
}

/** The least goes first where a lane owes several, and within one rank what was owed first. What closes a thread is its last. */
export const rankOf = ({ body, aside }: Pick<NewDelivery, 'body' | 'aside'>): number =>
  body.kind === 'end' || body.kind === 'archive' ? LAST : aside ? ASIDE : 0

export const ASIDE = 1
const LAST = 2

export const runLane = (runId: string): string => `run:${runId}`
export const channelLane = (channelId: string): string => `channel:${channelId}`
