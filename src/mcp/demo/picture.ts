import { fetchMedia } from '../../observers/media/fetch.ts'

/** Bytes of a picture that is painted into. */
const MOST_BYTES = 24 * 1024 * 1024
const FETCH_MS = 30_000

/** First bytes of the kinds of picture that resvg can read. */
const KINDS: [type: string, matches: (bytes: Buffer) => boolean][] = [
  ['image/png', (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))],
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/gif', (bytes) => bytes.toString('latin1', 0, 4) === 'GIF8'],
  ['image/webp', (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'],
]

/**
 * A picture given as an address, a data URI or bare base64, as a data URI of what it really is.
 * @throws Error whose message says what is wrong with it.
 */
export async function pictureOf(image: string, signal: AbortSignal): Promise<string> {
  const bytes = await bytesOf(image.trim(), signal)
  if (bytes.length > MOST_BYTES) throw new Error('image is too large: at most 24 MB.')
  const [type] = KINDS.find(([, matches]) => matches(bytes)) ?? []
  if (!type) throw new Error('image is no PNG, JPEG, GIF or WebP: give an http(s) address, a data URI or base64.')
  return `data:${type};base64,${bytes.toString('base64')}`
}

async function bytesOf(image: string, signal: AbortSignal): Promise<Buffer> {
  if (/^https?:/i.test(image)) {
    const allow = (process.env.MEDIA_ALLOW_HOSTS ?? '').toLowerCase().split(/[\s,]+/)
    return fetchMedia(image, { size: MOST_BYTES, time: FETCH_MS, allow }, signal)
  }
  const [, encoded] = /^data:[^,]*;base64,(.*)$/is.exec(image) ?? []
  return Buffer.from(encoded ?? image, 'base64')
}
