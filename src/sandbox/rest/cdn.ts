/** The CDN: emojis, avatars, attachments. https://docs.discord.com/developers/reference#image-formatting-cdn-endpoints */
import { Hono } from 'hono'
import { signatureHolds } from '../core/attachments.ts'
import { avatarPicture } from '../core/pictures.ts'
import type { Blob } from '../core/storage.ts'
import type { World } from '../core/world.ts'
import { defaultAvatar } from './default-avatar.ts'

export function cdnRoutes(world: World): Hono {
  const app = new Hono()
  app.get('/emojis/:file', (c) => serve(world.storage.blob(`emoji:${bare(c.req.param('file'))}`)))
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
