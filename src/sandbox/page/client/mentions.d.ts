interface Named {
  id: string
  name: string
  type?: number
  mentionable?: boolean
  topic?: string | null
}
interface NamedUser {
  id: string
  username: string
  global_name: string | null
}
export interface Known {
  users: Map<string, NamedUser>
  roles: Map<string, Named>
  channels: Map<string, Named>
  nameOfUser(user: NamedUser): string
  listed(): Named[]
  isThread(channel: Named): boolean
}
export function withIds(text: string, server: Known): string
export function mentionSuggestions(
  text: string,
  caret: number,
  server: Known,
): { items: { label: string; insert: { from: number; to: number; text: string } }[] } | null
