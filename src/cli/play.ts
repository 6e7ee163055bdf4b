import { actorsNow } from '../core/actors.ts'
import { UserError } from '../core/errors.ts'
import { plural } from '../core/figures.ts'
import { offlineNote, used } from '../core/notices.ts'
import type { Run } from '../core/run.ts'
import { exportWhole } from '../observers/export-run.ts'
import { EXIT } from './io.ts'
import type { Parts } from './parts.ts'
import { Screen } from './screen.ts'
import type { Terminal } from './terminal.ts'

/** Someone else may end a run that is driven here (ms). */
const LOOK_EVERY = 2000

/**
 * Shows a run from its beginning (or its going on) to its end, and answers Ctrl-C: once for `^C^C`, twice to leave.
 * Returns the exit code: 1 when it ended in an error or was paused by one, 130 after Ctrl-C.
 */
export async function play(
  terminal: Terminal,
  parts: Parts,
  runId: string,
  begin: () => Promise<Run>,
  how: { json: boolean },
): Promise<number> {
  const { steering, person } = parts
  const screen = how.json ? null : new Screen(terminal, parts, runId)
  parts.setStage({
    post: (run, who, text, files) => run.id === runId && screen?.post(who, text, files),
    notice: (run, text) =>
      run.id === runId && (screen ? screen.notice(plainTimes(text)) : terminal.err(plainTimes(text))),
  })
  const over = settled(parts, runId)
  const begun = begin()
  let interrupted = false
  const ignore = terminal.onInterrupt((nth) => {
    if (nth > 1) return terminal.leave()
    interrupted = true
    terminal.err('\n^C^C: the run is ending. Ctrl-C again leaves at once.')
    begun
      .then(() => steering.stop(runId, person))
      .catch((error) => {
        if (!(error instanceof UserError)) throw error
      })
  })
  try {
    const run = await begun
    if (!how.json) terminal.err(terminal.paint.dim(opening(run)))
    const note = offlineNote(run)
    if (note !== null) terminal.err(terminal.paint.dim(note))
    const ended = await over.promise
    await screen?.end()
    if (how.json) terminal.out((await exportWhole(ended, 'json', parts)).text.trimEnd())
    terminal.err(closing(ended, parts, terminal))
    if (interrupted) return EXIT.interrupted
    return ended.status === 'ended' && ended.end_reason !== 'error' ? EXIT.done : EXIT.failed
  } finally {
    over.forget()
    ignore()
  }
}

function opening(run: Run): string {
  const names = actorsNow(run).map(({ name }) => name)
  const limit = run.spec.max_turns === null ? '' : `, ${plural(run.spec.max_turns, 'round')}`
  return `Run ${run.id}: ${new Intl.ListFormat('en').format(names)} in ${run.spec.template}${limit}. Ctrl-C ends it.`
}

/** Rule 7: the reason, what it means, what was used and what to do. */
function closing(run: Run, parts: Parts, { paint }: Terminal): string {
  const again = `npm run backrooms -- resume ${run.id}`
  const lines =
    run.status === 'ended'
      ? [`${paint.bold(`Ended: ${run.end_reason}.`)} ${run.status_text ?? ''}`.trim()]
      : [`${paint.bold('Paused.')} ${run.status_text ?? ''}`.trim(), `To go on: ${again}`]
  lines.push(`Used: ${used(run)}.`, `Log: ${parts.dataDir}/backrooms_logs/${run.log_file}`)
  const note = offlineNote(run)
  if (note !== null) lines.push(paint.dim(note))
  return `\n${lines.join('\n')}`
}

/** The run when it has ended and its observers have had their say, or when it is paused. */
function settled({ store, bus }: Parts, runId: string): { promise: Promise<Run>; forget(): void } {
  const { promise, resolve, reject } = Promise.withResolvers<Run>()
  const look = () => {
    store.run(runId).then((run) => {
      if (run && (run.closed_at !== null || run.status === 'paused')) resolve(run)
    }, reject)
  }
  const off = bus.on('changed', (news) => news.run_id === runId && look())
  const every = setInterval(look, LOOK_EVERY)
  return {
    promise,
    forget() {
      off()
      clearInterval(every)
    },
  }
}

/** Discord's relative times (`<t:…:R>`) as a clock shows them. */
function plainTimes(text: string): string {
  return text.replaceAll(
    /<t:(\d+):R>/g,
    (_, seconds: string) => `at ${new Date(Number(seconds) * 1000).toTimeString().slice(0, 8)}`,
  )
}
