import {
  type APIActionRowComponent,
  type APIAllowedMentions,
  type APIButtonComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10'
import type { Button } from '../../core/delivery.ts'

// Bodies of messages. Rule 9: nothing that is said pings anyone, and a link that a model wrote draws no card.

export const HARMLESS: { allowed_mentions: APIAllowedMentions; flags: MessageFlags } = {
  allowed_mentions: { parse: [] },
  flags: MessageFlags.SuppressEmbeds,
}

const STYLES = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const

/** At most five buttons in a row, five rows. */
export function rowsOf(buttons: readonly Button[]): APIActionRowComponent<APIButtonComponent>[] {
  const rows: APIActionRowComponent<APIButtonComponent>[] = []
  for (let i = 0; i < buttons.length; i += 5) {
    rows.push({
      type: ComponentType.ActionRow,
      components: buttons.slice(i, i + 5).map(({ custom_id, label, style }) => ({
        type: ComponentType.Button,
        custom_id,
        label,
        style: STYLES[style],
      })),
    })
  }
  return rows
}

/** A message of the bot's own, told apart from its like by a nonce: sent twice within minutes, Discord makes it once. */
export function ownMessage(
  nonce: string,
  more: Omit<RESTPostAPIChannelMessageJSONBody, 'nonce'>,
): RESTPostAPIChannelMessageJSONBody {
  return { allowed_mentions: { parse: [] }, nonce, enforce_nonce: true, ...more }
}
