import type { Dream } from '../core/dreams.ts'

/** `d07` · 2023-01-14 · mine: */
export function dreamHead({ id, date, source }: Dream): string {
  const day = date?.replace(/[T ]00:00(:00)?(\.0+)?(Z|[+-]00:?(00)?)?$/, '') ?? null
  const about = [day, source].filter((each) => each !== null).join(' · ')
  return `\`${id.replaceAll('`', '')}\`${about === '' ? '' : ` · ${about}`}:`
}
