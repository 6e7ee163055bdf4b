import { expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { parseMedia, parseNarrator } from '../../src/config/preset.ts'
import { DUET, project } from './project.ts'

test('an empty narrator profile has every default', () => {
  expect(parseNarrator('p', {})).toEqual({
    model: 'same-as-lm1',
    transcript_window: 10,
    bot_history_window: 5,
    post_once_at_start: false,
    disable_summary: false,
    max_message_length: 1900,
    post_transcript: false,
    once: false,
  })
})

test('a profile posts by the bot unless it names another tool', () => {
  expect(parseNarrator('p', { tool: { defaults: { channel: 'status' } } }).tool).toEqual({
    server: 'discord',
    name: 'send-message',
    defaults: { channel: 'status' },
  })
})

test.each(['first', 'first_only', 'start', 'start_only'])('run_on %s posts once', (run_on) => {
  expect(parseNarrator('p', { run_on }).once).toBe(true)
})

test('longer messages than Discord carries are cut down to what it does', () => {
  expect(parseNarrator('p', { max_message_length: 4000 }).max_message_length).toBe(1900)
})

test('a media preset has every default', () => {
  expect(parseMedia('m', { tool: { server: 's', name: 'n' } })).toMatchObject({
    model: 'same-as-lm1',
    mode: 't2i',
    t2i_use_summary: false,
    user_from_round: null,
    prompt_param: 'prompt',
    pictures: 1,
    run_every_n_rounds: 1,
    dedupe_same_url_in_edit: false,
    dedupe_discord_posts: true,
    post_image_to_discord: true,
    post_caption_to_discord: true,
    discord_dry_run: false,
    strategy: 'tool',
    pace: 'wait',
    tool: {
      wrap_params: true,
      defaults: {},
      status_tool: { name: 'get_task_status', wrap_params: false },
      poll: { interval: 3, max_seconds: 60 },
    },
  })
})

test('older and shorter spellings', () => {
  const tool = { server: 's', name: 'n' }
  const read = (preset: object) => parseMedia('m', { tool, ...preset })
  expect(read({ mode: 'auto' }).mode).toBe('chain')
  expect(read({ user_from_round: true }).user_from_round).toBe('last')
  expect(read({ post_top_k: 3 }).pictures).toBe(3)
  expect(read({ post_top_k: 3, n: 2 }).pictures).toBe(2)
  expect(read({ edit_tool: { ...tool, image_param: 'image' } }).edit_tool?.image_param).toEqual({
    name: 'image',
    as_list: false,
  })
  expect(read({ edit_tool: { ...tool, image_param: { name: 'urls', as_list: true } } }).edit_tool?.image_param).toEqual(
    {
      name: 'urls',
      as_list: true,
    },
  )
})

test('a media preset without a tool is an error, except for a search', () => {
  expect(() => parseMedia('m', {})).toThrow(/^m: tool is missing; it must be a tool/)
  expect(parseMedia('m', { strategy: 'semantic_search', folders: 'a' }).folders).toEqual(['a'])
})

test('a chosen preset carries its model, resolved once', () => {
  const root = project({
    ...DUET,
    'presets/discord/p.json': { model: 'hermes' },
    'presets/discord/raw.json': { model: 'vendor/model-7b' },
    'templates/duet/media.json': { tool: { server: 's', name: 'own' } },
    'presets/media/m.json': { tool: { server: 's', name: 'n' }, model: 'claude-opus-x' },
  })
  const catalog = new Catalog({ root, offline: false })
  const choose = (options: object) => catalog.resolveRun({ lm1: 'opus', template: 'duet', max_turns: 1, ...options })
  const { profiles, media } = choose({ profiles: 'p,raw', media: 'm, template, duet' })
  expect(profiles.map(({ name, preset }) => [name, parseNarrator(name, preset).model])).toMatchObject([
    ['p', { alias: 'hermes', display_name: 'Hermes 405B' }],
    ['raw', { provider: 'openrouter', api_name: 'vendor/model-7b', company: 'vendor' }],
  ])
  expect(media.map(({ name, preset }) => [name, parseMedia(name, preset).tool?.name])).toEqual([
    ['m', 'n'],
    ['template', 'own'],
    ['duet', 'own'],
  ])
  expect(parseMedia('m', media[0]?.preset).model).toMatchObject({ alias: 'opus' })
  expect(() => catalog.resolveRun({ lm1: 'opus', template: 'duet', profiles: 'raw' })).toThrow(
    /price of .*vendor\/model-7b is not known/,
  )
})

test('a preset with an unknown model keeps no run from its start: it is named, and does nothing', () => {
  const root = project({
    ...DUET,
    'presets/discord/p.json': { model: 'opsu' },
    'presets/discord/q.json': {},
    'presets/media/m.json': { tool: { server: 's', name: 'n' }, model: 'nobody' },
  })
  const catalog = new Catalog({ root, offline: false })
  const spec = catalog.resolveRun({ lm1: 'opus', template: 'duet', profiles: 'p,q', media: 'm' })
  expect([...spec.profiles, ...spec.media].map(({ name, fault }) => [name, fault])).toEqual([
    ['p', expect.stringMatching(/^presets\/discord\/p\.json: model: There is no model "opsu".*opus/)],
    ['q', undefined],
    ['m', expect.stringMatching(/^presets\/media\/m\.json: model: There is no model "nobody"/)],
  ])
  expect(catalog.startNotes(spec)).toEqual([
    expect.stringMatching(/^`p` does nothing in this run\. presets\/discord\/p\.json: model: There is no/),
    expect.stringMatching(/^`m` does nothing in this run\. presets\/media\/m\.json: model: There is no/),
  ])
})

test('a placeholder that there is not is told at the start, and stays as it is', () => {
  const preset = { user_template: '{transcript} {nope} {"a": 1} {}', system_prompt: 'Be {bold}.' }
  const root = project({ ...DUET, 'presets/discord/p.json': preset })
  const catalog = new Catalog({ root, offline: false })
  const notes = catalog.startNotes(catalog.resolveRun({ lm1: 'opus', template: 'duet', profiles: 'p' }))
  expect(notes).toEqual([
    expect.stringMatching(/^Profile `p`: user_template: \{nope\} is no placeholder .*\{bot_history\}/),
    'Profile `p`: system_prompt: {bold} stays as it is; only user_template has placeholders.',
  ])
})

test('lists of presets mark broken ones', () => {
  const root = project({
    ...DUET,
    'presets/discord/a.json': { description: 'Writes.' },
    'presets/discord/b.json': '{',
    'presets/media/m.json': { mode: 'paint' },
    'templates/duet/media.json': {},
  })
  const catalog = new Catalog({ root, offline: false })
  expect(catalog.profiles()).toEqual([
    { name: 'a', description: 'Writes.', error: null },
    { name: 'b', description: '', error: 'presets/discord/b.json, line 1, column 2: broken JSON: it ends too early.' },
  ])
  expect(catalog.mediaPresets('duet').map(({ name }) => name)).toEqual(['template', 'm'])
  expect(catalog.mediaPresets()[0]?.error).toBe(
    'presets/media/m.json: mode must be one of t2i, edit, chain, auto, not "paint".',
  )
})
