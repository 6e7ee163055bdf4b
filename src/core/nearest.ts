/** The known names closest to a mistyped one, best first: what an error about an unknown name offers. */
export function nearest(name: string, known: Iterable<string>, most = 3): string[] {
  const wanted = name.toLowerCase()
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: closeness(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** `Nearest: a, b, c.`, or what there is to say when nothing is known at all. */
export function nearestSentence(name: string, known: Iterable<string>): string {
  const names = nearest(name, known)
  return names.length === 0 ? 'There are none yet.' : `Nearest: ${names.join(', ')}.`
}

/** Edit distance, in which a shared beginning or a contained name counts as near however long the rest is. */
function closeness(a: string, b: string): number {
  const distance = editDistance(a, b)
  if (a !== '' && b.startsWith(a)) return Math.min(distance, 1)
  if (a !== '' && (b.includes(a) || a.includes(b))) return Math.min(distance, 2)
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
