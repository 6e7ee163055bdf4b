/** The CDN: emojis, avatars, attachments. https://docs.discord.com/developers/reference#image-formatting-cdn-endpoints */
import { Hono } from 'hono'
import { signatureHolds } from '../core/attachments.ts'
import { avatarPicture } from '../core/pictures.ts'
import type { Blob } from '../core/storage.ts'
import type { World } from '../core/world.ts'
import { defaultAvatar } from './default-avatar.ts'

export function cdnRoutes(world: World): Hono {
  const app = new Hono()
  for (const pictures of ['/emojis/*', '/avatars/*'])
    app.use(pictures, async (c, next) => (fitsSize(c.req.query('size')) ? next() : text(400, 'Invalid size')))
  app.get('/emojis/:file', (c) => {
    const { id = '', ending = '' } = /^(?<id>\d+)(?:\.(?<ending>\w+))?$/.exec(c.req.param('file'))?.groups ?? {}
    const emoji = world.emojis.get(id)
    if (!emoji) return text(404, '')
    if (!(emoji.animated ? MOVING : STILL).includes(ending)) return text(415, '')
    return serve(world.storage.blob(`emoji:${id}`))
  })
  app.get('/avatars/:user/:file', (c) => {
    const picture = avatarPicture(world, bare(c.req.param('file')))
    return picture ? serve(picture) : drawn(c.req.param('user'))
  })
  app.get('/embed/avatars/:file', (c) => drawn(bare(c.req.param('file'))))
  app.get('/attachments/:channel/:id/:name', (c) => {
    const { pathname } = new URL(c.req.url)
    if (!signatureHolds(world, pathname, c.req.query())) return text(404, 'This content is no longer available.')
    return serve(world.storage.blob(c.req.param('id')), c.req.param('name'))
  })
  return app
}

/** What an emoji can be asked for as; for what does not move, a GIF is answered 415. https://github.com/discord/discord-api-docs/issues/7567 */
const STILL = ['png', 'jpg', 'jpeg', 'webp', 'avif']
const MOVING = [...STILL, 'gif']

/**
 * A power of two from 16 to 4096, else 400; the default avatars take any. https://docs.discord.com/developers/reference#image-formatting,
 * https://github.com/discord/discord-api-docs/issues/5683, https://github.com/discord/discord-api-docs/issues/1786
 */
const fitsSize = (size: string | undefined): boolean =>
  size === undefined || [16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map(String).includes(size)

const bare = (file: string) => file.replace(/\.\w+$/, '')

const text = (status: number, body: string) =>
  new Response(body, { status, headers: { 'Content-Type': 'text/plain;charset=UTF-8' } })

/** What people upload must not run in the page: pictures and sound are shown, all else is a download. */
function serve(blob: Blob | undefined, name?: string): Response {
  if (!blob) return text(404, '')
  const shown = /^(image\/(png|jpeg|gif|webp)|audio\/|video\/|text\/plain)/.test(blob.content_type)
  return new Response(new Uint8Array(blob.bytes), {
    headers: {
      'Content-Type': shown ? blob.content_type : 'application/octet-stream',
      'Content-Disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name ?? blob.name)}`,
      'Cache-Control': 'public, max-age=86400',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

function drawn(seed: string): Response {
  return new Response(defaultAvatar(seed), {
    headers: { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=86400' },
  })
}
