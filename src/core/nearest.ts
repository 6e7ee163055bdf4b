/** The known names that a mistyped one may have been meant for, best first: none that would have to be typed quite differently. */
export function nearest(name: string, known: Iterable<string>, most = 3): string[] {
  const wanted = name.toLowerCase()
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: closeness(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= farthest(Math.max(wanted.length, candidate.length)))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** So few names are all told where none is near. */
const FEW = 8

/** `Nearest: a, b, c.`; where none is near, all of them if they are few. */
export function nearestSentence(name: string, known: Iterable<string>): string {
  const names = [...new Set(known)]
  if (names.length === 0) return 'There are none yet.'
  const near = nearest(name, names)
  if (near.length > 0) return `Nearest: ${near.join(', ')}.`
  return names.length > FEW ? 'None has a name like it.' : `There is only: ${names.join(', ')}.`
}

/** How many slips a name of so many letters may hold. */
const farthest = (length: number): number => Math.max(1, Math.round(length / 3))

/** Shorter parts are found in too many names to mean anything. */
const SHORTEST_PART = 3

/** Edit distance, in which a shared beginning or a contained name counts as near however long the rest is. */
function closeness(a: string, b: string): number {
  const distance = editDistance(a, b)
  if (a !== '' && b.startsWith(a)) return Math.min(distance, 1)
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= SHORTEST_PART && long.includes(short)) return Math.min(distance, 1.5)
  return distance
}

/** Insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(
        (above[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (above[j - 1] as number) + (same ? 0 : 1),
      )
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] as number
}
