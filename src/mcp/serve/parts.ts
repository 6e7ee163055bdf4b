import type { Catalog } from '../../config/catalog.ts'
import type { Models } from '../../core/model.ts'
import type { Run } from '../../core/run.ts'
import type { Person, StartPlace, Steering } from '../../core/steering.ts'
import type { Store } from '../../core/store.ts'
import type { Log, Purse } from '../../engine/ports.ts'

/** What our own MCP server is made of: other programs drive and read runs through it. */
export interface ServeParts {
  store: Store
  steering: Pick<Steering, 'start' | 'say' | 'stop' | 'resume'>
  catalog: Catalog
  models: Pick<Models, 'missing'>
  /** The caps of a day in the server where the run opens. */
  purse: Pick<Purse, 'refusal'>
  log: Log
  /** Where a run opens. Throws UserError when there is no such channel. */
  place(channel: string | null, person: Person): StartPlace | Promise<StartPlace>
  /** Null: it can be done to this run from here. Else one sentence where it can. */
  elsewhere(run: Run, verb: 'say' | 'stop' | 'resume'): string | null
}
