import { UserError } from '../../core/errors.ts'
import { type Mcp, McpError } from '../../core/mcp.ts'
import { seconds } from '../../mcp/words.ts'
import type { Work } from './work.ts'

/** How long a tool that has hung may stay silent (ms): long enough for most pictures, so that one that is well again is noticed. */
const AFTER_HANGING = 30_000

/** The run's tools. One that hung is not waited for as long in the next rounds, where they wait for it, until it answers again. */
export function patientMcp({ parts, preset, memory }: Work): Pick<Mcp, 'call'> {
  return {
    async call(server, tool, args, options) {
      const name = `${server}/${tool}`
      const hung = memory.hung.includes(name)
      try {
        const short = hung && preset.pace === 'wait' ? { timeoutMs: AFTER_HANGING } : {}
        const answer = await parts.mcp.call(server, tool, args, { ...options, ...short })
        memory.hung = memory.hung.filter((each) => each !== name)
        return answer
      } catch (error) {
        if (!(error instanceof McpError) || error.failure !== 'timeout' || hung) throw error
        memory.hung = [...memory.hung, name]
        if (preset.pace !== 'wait') throw error
        const told = `${error.message} In the next rounds it is waited for ${seconds(AFTER_HANGING)}, until it answers again.`
        throw new UserError(told, { cause: error })
      }
    },
  }
}
