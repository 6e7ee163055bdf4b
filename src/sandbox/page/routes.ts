/**
 * The page and what it alone needs: its files, the event stream, windows of messages. What it does, it does through the sandbox's doors,
 * like any other program.
 *   GET /                                                the page
 *   GET /page/:file                                      its scripts and styles
 *   GET /sandbox/events?user=                            server-sent events: `data: {"t", "d"}`, gateway dispatches as that person sees them
 *   GET /sandbox/page/server?user=                       guild, channels, people, roles, commands
 *   GET /sandbox/page/messages?channel=&user=&limit=     a window, oldest first; with `before`, `after` or `around` a message id
 *   GET /sandbox/page/posts?channel=&user=               a forum's posts
 */
import { Hono } from 'hono'
import type { World } from '../core/world.ts'
import { readAssets } from './assets.ts'
import { personOf, readPage, readPosts, readServer } from './reading.ts'
import { shell } from './shell.ts'
import { eventStream } from './stream.ts'

/** Pictures and films may lie elsewhere (an embed's image); nothing else may, and no script but the page's own runs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src http: https: data:',
  'media-src http: https:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const STYLES = ['base.css', 'layout.css', 'messages.css', 'content.css', 'bar.css']
const LIMIT = { usual: 50, most: 100 }
const ID = /^\d{1,20}$/

export function pageRoutes(world: World): Hono {
  const assets = readAssets()
  const page = shell(
    STYLES,
    [...assets.keys()].filter((name) => name.endsWith('.js')),
  )
  const app = new Hono()

  app.get('/', (context) => {
    context.header('Content-Security-Policy', POLICY)
    context.header('Referrer-Policy', 'no-referrer')
    context.header('X-Content-Type-Options', 'nosniff')
    context.header('Cache-Control', 'no-cache')
    return context.html(page)
  })

  app.get('/page/:file', (context) => {
    const asset = assets.get(context.req.param('file'))
    if (!asset) return context.notFound()
    const headers = {
      'Content-Type': asset.type,
      ETag: asset.etag,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    }
    if (context.req.header('If-None-Match') === asset.etag) return context.body(null, 304, headers)
    return context.body(asset.body, 200, headers)
  })

  app.get('/sandbox/events', (context) => {
    const me = personOf(world, context.req.query('user'))
    return me ? eventStream(context, world, me) : context.json({ reason: nobody(context.req.query('user')) }, 400)
  })

  app.get('/sandbox/page/server', (context) => {
    const me = personOf(world, context.req.query('user'))
    return me ? context.json(readServer(world, me)) : context.json({ reason: nobody(context.req.query('user')) }, 400)
  })

  app.get('/sandbox/page/messages', (context) => {
    const { channel = '', user, limit, ...places } = context.req.query()
    const me = personOf(world, user)
    if (!me) return context.json({ reason: nobody(user) }, 400)
    if (!world.channels.get(channel)) return context.json({ reason: `There is no channel ${channel}.` }, 404)
    const wrong = Object.entries(places).find(([, id]) => !ID.test(id))
    if (wrong) return context.json({ reason: `${wrong[0]} has to be a message id.` }, 400)
    const count = Math.min(Math.max(Math.trunc(Number(limit)) || LIMIT.usual, 1), LIMIT.most)
    return context.json(readPage(world, { ...places, channel, limit: count }, me))
  })

  app.get('/sandbox/page/posts', (context) => {
    const channel = context.req.query('channel') ?? ''
    if (world.channels.get(channel)?.type !== 15) return context.json({ reason: `${channel} is no forum.` }, 404)
    const me = personOf(world, context.req.query('user'))
    return me
      ? context.json(readPosts(world, channel, me))
      : context.json({ reason: nobody(context.req.query('user')) }, 400)
  })

  return app
}

function nobody(name: string | undefined): string {
  return `There is nobody called ${JSON.stringify(name ?? '')} here.`
}
