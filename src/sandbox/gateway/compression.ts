/**
 * How payloads are packed on their way to the app.
 * https://docs.discord.com/developers/events/gateway#encoding-and-compression
 */
import { constants, createDeflate, createZstdCompress, deflateSync } from 'node:zlib'

export type TransportCompression = 'none' | 'zlib-stream' | 'zstd-stream'

/** Packs payloads one after another; `packed` is called in the order of `pack`, once for each. */
export interface Packer {
  pack(json: string): void
  /** bytes taken in and not yet handed out */
  readonly pending: number
  close(): void
}

type Packed = (frame: string | Buffer) => void

export function createPacker(
  compression: TransportCompression,
  packed: Packed,
  failed: (error: Error) => void,
): Packer {
  if (compression === 'none') return { pack: packed, pending: 0, close: () => {} }
  return new StreamPacker(compression, packed, failed)
}

/**
 * One compression context for the whole connection. Each payload ends in a flush, and becomes one WebSocket message:
 * clients of zlib-stream look for the flush's `00 00 ff ff`, clients of zstd-stream take a message for a payload.
 */
class StreamPacker implements Packer {
  #stream
  #flush: number
  #packed: Packed
  #waiting: string[] = []
  #chunks: Buffer[] = []
  #busy = false
  #closed = false
  pending = 0

  constructor(compression: 'zlib-stream' | 'zstd-stream', packed: Packed, failed: (error: Error) => void) {
    this.#packed = packed
    this.#stream = compression === 'zlib-stream' ? createDeflate() : createZstdCompress()
    this.#flush = compression === 'zlib-stream' ? constants.Z_SYNC_FLUSH : constants.ZSTD_e_flush
    this.#stream.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    this.#stream.on('error', failed)
  }

  pack(json: string): void {
    this.pending += json.length
    this.#waiting.push(json)
    if (!this.#busy) this.#next()
  }

  #next(): void {
    const json = this.#waiting.shift()
    this.#busy = json !== undefined
    if (json === undefined || this.#closed) return
    this.#stream.write(json)
    this.#stream.flush(this.#flush, () => {
      if (this.#closed) return
      const frame = Buffer.concat(this.#chunks)
      this.#chunks = []
      this.pending -= json.length
      this.#packed(frame)
      this.#next()
    })
  }

  close(): void {
    this.#closed = true
    this.#waiting = []
    this.#stream.destroy()
  }
}

/** Payload compression: each payload for itself, no shared context, and only those worth it ("not all payloads"). */
export function packPayload(json: string): string | Buffer {
  return json.length < 1024 ? json : deflateSync(json)
}
