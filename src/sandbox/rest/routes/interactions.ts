/** Answering an interaction. https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response */
import { answer, type Callback } from '../../core/callbacks.ts'
import { EPHEMERAL, LOADING } from '../../core/message-body.ts'
import { viewMessage } from '../../core/views.ts'
import { type Call, flag, nothing, ok, part, type Route } from '../route.ts'

/** Schema of a callback's body, by its type. https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const SCHEMAS: Record<number, string> = {
  1: 'PongInteractionCallbackRequest',
  4: 'CreateMessageInteractionCallbackRequest',
  5: 'CreateMessageInteractionCallbackRequest',
  6: 'UpdateMessageInteractionCallbackRequest',
  7: 'UpdateMessageInteractionCallbackRequest',
  8: 'AutocompleteCallback',
  9: 'ModalInteractionCallbackRequest',
}

function respond(call: Call) {
  const id = part(call, 'interaction_id')
  const { interaction, message } = answer(
    call.world,
    id,
    part(call, 'interaction_token'),
    call.body as Callback,
    call.uploads,
  )
  if (!flag(call, 'with_response')) return nothing
  const shows = message && (interaction.answered === 4 || interaction.answered === 7)
  return ok({
    interaction: {
      id,
      type: interaction.type,
      ...(message
        ? {
            response_message_id: message.id,
            response_message_loading: (message.flags & LOADING) !== 0,
            response_message_ephemeral: (message.flags & EPHEMERAL) !== 0,
          }
        : {}),
      channel_id: interaction.channel_id,
      guild_id: call.world.guild.id,
    },
    ...(shows ? { resource: { type: interaction.answered, message: viewMessage(call.world, message) } } : {}),
  })
}

export const interactionRoutes: Route[] = [
  {
    method: 'POST',
    path: '/interactions/:interaction_id/:interaction_token/callback',
    bucket: 'interaction callback',
    auth: 'open',
    interaction: true,
    unlimited: true,
    request: ({ body }) => SCHEMAS[Number((body as { type?: unknown } | null)?.type)] ?? 'UnknownCallback',
    response: 'InteractionCallbackResponse',
    run: respond,
  },
]
