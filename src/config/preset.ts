import { z } from 'zod'
import type { ModelInfo } from '../core/model.ts'
import { choice, flag, mapping, number, object, parseOrThrow, text, texts, whole } from './fields.ts'

/** In a preset's `model`: whatever model the first actor has. */
export const SAME_AS_LM1 = 'same-as-lm1'

/** In a file the name of a model; in a run's spec the resolved model itself, so that no later change of the registry reaches it. */
const model = z
  .union([text(), z.custom<ModelInfo>((value) => typeof value === 'object' && value !== null && 'api_name' in value)], {
    error: `an alias, an API name or ${SAME_AS_LM1}`,
  })
  .default(SAME_AS_LM1)

const defaults = mapping().default({})

/** Who posts: the bot itself for server `discord`, else that MCP server's tool, called with `{channel, message, server?}`. */
const postingTool = object({
  server: text().default('discord'),
  name: text().default('send-message'),
  defaults: z
    .looseObject({ channel: text().nullish(), server: text().nullish() }, { error: 'an object {…}' })
    .default({}),
})
export type PostingTool = z.output<typeof postingTool>

/** The same where the bot itself posts: these are all its arguments. */
export const botPosting = z.looseObject({
  defaults: z.object({ channel: z.unknown(), server: z.unknown() }).partial().optional(),
})

/** In a profile's `user_template`; the last two are older names. */
export const NARRATOR_PLACEHOLDERS = [
  'latest_round_transcript',
  'transcript',
  'bot_history',
  'last_actor',
  'last_text',
  'latest_round_bullets',
  'context_bullets',
] as const

export const narratorSchema = object({
  /** Ours: name and picture under which it posts. */
  name: text().optional(),
  avatar: text().optional(),
  description: text().optional(),
  model,
  system_prompt: text().optional(),
  user_template: text().optional(),
  /** In messages; 0: none. */
  transcript_window: whole(0).default(10),
  /** In posts of this profile in this run. */
  bot_history_window: whole(0).default(5),
  pre_message: text().optional(),
  post_once_at_start: flag().default(false),
  run_on: choice(['first', 'first_only', 'start', 'start_only']).optional(),
  disable_summary: flag().default(false),
  /** In characters. */
  max_message_length: whole(1)
    .transform((length) => Math.min(length, 1900))
    .default(1900),
  tool: postingTool.optional(),
  post_transcript: flag().default(false),
  transcript_channel: text().optional(),
  transcript_tool: postingTool.optional(),
  /** Of the predecessor; choosing a profile enables it. */
  enabled: z.unknown().optional(),
}).transform((preset) => ({ ...preset, once: preset.post_once_at_start || preset.run_on !== undefined }))

/** A Discord profile with every default filled in. `once`: posts once, in the first round. */
export type NarratorPreset = z.output<typeof narratorSchema>

const poll = object({
  /** Seconds. */
  interval: number(0).default(3),
  max_seconds: number(0).default(60),
})

const mediaTool = object({
  server: text(),
  name: text(),
  defaults,
  /** Sends `{"params": …}`. */
  wrap_params: flag().default(true),
  /** Which argument takes the picture to edit. */
  image_param: z
    .union([text(), object({ name: text().default('image_url'), as_list: flag().default(false) })], {
      error: 'a name, or {"name": …, "as_list": true}',
    })
    .transform((param) => (typeof param === 'string' ? { name: param, as_list: false } : param))
    .optional(),
  status_tool: object({ name: text().default('get_task_status'), wrap_params: flag().default(false) }).optional(),
  poll: poll.optional(),
}).transform((tool) => ({
  ...tool,
  status_tool: tool.status_tool ?? { name: 'get_task_status', wrap_params: false },
  poll: tool.poll ?? { interval: 3, max_seconds: 60 },
}))
export type MediaTool = z.output<typeof mediaTool>

const modes = choice(['t2i', 'edit', 'chain', 'auto']).transform((mode) => (mode === 'auto' ? 'chain' : mode))
const needsTool = 'a tool: {"server": …, "name": …} of an MCP server (or "strategy": "semantic_search")'

export const mediaSchema = object({
  description: text().optional(),
  model,
  system_prompt: text().optional(),
  t2i_system_prompt: text().optional(),
  edit_system_prompt: text().optional(),
  summary_system_prompt: text().optional(),
  mode: modes.default('t2i'),
  t2i_use_summary: flag().default(false),
  user_from_round: z
    .union([z.boolean(), z.enum(['last', 'all'])], { error: 'last, all, true or false' })
    .transform((from) => (from === true ? 'last' : from === false ? null : from))
    .default(null),
  tool: mediaTool.optional(),
  t2i_tool: mediaTool.optional(),
  edit_tool: mediaTool.optional(),
  prompt_param: text().default('prompt'),
  n: whole(1, 10).optional(),
  post_top_k: whole(1, 10).optional(),
  run_every_n_rounds: whole(1).default(1),
  dedupe_same_url_in_edit: flag().default(false),
  dedupe_discord_posts: flag().default(true),
  post_image_to_discord: flag().default(true),
  discord_channel: text().optional(),
  discord_server: text().optional(),
  discord_tool: postingTool.optional(),
  discord_caption: text().optional(),
  post_caption_to_discord: flag().default(true),
  discord_dry_run: flag().default(false),
  post_placeholder: flag().default(true),
  placeholder_url: text().optional(),
  strategy: choice(['tool', 'semantic_search']).default('tool'),
  min_similarity: number(0, 1).default(0),
  folders: z
    .union([text(), texts()], { error: 'a folder or a list of folders' })
    .transform((folders) => (typeof folders === 'string' ? [folders] : folders))
    .default([]),
  semantic_limit: whole(0).optional(),
  /** Ours: whether the next round waits for the picture. */
  pace: choice(['wait', 'free']).default('wait'),
  enabled: z.unknown().optional(),
})
  .refine((preset) => preset.strategy !== 'tool' || preset.tool || preset.t2i_tool || preset.edit_tool, {
    error: needsTool,
    path: ['tool'],
  })
  .transform((preset) => ({ ...preset, pictures: preset.n ?? preset.post_top_k ?? 1 }))

/** A media agent with every default filled in. `pictures`: how many to post (`n`, else `post_top_k`). */
export type MediaPreset = z.output<typeof mediaSchema>

/** A chosen preset of a run, read again. Throws UserError naming preset and field. */
export const parseNarrator = (name: string, preset: unknown): NarratorPreset =>
  parseOrThrow(narratorSchema, preset, name)
export const parseMedia = (name: string, preset: unknown): MediaPreset => parseOrThrow(mediaSchema, preset, name)
