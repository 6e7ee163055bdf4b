/** Refusals, as Discord words them. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */

export interface ErrorDetails {
  [field: string]: ErrorDetails | { code: string; message: string }[]
}

/** A refusal: `code` is Discord's JSON error code, `errors` its per-field part. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly errors: ErrorDetails | undefined

  constructor(status: number, code: number, message: string, errors?: ErrorDetails) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }

  body(): Record<string, unknown> {
    return { message: this.message, ...(this.errors ? { errors: this.errors } : {}), code: this.code }
  }
}

/** Status and text of every JSON error code that the sandbox uses. */
const TABLE: Record<number, [status: number, message: string]> = {
  10002: [404, 'Unknown application'],
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10009: [404, 'Unknown permission overwrite'],
  10011: [404, 'Unknown Role'],
  10013: [404, 'Unknown User'],
  10014: [404, 'Unknown Emoji'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  10063: [404, 'Unknown application command'],
  10066: [404, 'Unknown application command permissions'],
  20016: [403, 'This action cannot be performed due to slowmode rate limit'],
  30003: [400, 'Maximum number of pins reached for the channel (250)'],
  30005: [400, 'Maximum number of guild roles reached (250)'],
  30007: [400, 'Maximum number of webhooks reached (15)'],
  30008: [400, 'Maximum number of emojis reached'],
  30010: [400, 'Maximum number of reactions reached (20)'],
  30015: [400, 'Maximum number of attachments in a message reached (10)'],
  30013: [400, 'Maximum number of guild channels reached (500)'],
  30032: [400, 'Maximum number of application commands reached'],
  30034: [400, 'Maximum number of daily application command creates has been reached (200)'],
  30048: [400, 'Maximum number of tags in a forum channel has been reached'],
  40001: [401, 'Unauthorized. Provide a valid token and try again'],
  40005: [413, 'Request entity too large'],
  40033: [400, 'This message has already been crossposted'],
  40041: [400, 'An application command with that name already exists'],
  40058: [400, 'Cannot send a message in a forum channel'],
  40060: [400, 'Interaction has already been acknowledged'],
  40066: [400, 'There are no tags available that can be set by non-moderators'],
  40067: [400, 'A tag is required to create a forum post in this channel'],
  40333: [403, 'Cloudflare is blocking your request. This can often be resolved by setting a proper User Agent'],
  50001: [403, 'Missing Access'],
  50003: [403, 'Cannot execute action on a DM channel'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50008: [400, 'Cannot send messages in a non-text channel'],
  50013: [403, 'Missing Permissions'],
  50016: [
    400,
    'Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete',
  ],
  50019: [403, 'A message can only be pinned to the channel it was sent in'],
  50021: [403, 'Cannot execute action on a system message'],
  50024: [400, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50028: [400, 'Invalid role'],
  50033: [400, 'Invalid Recipient(s)'],
  50034: [400, 'A message provided was too old to bulk delete'],
  50035: [400, 'Invalid Form Body'],
  50041: [400, 'Invalid API version provided'],
  50045: [400, 'File uploaded exceeds the maximum size'],
  50068: [400, 'Invalid message type'],
  50083: [400, 'Thread is archived'],
  50101: [403, 'This server needs more boosts to perform this action'],
  50109: [400, 'The request body contains invalid JSON.'],
  160002: [400, 'You cannot reply without permission to read message history'],
  160004: [400, 'A thread has already been created for this message'],
  160005: [403, 'Thread is locked'],
  160006: [400, 'Maximum number of active threads reached'],
  220001: [400, 'Webhooks posted to forum channels must have a thread_name or thread_id'],
  220002: [400, 'Webhooks posted to forum channels cannot have both a thread_name and thread_id'],
  220003: [400, 'Webhooks can only create threads in forum channels'],
}

/** The refusal for a code of the table. */
export function refuse(code: keyof typeof TABLE): Refusal {
  const entry = TABLE[code]
  if (!entry) return new Refusal(400, code, 'Bad Request')
  return new Refusal(entry[0], code, entry[1])
}

/** 50035, with the reason under the field's path (`embeds.0.title`). https://docs.discord.com/developers/reference#error-messages */
export function invalidForm(path: string, code: string, message: string): Refusal {
  return invalidForms([{ path, code, message }])
}

export function invalidForms(problems: { path: string; code: string; message: string }[]): Refusal {
  // Without a prototype: a body's own keys stand in the paths, and one of them may be `__proto__`.
  const empty = (): ErrorDetails => Object.create(null)
  const errors = empty()
  for (const { path, code, message } of problems) {
    let at = errors
    for (const key of path.split('.').filter(Boolean)) {
      const next = at[key]
      if (next && !Array.isArray(next)) at = next
      else {
        const made = empty()
        at[key] = made
        at = made
      }
    }
    const list = Array.isArray(at._errors) ? at._errors : []
    at._errors = [...list, { code, message }]
  }
  return new Refusal(400, 50035, 'Invalid Form Body', errors)
}

/** A refusal as a sentence for a person: what is wrong with which field. */
export function inWords(refusal: Refusal): string {
  const found = refusal.errors ? problemsOf(refusal.errors) : []
  if (found.length === 0) return `${refusal.message.replace(/\.$/, '')}.`
  return found.map(({ path, message }) => `${path || 'The body'}: ${message.replace(/\.$/, '')}.`).join(' ')
}

function problemsOf(errors: ErrorDetails, at: string[] = []): { path: string; message: string }[] {
  return Object.entries(errors).flatMap(([key, inner]) =>
    Array.isArray(inner)
      ? inner.map(({ message }) => ({ path: at.join('.'), message }))
      : problemsOf(inner, [...at, key]),
  )
}
