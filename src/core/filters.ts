/** Filters that must be left out together for a search to find something. */
export interface Culprits<F extends string> {
  without: F[]
  /** What is found then. */
  found: number
}

/**
 * Which filters emptied a search: each that is to blame alone; where none is, each two that are together. Empty where leaving out two does
 * not help.
 *
 * @param filters those that were set. @param count how many the search finds without these.
 */
export async function culprits<F extends string>(
  filters: readonly F[],
  count: (without: F[]) => Promise<number>,
): Promise<Culprits<F>[]> {
  const pairs = filters.flatMap((a, i) => filters.slice(i + 1).map((b) => [a, b]))
  for (const sets of [filters.map((filter) => [filter]), pairs]) {
    const found: Culprits<F>[] = []
    for (const without of sets) found.push({ without, found: await count(without) })
    const some = found.filter((each) => each.found > 0)
    if (some.length > 0) return some
  }
  return []
}
