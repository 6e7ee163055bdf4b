import { lookup as resolveName } from 'node:dns'
import { get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http'
import { get as httpsGet } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { UserError } from '../../core/errors.ts'

export interface FetchLimits {
  /** Bytes. */
  size: number
  /** ms for the whole of it, redirects included. */
  time: number
  /** Hosts that may have private addresses (`MEDIA_ALLOW_HOSTS`), with or without a port. */
  allow: string[]
}

const REDIRECTS = 5

/**
 * Fetches what a tool named, as bytes: http(s) alone, no private or loopback addresses unless allowed (checked at the connection, so that a name
 * cannot change its mind), every redirect checked again, bounded in size and time. Throws UserError.
 */
export async function fetchMedia(address: string, limits: FetchLimits, signal: AbortSignal): Promise<Buffer> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(limits.time)])
  let url = checked(address)
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const response = await request(url, limits, both)
    const { statusCode = 0, headers } = response
    if (statusCode >= 300 && statusCode < 400 && headers.location) {
      response.destroy()
      if (!URL.canParse(headers.location, url.href)) throw new UserError(`${shown(url)} redirects to no address.`)
      url = checked(new URL(headers.location, url).href)
      continue
    }
    if (statusCode !== 200) {
      response.destroy()
      throw new UserError(`${shown(url)} answered ${statusCode} instead of a file.`)
    }
    return body(response, url, limits, both)
  }
  throw new UserError(`${shown(url)} redirects more than ${REDIRECTS} times.`)
}

function checked(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UserError(`Only http and https addresses are fetched, not ${address.slice(0, 60)}.`)
  if (url.username || url.password) throw new UserError(`${shown(url)} carries a user name or password: not fetched.`)
  return url
}

function request(url: URL, limits: FetchLimits, signal: AbortSignal): Promise<IncomingMessage> {
  const allowed = limits.allow.includes(url.hostname) || limits.allow.includes(url.host)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && isPrivate(host) && !allowed) return Promise.reject(refused(url))
  const lookup: LookupFunction = (name, options, done) =>
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const bad = allowed ? undefined : addresses.find(({ address }) => isPrivate(address))
      if (bad || addresses.length === 0) return done(refused(url), '', 0)
      const [first] = addresses as [(typeof addresses)[number]]
      if (options.all) return done(null, addresses)
      return done(null, first.address, first.family)
    })
  const options: RequestOptions = {
    lookup,
    signal,
    headers: { accept: 'image/*,video/*,audio/*', 'user-agent': 'Backrooms' },
  }
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? httpsGet : httpGet
    get(url, options, resolve).on('error', (error) => reject(failure(url, error, limits, signal)))
  })
}

async function body(response: IncomingMessage, url: URL, limits: FetchLimits, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limits.size) throw new TooLarge(url, limits.size)
      chunks.push(chunk)
    }
  } catch (error) {
    throw failure(url, error, limits, signal)
  }
  return Buffer.concat(chunks)
}

/** Too large to keep: the reader gets the link. */
export class TooLarge extends UserError {
  constructor(url: URL, limit: number) {
    super(`${shown(url)} is larger than ${Math.round(limit / 1024 / 1024)} MB.`)
  }
}

function failure(url: URL, error: unknown, { time }: FetchLimits, signal: AbortSignal): UserError {
  if (error instanceof UserError) return error
  const late = signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
  const why = late ? `it took longer than ${time / 1000} s` : reason(error)
  return new UserError(`${shown(url)} could not be fetched: ${why}.`, { cause: error })
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')

const refused = (url: URL): UserError =>
  new UserError(
    `${shown(url)} is a private address: not fetched. List ${url.hostname} in MEDIA_ALLOW_HOSTS if it should be.`,
  )

/** Without the query, which may carry a key. */
const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`.slice(0, 120)

// https://www.iana.org/assignments/iana-ipv4-special-registry and its sister for IPv6: everything that is not globally reachable.
const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6')

/** Also IPv4 addresses in IPv6 clothes (`::ffff:…`, `64:ff9b::…`). */
export function isPrivate(address: string): boolean {
  if (isIP(address) === 4) return PRIVATE.check(address, 'ipv4')
  const dressed = /^(?:::ffff:|64:ff9b::)(.+)$/i.exec(address)
  if (dressed) return isPrivate(plainIPv4(dressed[1] as string))
  return PRIVATE.check(address, 'ipv6')
}

function plainIPv4(text: string): string {
  if (isIP(text) === 4) return text
  const [high = 0, low = 0] = text.split(':').map((part) => Number.parseInt(part, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
