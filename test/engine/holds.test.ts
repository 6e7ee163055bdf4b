import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Holds } from '../../src/engine/holds.ts'
import type { Hold, Standing } from '../../src/engine/ports.ts'

const never = new AbortController().signal

/** A cap that many share, and what is committed under it. */
function till(limit: number) {
  let spent = 0
  const holds = new Holds()
  const look = async (): Promise<Standing[]> => [{ key: 'k', limit, spent, refusal: 'No more.', outcome: 'pause' }]
  return {
    open: (): Hold => holds.open(['k'], look),
    commit: async (usd: number) => {
      spent += usd
    },
    spent: () => spent,
  }
}

/** Whether a promise is still open when everything else that could go on has gone on. */
async function waits(promise: Promise<unknown>): Promise<boolean> {
  let open = true
  promise.then(
    () => (open = false),
    () => (open = false),
  )
  await new Promise(setImmediate)
  return open
}

test('a call waits while those under way might together pass the cap, and goes when one comes back cheaper', async () => {
  const { open, commit } = till(1)
  const [first, second] = [open(), open()]
  expect(await first.take(0.7, never)).toEqual({ kind: 'go', waited: false, isLast: false })
  const taking = second.take(0.7, never)
  expect(await waits(taking)).toBe(true)
  first.used(0.1)
  await first.settle(() => commit(0.1))
  expect(await taking).toEqual({ kind: 'go', waited: true, isLast: false })
})

test('one call may go below the cap when nothing else is under way, however dear; none at the cap', async () => {
  const { open, commit } = till(1)
  const first = open()
  expect((await first.take(Number.POSITIVE_INFINITY, never)).kind).toBe('go')
  first.used(5)
  await first.settle(() => commit(5))
  expect(await open().take(0.01, never)).toMatchObject({ kind: 'refused', why: 'No more.', outcome: 'pause' })
})

test('nothing is refused while costs are on their way into the store', async () => {
  const { open, commit } = till(1)
  const first = open()
  await first.take(0.6, never)
  first.used(0.6)
  const { promise: written, resolve: write } = Promise.withResolvers<void>()
  const settling = first.settle(async () => {
    await commit(0.6)
    await written
  })
  // For the moment both the store and the hold have the 0.6.
  const taking = open().take(0.3, never)
  expect(await waits(taking)).toBe(true)
  write()
  await settling
  expect((await taking).kind).toBe('go')
})

test('a wait can be broken off, and who waits behind it goes', async () => {
  const { open } = till(1)
  const first = open()
  await first.take(0.7, never)
  const stop = new AbortController()
  const dear = open().take(0.9, stop.signal)
  const cheap = open().take(0.2, never)
  expect(await waits(cheap)).toBe(true)
  stop.abort(new Error('stopped'))
  await expect(dear).rejects.toThrow('stopped')
  expect((await cheap).kind).toBe('go')
})

test('two turns in the middle of their tools do not wait for each other', async () => {
  const { open } = till(1)
  const [first, second] = [open(), open()]
  await first.take(0.5, never)
  await second.take(0.5, never)
  first.used(0.5)
  second.used(0.5)
  const taking = second.take(0.5, never)
  expect(await taking).toMatchObject({ kind: 'go', isLast: true })
  const other = first.take(0.5, never)
  expect(await waits(other)).toBe(true)
  second.used(0.5)
  expect(await other).toMatchObject({ kind: 'refused' })
})

const turn = fc.record({
  /** What each of its calls costs, and by how much its highest cost was above that. */
  calls: fc.array(fc.record({ cost: fc.integer({ min: 1, max: 40 }), above: fc.integer({ min: 0, max: 60 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  stops: fc.option(fc.nat(5), { freq: 4, nil: null }),
})

test('however turns interleave, a cap is passed by less than one turn, nothing waits for ever, nothing is refused falsely', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(turn, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 200 }),
      fc.scheduler(),
      async (turns, limit, s) => {
        const { open, commit, spent } = till(limit)
        const dearest = Math.max(...turns.map(({ calls }) => calls.reduce((sum, { cost }) => sum + cost, 0)))
        let inHand = 0
        const all = Promise.all(
          turns.map(async ({ calls, stops }, nth) => {
            await s.schedule(Promise.resolve(), `turn ${nth}`)
            const hold = open()
            const stop = new AbortController()
            if (stops !== null)
              void s.schedule(Promise.resolve(), `stop ${nth}`).then(() => stop.abort(new Error('stopped')))
            let cost = 0
            for (const call of calls) {
              const take = (usd: number) => hold.take(usd, stop.signal).catch(() => null)
              let taken = await take(call.cost + call.above)
              // What was said meanwhile makes the call dearer than it was.
              for (let more = 1; taken?.kind === 'go' && taken.waited; more++) {
                taken = await take(call.cost + call.above + Math.min(more, 3))
              }
              if (taken === null) break
              if (taken.kind === 'refused') {
                // A fresh turn is refused only by what is spent for good.
                if (cost === 0) expect(spent()).toBeGreaterThanOrEqual(limit)
                else expect(spent() + inHand).toBeGreaterThanOrEqual(limit)
                break
              }
              await s.schedule(Promise.resolve(), `call ${nth}`)
              hold.used(call.cost)
              cost += call.cost
              inHand += call.cost
              if (taken.isLast) break
              await s.schedule(Promise.resolve(), `tools ${nth}`)
            }
            await hold.settle(async () => {
              await s.schedule(Promise.resolve(), `commit ${nth}`)
              await commit(cost)
              inHand -= cost
              await s.schedule(Promise.resolve(), `committed ${nth}`)
            })
          }),
        )
        await s.waitFor(all)
        expect(spent() - dearest).toBeLessThan(limit)
      },
    ),
    { numRuns: 500, timeout: 2000 },
  )
})
