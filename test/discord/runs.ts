import { faceOf } from '../../src/core/actors.ts'
import { NO_USAGE } from '../../src/core/model.ts'
import type { Actor, Run, Turn } from '../../src/core/run.ts'
import { freshState } from '../../src/engine/changes.ts'
import { spec } from '../engine/kit.ts'

// Runs and turns as the engine would make them, for tests of what is put into Discord.

export function anActor(displayName: string, position: number): Actor {
  return {
    model: {
      alias: displayName.toLowerCase(),
      provider: 'anthropic',
      api_name: displayName,
      display_name: displayName,
      company: 'Somebody',
      context_window: 200_000,
      max_tokens: null,
      price: null,
      quirks: {},
    },
    name: `${displayName} ${position}`,
    face: faceOf(displayName),
    system: '',
    history: [{ role: 'user', content: 'Begin.' }],
  }
}

export function aRun(more: Partial<Run> = {}): Run {
  return {
    id: 'run1',
    spec: spec({
      description: 'A scene.',
      title: 'Two voices',
      actors: [anActor('Claude Opus', 1), anActor('Claude Sonnet', 2)],
      max_turns: 30,
    }),
    state: freshState(),
    status: 'going',
    end_reason: null,
    status_text: null,
    guild_id: '1',
    channel_id: '2',
    thread_id: null,
    panel_message_id: null,
    starter_id: '7',
    starter_name: 'Ada',
    batch_id: null,
    log_file: 'log.txt',
    rev: 1,
    panel_rev: 0,
    next_index: 0,
    created_at: 0,
    ended_at: null,
    closed_at: null,
    driver: null,
    ...more,
  }
}

export function aTurn(more: Partial<Turn> = {}): Turn {
  return {
    run_id: 'run1',
    turn_index: 0,
    round: 0,
    actor_index: 0,
    name: 'Claude Opus 1',
    author_id: null,
    text: 'Hello.',
    reasoning: '',
    whisper_to: null,
    steps: [],
    model: 'opus',
    usage: NO_USAGE,
    dropped_at: null,
    created_at: 0,
    ...more,
  }
}
