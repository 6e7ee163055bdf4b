/** The REST skin: every route of the table under /api/v10, all else 404. */
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { World } from '../core/world.ts'
import { handle, type RestContext } from './pipeline.ts'
import { RateLimits } from './rate-limits.ts'
import type { Route } from './route.ts'
import { applicationRoutes } from './routes/application.ts'
import { channelRoutes } from './routes/channels.ts'
import { guildRoutes } from './routes/guild.ts'
import { interactionRoutes } from './routes/interactions.ts'
import { memberRoutes } from './routes/members.ts'
import { messageRoutes } from './routes/messages.ts'
import { pinRoutes } from './routes/pins.ts'
import { reactionRoutes } from './routes/reactions.ts'
import { roleRoutes } from './routes/roles.ts'
import { threadRoutes } from './routes/threads.ts'
import { interactionWebhookRoutes, webhookRoutes } from './routes/webhooks.ts'
import { loadSchemas } from './schemas.ts'

/** Versions in use; a route is the same in both here. https://docs.discord.com/developers/reference#api-versioning-api-versions */
const VERSIONS = ['/api/v10', '/api/v9']

interface RestSkin {
  app: Hono<{ Bindings: HttpBindings }>
  /** answers a program that asks at an address which nothing here has: it has the API's address wrong */
  elsewhere(context: RestContext): Promise<Response>
}

export function restRoutes(world: World): RestSkin {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const limits = new RateLimits(world)
  const add = (route: Route, path: string) => {
    // A webhook's `url` names no version. https://docs.discord.com/developers/resources/webhook#webhook-object
    const versions = path.startsWith('/webhooks/') && route.auth === 'open' ? [...VERSIONS, '/api'] : VERSIONS
    const paths = versions.map((version) => version + path)
    app.on(route.method, paths, (context) => handle(context, world, limits, route))
  }
  // Interaction tokens are used at the application's own webhook: those addresses come before the general ones.
  for (const route of interactionWebhookRoutes) add(route, route.path.replace(':webhook_id', world.application.id))
  for (const route of [
    ...applicationRoutes,
    ...guildRoutes,
    ...roleRoutes,
    ...memberRoutes,
    ...channelRoutes,
    ...threadRoutes,
    ...pinRoutes,
    ...messageRoutes,
    ...reactionRoutes,
    ...webhookRoutes,
    ...interactionRoutes,
  ]) {
    add(route, route.path)
  }
  app.all('/api/*', (context) => handle(context, world, limits, undefined))
  app.all('/api', (context) => handle(context, world, limits, undefined))
  // Loaded beside the first requests rather than before them.
  setTimeout(() => void loadSchemas(), 0)
  return { app, elsewhere: (context) => handle(context, world, limits, undefined) }
}
