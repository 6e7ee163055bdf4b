/**
 * Faults on demand: what is to go wrong, how often, and chosen by a seed so that a failing test fails again.
 * HTTP kinds are taken by the REST skin (`take('http', …)`), gateway kinds by the gateway skin (`take('gateway', event name)`,
 * or at once through `onGateway`), world kinds by `strikeOn` when a request matches their route, or at once when they have none.
 */
export const HTTP_KINDS = ['status', 'cloudflare', 'delay', 'cut_before', 'cut_after', 'truncate'] as const
export const GATEWAY_KINDS = [
  'cut',
  'reconnect',
  'invalid_session',
  'silence',
  'duplicate',
  'out_of_order',
  'late_ready',
] as const
export const WORLD_KINDS = [
  'thread_deleted',
  'thread_locked',
  'thread_archived',
  'permission_withdrawn',
  'permission_granted',
  'membership_withdrawn',
  'webhook_deleted',
  'channel_deleted',
  'token_revoked',
] as const

type HttpKind = (typeof HTTP_KINDS)[number]
export type GatewayKind = (typeof GATEWAY_KINDS)[number]
type WorldKind = (typeof WORLD_KINDS)[number]

export interface Fault {
  /** HTTP: `METHOD /path/*` (see `toPattern`; no method: all). Gateway: an event name, `*` for all. World: as HTTP; `*`: at once. */
  route: string
  kind: HttpKind | GatewayKind | WorldKind
  /** how many times it happens (default 1, unless `probability` is given) */
  count?: number
  /** 0 to 1, drawn from `seed` for each request that matches */
  probability?: number
  seed?: number
  /** kind `status` */
  status?: number
  /** kind `status` with 429: `user`, `global`, `shared` */
  scope?: 'user' | 'global' | 'shared'
  /** ms; kinds `delay`, `silence`, `late_ready` */
  ms?: number
  /** seconds; kind `status` with 429 */
  retry_after?: number
  /** kind `invalid_session`: whether the session may be resumed */
  resumable?: boolean
  /** world kinds: the thread, channel or webhook meant (else the one that the request names), and the permission withdrawn */
  target?: string
  permission?: string
}

const KINDS: Record<string, readonly string[]> = { http: HTTP_KINDS, gateway: GATEWAY_KINDS, world: WORLD_KINDS }

interface Armed {
  fault: Fault
  left: number
  random: () => number
  pattern: RegExp
}

/** mulberry32: a small seeded generator, 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** `*` is any run of characters, `:name` and `{name}` one part of a path; the API's prefix may stand there or not. */
function toPattern(route: string): RegExp {
  const bare = route.replace(/\/api(\/v\d+)?(?=\/)/, '')
  const spaced = /^[A-Z]+ /.test(bare) || !bare.startsWith('/') ? bare : `* ${bare}`
  const parts = spaced
    .split(/(\*+|:\w+|\{\w+\})/)
    .map((text, at) => (at % 2 === 0 ? RegExp.escape(text) : text.startsWith('*') ? '.*' : '[^/]+'))
  return new RegExp(`^${parts.join('')}$`, 'i')
}

export class Faults {
  #armed: Armed[] = []
  #atOnce = new Set<(fault: Fault) => boolean>()

  /**
   * Arms a fault. Gateway faults that need no event (cut, reconnect, invalid_session, silence) are offered to `onGateway`
   * first: the first of `count` strikes at once, the others at the next events.
   */
  add(fault: Fault): void {
    let left = fault.count ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY)
    if (isGateway(fault.kind) && fault.route === '*' && fault.probability === undefined) {
      for (const listener of this.#atOnce) if (listener(fault)) left -= 1
    }
    if (left <= 0) return
    this.#armed.push({
      fault,
      left,
      random: seeded(fault.seed ?? 1),
      pattern: toPattern(fault.route),
    })
  }

  clear(): void {
    this.#armed = []
  }

  list(): Fault[] {
    return this.#armed.map((armed) => armed.fault)
  }

  /** The gateway's ear: return true when the fault has been carried out now. */
  onGateway(listener: (fault: Fault) => boolean): () => void {
    this.#atOnce.add(listener)
    return () => this.#atOnce.delete(listener)
  }

  /** The fault of one of `kinds` that strikes now, if any, counted down. `what`: `METHOD /path` or an event's name. */
  take(
    skin: 'http' | 'gateway' | 'world',
    what: string,
    kinds: readonly string[] = KINDS[skin] ?? [],
  ): Fault | undefined {
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !kinds.includes(armed.fault.kind) || !armed.pattern.test(what)) continue
      if (armed.fault.probability !== undefined && armed.random() >= armed.fault.probability) continue
      armed.left -= 1
      if (armed.left <= 0) this.#armed = this.#armed.filter((other) => other !== armed)
      return armed.fault
    }
    return undefined
  }
}

function isGateway(kind: Fault['kind']): boolean {
  return (GATEWAY_KINDS as readonly string[]).includes(kind)
}
