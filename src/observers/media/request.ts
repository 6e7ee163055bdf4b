import { setTimeout as sleep } from 'node:timers/promises'
import type { MediaTool } from '../../config/preset.ts'
import { UserError } from '../../core/errors.ts'
import { type CallOptions, type Mcp, McpError, type ToolAnswer } from '../../core/mcp.ts'
import { sentence } from '../../core/sentence.ts'
import { shorten } from '../../core/shorten.ts'
import { refuse } from '../posting.ts'
import {
  type Found,
  findFailure,
  findLocalPath,
  findPictures,
  findStatus,
  findTaskId,
  namesPictures,
} from './pictures.ts'

/** Longest kept of what a tool answered, in characters, for the log. */
const RESULT_KEPT = 4000

export interface Wanted {
  tool: MediaTool
  args: Record<string, unknown>
  /** The picture that is to be edited: echoed back it is no result. */
  input: string | null
  /** A finished task may have painted over the same address. */
  acceptSameWhenPolled: boolean
  /** The task that was begun for it before a restart; null: none. */
  task: string | null
  /** A task has begun. */
  onTask(task: string): Promise<void>
  /** How far it is, in a few words. */
  at(text: string): void
}

type Progress = Parameters<NonNullable<CallOptions['onProgress']>>[0]

interface Made {
  found: Found[]
  /** What the tool answered, for the log. */
  result: string
}

/** Asks a tool for pictures, and asks after its task until they are there. Newest last. Throws UserError. */
export async function requestPictures(mcp: Pick<Mcp, 'call'>, wanted: Wanted, signal: AbortSignal): Promise<Made> {
  const { tool, args, input } = wanted
  const again = wanted.task === null ? null : await askAfter(mcp, wanted, { task: wanted.task, resumed: true }, signal)
  if (again !== null) return again
  const where = `${tool.server}/${tool.name}`
  const first = await mcp.call(tool.server, tool.name, wrapped(args, tool.wrap_params), {
    signal,
    onProgress: (progress) => wanted.at(progressText(progress)),
  })
  refuse(first, where)
  const fresh = findPictures(first).filter((each) => !isInput(each, input))
  const task = findTaskId(first)
  if (fresh.length === 0) refuseLocal(first, where)
  if (fresh.length > 0 || task === null) return { found: fresh, result: readable(first) }
  await wanted.onTask(task)
  return (await askAfter(mcp, wanted, { task, resumed: false }, signal)) as Made
}

/** Until it is done. Null: the server no longer knows a task that was begun before a restart, as one that died with the bot. */
async function askAfter(
  mcp: Pick<Mcp, 'call'>,
  { tool, input, acceptSameWhenPolled, at }: Wanted,
  { task, resumed }: { task: string; resumed: boolean },
  signal: AbortSignal,
): Promise<Made | null> {
  const where = `${tool.server}/${tool.name}`
  const { interval, max_seconds } = tool.poll
  const until = Date.now() + max_seconds * 1000
  for (let doubtful = resumed; ; doubtful = false) {
    // Both spellings: servers differ in which they read.
    const ask = wrapped({ task_id: task, taskId: task }, tool.status_tool.wrap_params)
    const answer = await mcp.call(tool.server, tool.status_tool.name, ask, { signal }).catch((error) => {
      if (doubtful && error instanceof McpError && error.failure === 'refused') return null
      throw error
    })
    if (answer === null || (doubtful && answer.isError)) return null
    refuse(answer, `${tool.server}/${tool.status_tool.name}`)
    const status = findStatus(answer) ?? ''
    at(shorten(status, 40))
    const done = /^(success|succeeded|completed?|done|finished)$/.test(status)
    // A server without states says that a task is done by naming its picture; an address in its prose says nothing.
    const mayBeSame = acceptSameWhenPolled && (done || (status === '' && namesPictures(answer)))
    const found = findPictures(answer).filter((each) => !isInput(each, input) || mayBeSame)
    if (found.length > 0) return { found, result: readable(answer) }
    if (done) refuseLocal(answer, where)
    if (/^(fail(ed|ure)?|error|cancell?ed)$/.test(status)) {
      const why = findFailure(answer)
      const said = why === null ? ', and says no more.' : `: ${sentence(shorten(why, 300))}`
      throw new UserError(`The task ${task} of ${where} ended as "${status}"${said}`)
    }
    if (Date.now() + interval * 1000 > until) {
      throw new UserError(
        done
          ? `The task ${task} of ${where} ended as "${status}", but no picture came within ${max_seconds} s.`
          : `The task ${task} of ${where} was not finished within ${max_seconds} s.`,
      )
    }
    await sleep(Math.max(50, interval * 1000), undefined, { signal })
  }
}

/** `2 of 5, mixing colours` */
function progressText({ progress, total, message }: Progress): string {
  const number = (value: number) => String(Math.round(value * 100) / 100)
  const far = total === undefined ? number(progress) : `${number(progress)} of ${number(total)}`
  const words = shorten((message ?? '').replaceAll(/\s+/g, ' ').trim(), 100)
  return words === '' ? far : `${far}, ${words}`
}

/** What lies on another program's disk is nothing for the bot to read. */
function refuseLocal(answer: ToolAnswer, where: string): void {
  const path = findLocalPath(answer)
  if (path === null) return
  throw new UserError(
    `${where} left its picture on its own disk (${shorten(path, 120)}), and local paths are not read: let it answer with the picture itself or with an http address.`,
  )
}

const wrapped = (args: Record<string, unknown>, wrap: boolean) => (wrap ? { params: args } : args)

/** Also the very bytes that were handed over as a data URI. */
const isInput = (found: Found, input: string | null): boolean =>
  input !== null && (found.kind === 'url' ? found.url === input : input.endsWith(`;base64,${found.base64}`))

/** The answer as the log keeps it: bytes are named, not printed. */
function readable(answer: ToolAnswer): string {
  const parts = answer.content.map((block) => {
    if (block.type === 'text') return block.text
    if (block.type === 'resource_link') return block.uri
    if (block.type === 'resource')
      return 'text' in block.resource
        ? block.resource.text || block.resource.uri
        : `[${block.resource.mimeType ?? 'file'}]`
    return `[${block.mimeType}]`
  })
  const text = parts.join('\n') || JSON.stringify(answer.structured ?? {})
  return text.replaceAll(/base64,[A-Za-z0-9+/=]{40,}/g, 'base64,…').slice(0, RESULT_KEPT)
}
