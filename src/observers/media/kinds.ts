/** What a file is by its first bytes: a server's word for it is not believed. */
export interface Kind {
  content_type: string
  ending: string
}

const SIGNATURES: [ending: string, content_type: string, matches: (head: Buffer) => boolean][] = [
  ['png', 'image/png', starts('\x89PNG\r\n\x1a\n')],
  ['jpg', 'image/jpeg', starts('\xff\xd8\xff')],
  ['gif', 'image/gif', starts('GIF8')],
  ['webp', 'image/webp', (head) => starts('RIFF')(head) && starts('WEBP', 8)(head)],
  ['wav', 'audio/wav', (head) => starts('RIFF')(head) && starts('WAVE', 8)(head)],
  ['avif', 'image/avif', starts('ftypavif', 4)],
  ['mov', 'video/quicktime', starts('ftypqt', 4)],
  ['m4a', 'audio/mp4', starts('ftypM4A', 4)],
  ['mp4', 'video/mp4', starts('ftyp', 4)],
  ['webm', 'video/webm', starts('\x1a\x45\xdf\xa3')],
  ['ogg', 'audio/ogg', starts('OggS')],
  ['flac', 'audio/flac', starts('fLaC')],
  ['mp3', 'audio/mpeg', (head) => starts('ID3')(head) || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2)],
]

/** Null: no picture, video or sound that Discord shows. */
export function kindOf(bytes: Buffer): Kind | null {
  const found = SIGNATURES.find(([, , matches]) => matches(bytes))
  return found ? { ending: found[0], content_type: found[1] } : null
}

function starts(text: string, at = 0): (head: Buffer) => boolean {
  const signature = Buffer.from(text, 'latin1')
  return (head) => head.subarray(at, at + signature.length).equals(signature)
}
