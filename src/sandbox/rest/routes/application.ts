/** The application itself, its commands and its emojis. */

import {
  type CommandWish,
  commandOf,
  commandsOf,
  createCommand,
  deleteCommand,
  editCommand,
  inLanguage,
  overwriteCommands,
} from '../../core/commands.ts'
import { createEmoji, deleteEmoji, emojiOf, renameEmoji } from '../../core/emojis.ts'
import { invalidForm, refuse } from '../../core/errors.ts'
import { applicationPayload } from '../../core/payloads.ts'
import { type Call, created, flag, nothing, ok, part, type Route } from '../route.ts'

const APP = 'PrivateApplicationResponse'
const COMMAND = 'ApplicationCommandResponse'

/** Throws 10002, as for someone else's application. */
function own(call: Call): void {
  if (part(call, 'application_id') !== call.world.application.id) throw refuse(10002)
}

/** The scope of a commands route. Throws 50001 for a guild the bot is not in. */
function scope(call: Call): string | undefined {
  own(call)
  const guildId = call.params.guild_id
  if (guildId !== undefined && (guildId !== call.world.guild.id || !call.world.members.get(call.world.bot.id)))
    throw refuse(50001)
  return guildId
}

/** https://docs.discord.com/developers/resources/application */
const itself: Route[] = [
  {
    method: 'GET',
    path: '/applications/@me',
    bucket: 'read guild',
    auth: 'bot',
    response: APP,
    run: ({ world }) => ok(applicationPayload(world)),
  },
  {
    method: 'GET',
    path: '/oauth2/applications/@me',
    bucket: 'read guild',
    auth: 'bot',
    response: APP,
    run: ({ world }) => ok(applicationPayload(world)),
  },
  {
    method: 'PATCH',
    path: '/applications/@me',
    bucket: 'default',
    auth: 'bot',
    request: 'ApplicationFormPartial',
    response: APP,
    run: ({ world, body }) => {
      const { description, flags } = body as {
        description?: { default?: string } | string | null
        flags?: number | null
      }
      const text = typeof description === 'object' ? description?.default : description
      const { application } = world
      world.amend({
        application: {
          ...application,
          ...(text === undefined ? {} : { description: text }),
          ...(flags == null ? {} : { flags: limitedFlags(application.flags, flags) }),
        },
      })
      return ok(applicationPayload(world))
    },
  },
]

/** Presences, members and message content below the review threshold: what the Developer Portal's three switches set. */
const LIMITED = (1 << 13) | (1 << 15) | (1 << 19)

/** "Only limited intent flags … can be updated via the API." https://docs.discord.com/developers/resources/application#edit-current-application */
function limitedFlags(now: number, wanted: number): number {
  if ((wanted & ~LIMITED & ~now) !== 0)
    throw invalidForm('flags', 'APPLICATION_FLAGS_INVALID', 'Only the flags of limited intents can be changed.')
  return (now & ~LIMITED) | (wanted & LIMITED)
}

/** The same routes for global and for a server's commands. https://docs.discord.com/developers/interactions/application-commands#endpoints */
function commandRoutes(base: string): Route[] {
  const bucket = 'commands'
  const auth = 'bot'
  return [
    {
      method: 'GET',
      path: base,
      bucket,
      auth,
      response: `${COMMAND}[]`,
      run: (call) => {
        const commands = commandsOf(call.world, scope(call))
        return ok(flag(call, 'with_localizations') ? commands : commands.map((each) => inLanguage(each, call.locale)))
      },
    },
    {
      method: 'PUT',
      path: base,
      bucket,
      auth,
      request: 'ApplicationCommandUpdateRequest[]',
      response: `${COMMAND}[]`,
      run: (call) => ok(overwriteCommands(call.world, scope(call), call.body as CommandWish[])),
    },
    {
      method: 'POST',
      path: base,
      bucket,
      auth,
      request: 'ApplicationCommandCreateRequest',
      response: COMMAND,
      run: (call) => {
        const made = createCommand(call.world, scope(call), call.body as CommandWish)
        return made.created ? created(made.command) : ok(made.command)
      },
    },
    {
      method: 'GET',
      path: `${base}/:command_id`,
      bucket,
      auth,
      response: COMMAND,
      run: (call) => ok(commandOf(call.world, scope(call), part(call, 'command_id'))),
    },
    {
      method: 'PATCH',
      path: `${base}/:command_id`,
      bucket,
      auth,
      request: 'ApplicationCommandPatchRequestPartial',
      response: COMMAND,
      run: (call) =>
        ok(
          editCommand(
            call.world,
            commandOf(call.world, scope(call), part(call, 'command_id')),
            call.body as CommandWish,
          ),
        ),
    },
    {
      method: 'DELETE',
      path: `${base}/:command_id`,
      bucket,
      auth,
      run: (call) => {
        deleteCommand(call.world, commandOf(call.world, scope(call), part(call, 'command_id')))
        return nothing
      },
    },
  ]
}

/** https://docs.discord.com/developers/resources/emoji#list-application-emojis */
const emojis: Route[] = [
  {
    method: 'GET',
    path: '/applications/:application_id/emojis',
    bucket: 'emojis',
    auth: 'bot',
    response: 'ListApplicationEmojisResponse',
    run: (call) => {
      own(call)
      return ok({ items: call.world.emojis.values() })
    },
  },
  {
    method: 'POST',
    path: '/applications/:application_id/emojis',
    bucket: 'emojis',
    auth: 'bot',
    request: 'CreateEmoji',
    response: 'EmojiResponse',
    run: (call) => {
      own(call)
      return created(createEmoji(call.world, call.body as { name: string; image: string }))
    },
  },
  {
    method: 'GET',
    path: '/applications/:application_id/emojis/:emoji_id',
    bucket: 'emojis',
    auth: 'bot',
    response: 'EmojiResponse',
    run: (call) => {
      own(call)
      return ok(emojiOf(call.world, part(call, 'emoji_id')))
    },
  },
  {
    method: 'PATCH',
    path: '/applications/:application_id/emojis/:emoji_id',
    bucket: 'emojis',
    auth: 'bot',
    request: 'EditEmoji',
    response: 'EmojiResponse',
    run: (call) => {
      own(call)
      return ok(
        renameEmoji(call.world, emojiOf(call.world, part(call, 'emoji_id')), (call.body as { name: string }).name),
      )
    },
  },
  {
    method: 'DELETE',
    path: '/applications/:application_id/emojis/:emoji_id',
    bucket: 'emojis',
    auth: 'bot',
    run: (call) => {
      own(call)
      deleteEmoji(call.world, emojiOf(call.world, part(call, 'emoji_id')))
      return nothing
    },
  },
]

const inGuild = '/applications/:application_id/guilds/:guild_id/commands'

/** Nobody sets permissions of single commands here. https://docs.discord.com/developers/interactions/application-commands#get-application-command-permissions */
const permissions: Route[] = [
  {
    method: 'GET',
    path: `${inGuild}/permissions`,
    bucket: 'commands',
    auth: 'bot',
    response: 'CommandPermissionsResponse[]',
    run: (call) => {
      scope(call)
      return ok([])
    },
  },
  {
    method: 'GET',
    path: `${inGuild}/:command_id/permissions`,
    bucket: 'commands',
    auth: 'bot',
    response: 'CommandPermissionsResponse',
    run: (call) => {
      scope(call)
      if (!call.world.commands.get(part(call, 'command_id'))) throw refuse(10063)
      // Without permissions set for a command there is nothing by its id.
      throw refuse(10066)
    },
  },
]

export const applicationRoutes: Route[] = [
  ...itself,
  ...permissions,
  ...commandRoutes('/applications/:application_id/commands'),
  ...commandRoutes(inGuild),
  ...emojis,
]
