import { userInfo } from 'node:os'
import type { Person } from '../core/steering.ts'

/** The person at the terminal, by the name of their account on this machine. */
export function whoSitsHere(): Person {
  return { id: 'terminal', name: accountName() ?? 'Someone at the terminal', avatar_url: null }
}

/** Null where the account has no name, as in some containers. https://nodejs.org/api/os.html#osuserinfooptions */
function accountName(): string | null {
  try {
    return userInfo().username || null
  } catch {
    return null
  }
}
