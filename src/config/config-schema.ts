import { z } from 'zod'
import { choice, flag, list, mapping, names, object, text, texts, whole } from './fields.ts'
import { optionShape } from './options.ts'

/** Where the predecessor says 0 for "no limit". */
const zeroIsAbsent = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === 0 ? undefined : value), schema)

const fields = () =>
  z
    .union([text(), texts()], { error: 'a field or a list of fields' })
    .transform((value) => (typeof value === 'string' ? [value] : value))

const columns = () =>
  z
    .union([text(), texts()], { error: 'columns: a text or a list' })
    .transform((value) => (typeof value === 'string' ? value.split(',').map((column) => column.trim()) : value))

const fromFields = () => z.record(z.string(), text(), { error: 'an object of variables and fields' })

const dataSource = (limit: number) =>
  object({
    kind: text()
      .toLowerCase()
      .pipe(choice(['supabase', 'local', 'static', 'none']))
      .default('supabase'),
    table: text().default('dreams'),
    select: columns().optional(),
    query: text().optional(),
    search_column: text().default('content'),
    limit: whole(1).default(limit),
    source: text().optional(),
    ids: z
      .array(z.union([z.string(), z.number()]), { error: 'a list of ids' })
      .transform((ids) => ids.map(String))
      .optional(),
    order_column: text().default('date'),
    order_desc: flag().default(true),
    source_column: text().optional(),
    id_column: text().default('id'),
    content_field: text().default('content'),
    content_fallback_fields: fields().default([]),
    date_fields: fields().default([]),
    require_content: flag().default(true),
  }).transform((source) => {
    const dreams = source.table === 'dreams'
    return {
      ...source,
      /** Whose dreams: `mine`, `rsos`, any other, `all`. */
      source: source.source ?? (dreams ? 'mine' : 'all'),
      /** Null: rows are not told apart by source. */
      source_column: source.source_column ?? (dreams ? 'source' : null),
    }
  })

/** Where the items of a batch come from, every default filled in. */
export type DataSource = z.output<ReturnType<typeof dataSource>>

const overrideKeys = {
  discord_overrides: mapping().optional(),
  discord_options: mapping().optional(),
  media_overrides: mapping().optional(),
  media_options: mapping().optional(),
}

export const configSchema = object({
  ...optionShape,
  ...overrideKeys,
  template: text(),
  type: choice(['single', 'batch']).default('single'),
  max_tokens: zeroIsAbsent(optionShape.max_tokens),
  context_window: zeroIsAbsent(optionShape.context_window),
  description: text().optional(),
  discord: names().optional(),
  integrations: object({
    ...overrideKeys,
    discord: names().optional(),
    media: names().optional(),
    post_transcript: flag().optional(),
    transcript_channel: text().optional(),
    transcript_tool: mapping().optional(),
  }).optional(),
  pairs: list().optional(),
  mixed: object({ mode: choice(['all', 'random']).default('all'), runs_per_item: whole(1).default(1) }).optional(),
  data_source: dataSource(200).optional(),
  secondary_data_source: dataSource(50).optional(),
  template_vars_from_item: fromFields().optional(),
  template_vars_from_secondary: fromFields().optional(),
  shuffle: flag().optional(),
  max_items: zeroIsAbsent(whole(1).optional()),
  sequence: object({ runs: whole(1).default(30) }).optional(),
  output: object({ meta_jsonl: text().optional() }).optional(),
  auto_sync: flag().optional(),
  concurrency: whole(1, 100).default(4),
  threads: choice(['each', 'failed', 'none']).default('each'),
})

export type ParsedConfig = z.output<typeof configSchema>

/** What a source is when nothing is said of it. */
export function defaultSource(): DataSource {
  return dataSource(200).parse({})
}
