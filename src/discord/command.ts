import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
} from 'discord.js'
import type {
  APIApplicationCommandOptionChoice,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord-api-types/v10'
import type { Room } from './room.ts'

// The contract of a file in `commands/`. Its default export is one of these three:
//   commands/<name>.ts           a SlashCommand or MessageMenu
//   commands/<name>/<sub>.ts     a SlashCommand, which becomes the subcommand `/<name> <sub>`
//   commands/<name>/index.ts     a CommandFolder: what `/<name>` is
// A handler parses, calls one function and replies. It never drives a run: interaction tokens die after 15 minutes. What is wrong
// with the input is thrown as a UserError, which the person gets as a private reply; nothing else is caught in a handler.

export type Slash = ChatInputCommandInteraction<'cached'>
export type Completion = AutocompleteInteraction<'cached'>
export type Menu = MessageContextMenuCommandInteraction<'cached'>
export type Press = ButtonInteraction<'cached'> | StringSelectMenuInteraction<'cached'>
export type Submit = ModalSubmitInteraction<'cached'>
export type Choice = APIApplicationCommandOptionChoice<string>

/** What answers buttons, selects and modals whose custom_id is `verb:arg:arg…`, by verb. */
interface Verbs {
  components?: Record<string, (press: Press, args: string[], room: Room) => Promise<void>>
  modals?: Record<string, (submit: Submit, args: string[], room: Room) => Promise<void>>
}

export interface SlashCommand extends Verbs {
  data: Pick<RESTPostAPIChatInputApplicationCommandsJSONBody, 'name' | 'description' | 'options'>
  execute(interaction: Slash, room: Room): Promise<void>
  /** Choices for the option that has the focus; at most 25. */
  autocomplete?(interaction: Completion, room: Room): Promise<Choice[]>
}

export interface MessageMenu extends Verbs {
  data: Pick<RESTPostAPIContextMenuApplicationCommandsJSONBody, 'name' | 'type'>
  execute(interaction: Menu, room: Room): Promise<void>
}

export interface CommandFolder {
  description: string
  /** The subcommand that is offered before the others; they follow by name. */
  first?: string
}
