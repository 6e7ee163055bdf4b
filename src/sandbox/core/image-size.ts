/** Width and height of a PNG, GIF, JPEG or WebP, read from its first bytes. */
export function imageSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts = (...head: number[]) => head.every((byte, at) => bytes[at] === byte)
  if (starts(0x89, 0x50, 0x4e, 0x47) && bytes.length >= 24)
    return { width: view.getUint32(16), height: view.getUint32(20) }
  if (starts(0x47, 0x49, 0x46) && bytes.length >= 10)
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  if (starts(0xff, 0xd8)) return jpegSize(view)
  if (starts(0x52, 0x49, 0x46, 0x46) && bytes.length >= 30) return webpSize(view)
  return undefined
}

/** Whether bytes begin as a PNG, GIF, JPEG or WebP does. https://docs.discord.com/developers/reference#image-data */
export function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('RIFF')) return head.endsWith('WEBP')
  return ['\x89PNG\r\n', 'GIF87a', 'GIF89a', '\xff\xd8\xff'].some((start) => head.startsWith(start))
}

function jpegSize(view: DataView): { width: number; height: number } | undefined {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}

function webpSize(view: DataView): { width: number; height: number } | undefined {
  const kind = view.getUint32(12)
  const VP8X = 0x56503858
  const VP8 = 0x56503820
  const VP8L = 0x5650384c
  if (kind === VP8X) {
    const read = (at: number) => 1 + (view.getUint16(at, true) | (view.getUint8(at + 2) << 16))
    return { width: read(24), height: read(27) }
  }
  if (kind === VP8) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (kind === VP8L) {
    const bits = view.getUint32(21, true)
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) }
  }
  return undefined
}
