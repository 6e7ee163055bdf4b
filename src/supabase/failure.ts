import { UserError } from '../core/errors.ts'

/** What supabase-js hands back with an answer. */
export interface Answer<T> {
  data: T | null
  /** Its message is missing where the answer had an empty body, as PostgREST's to an upsert into a missing table. */
  error: { code?: string; message?: string; details?: string | null; hint?: string | null } | null
  status: number
}

/** The data, or a UserError that names the cause and the remedy; never the key. */
export function dataOf<T>({ data, error, status }: Answer<T>, what: { table: string; verb: 'read' | 'write' }): T {
  if (error) throw new UserError(sentence(error, status, what))
  return data as T
}

function sentence(
  { code = '', message = '', details, hint }: NonNullable<Answer<unknown>['error']>,
  status: number,
  { table, verb }: { table: string; verb: 'read' | 'write' },
): string {
  const said = message.replace(/[.\s]+$/, '')
  if (status === 429)
    return 'Supabase asks for fewer requests (429) and did so again after several waits: try again in a minute.'
  if (status === 0 || (/fetch failed|TypeError|timed? ?out|aborted/i.test(message) && status < 400))
    return `Supabase cannot be reached${reason(`${message} ${details ?? ''}`)}: check SUPABASE_URL, and whether the project is paused.`
  // Rights are asked for before policies: https://www.postgresql.org/docs/current/ddl-rowsecurity.html
  if (code === '42501' && said.startsWith('permission denied'))
    return `Supabase does not let this key ${verb} \`${table}\` (${said}): its role has no right to it. Use the service role key, or give the role the right in the SQL editor: grant ${verb === 'read' ? 'select' : 'select, insert, update, delete'} on public."${table}" to service_role (anon for the publishable key).`
  if (code === '42501')
    return `Supabase does not let this key ${verb} \`${table}\` (${said}): row-level security has no policy for it. Use the service role key, or add the policy of supabase/schema.sql.`
  if (status === 401 || status === 403 || /^PGRST30[0-3]$/.test(code) || /invalid api key|jws|jwt/i.test(message))
    return `Supabase refuses the key (${said}): copy it again from the project's API settings into SUPABASE_KEY.`
  if (code === '42P01' || code === 'PGRST205' || (status === 404 && code !== 'PGRST202'))
    return `Supabase has no table \`${table}\`${hint ? ` (${hint})` : ''}: run supabase/schema.sql in its SQL editor, or name another with \`table\`.`
  if (code === '42703' || code === 'PGRST204' || code === 'PGRST100')
    return `Supabase: a column is missing in \`${table}\`: ${said}. Name yours in the config (id_column, content_field, source_column, order_column, search_column), or run supabase/schema.sql.`
  if (code === '22P02') return `Supabase: ${said}. The ids of \`${table}\` are of another kind.`
  if (code === '57014')
    return `Supabase gave up the search of \`${table}\` because it took too long: run supabase/schema.sql, which adds the indexes, or search for fewer words.`
  if (status >= 500)
    return `Supabase has trouble of its own (status ${status}: ${said.slice(0, 200)}): try again later.`
  return `Supabase: ${said.slice(0, 300) || `status ${status}`}${code ? ` (${code})` : ''} on \`${table}\`.`
}

const reason = (text: string): string => {
  const code = /\b(E[A-Z_]{4,}|UND_ERR_\w+)\b/.exec(text)?.[1]
  if (code) return ` (${code})`
  return /time/i.test(text) ? ' (it does not answer in time)' : ''
}
