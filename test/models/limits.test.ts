import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Door } from '../../src/models/limits.ts'
import { createModels } from '../../src/models/models.ts'
import { modelCall, modelInfo } from './calls.ts'

const never = new AbortController().signal

describe('a provider’s door', () => {
  it('lets in as many as it may, and the next when one leaves', async () => {
    const door = new Door({ in_flight: 2 })
    const entered: string[] = []
    const enter = async (run: string) => {
      const leave = await door.enter(run, never)
      entered.push(run)
      return leave
    }
    const [leaveA] = await Promise.all([enter('a'), enter('b')])
    const c = enter('c')
    await Promise.resolve()
    expect(entered).toEqual(['a', 'b'])
    leaveA?.()
    leaveA?.()
    await c
    expect(entered).toEqual(['a', 'b', 'c'])
  })

  it('keeps a place for every run that talks, and gives the others to narrators and media agents', async () => {
    const door = new Door({ in_flight: 4 })
    const entered: string[] = []
    const enter = async (name: string, aside: boolean, run = 'run') => {
      const leave = await door.enter(run, never, aside)
      entered.push(name)
      return leave
    }
    const leaves = ['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => enter(name, true))
    ;(await enter('actor', false))()
    expect(entered.sort()).toEqual(['actor', 'n1', 'n2', 'n3'])
    ;(await leaves[0])?.()
    await leaves[3]
    ;(await enter('actor', false))()
    // Another run talks as well: for the next narrator that leaves, none comes in.
    const other = enter('other', false, 'other')
    ;(await leaves[1])?.()
    await other
    expect(entered).toEqual(['actor', 'n1', 'n2', 'n3', 'n4', 'actor', 'other'])
  })

  it.each([
    [
      'lets conversations and narrators alternate where one call at a time is allowed',
      1,
      ['a', 'n1', 'b', 'n2', 'c', 'd'],
    ],
    ['lets narrators in after the conversations that fill every place', 2, ['a', 'b', 'c', 'd', 'n1', 'n2']],
  ])('%s', async (_, in_flight, expected) => {
    vi.useFakeTimers()
    const door = new Door({ in_flight })
    const order: string[] = []
    const visit = async (name: string, aside: boolean) => {
      const leave = await door.enter(name, never, aside)
      order.push(name)
      setTimeout(leave, 100)
    }
    const all = [
      ...['a', 'b', 'c', 'd'].map((run) => visit(run, false)),
      ...['n1', 'n2'].map((name) => visit(name, true)),
    ]
    await vi.advanceTimersByTimeAsync(70_000)
    await Promise.all(all)
    expect(order).toEqual(expected)
    vi.useRealTimers()
  })

  it('takes the runs in turn, however many calls one of them has', async () => {
    const door = new Door({ in_flight: 1 })
    const order: string[] = []
    const visit = async (run: string) => {
      const leave = await door.enter(run, never)
      order.push(run)
      leave()
    }
    await Promise.all(['a', 'a', 'a', 'a', 'b', 'c'].map(visit))
    expect(order).toEqual(['a', 'a', 'b', 'c', 'a', 'a'])
  })

  it('tells who has to wait for which limit, and when it is another', async () => {
    const door = new Door({ in_flight: 1, per_minute: 2 })
    const told: string[] = []
    const enter = (run: string) => door.enter(run, person.signal, false, (limit) => told.push(`${run} ${limit}`))
    const person = new AbortController()
    const leave = await enter('a')
    const b = enter('b')
    const c = enter('c')
    expect(told).toEqual(['b in_flight', 'c in_flight'])
    leave()
    await b
    expect(told).toEqual(['b in_flight', 'c in_flight', 'c per_minute'])
    person.abort()
    await expect(c).rejects.toThrow()
  })

  it('a wait that lasts is told with its limit, and when it is over', async () => {
    const models = createModels({ env: {}, limits: { offline: { in_flight: 1 } }, paceMs: 1500 })
    const waits: unknown[] = []
    const call = (run: string) =>
      models.call(modelCall(modelInfo('offline'), { cache_key: `${run}:0`, onWait: (wait) => waits.push([run, wait]) }))
    await Promise.all([call('a'), call('b')])
    expect(waits).toEqual([
      ['b', { provider: 'offline', limit: 'in_flight', count: 1 }],
      ['b', null],
    ])
  })

  it('forgets who gave up waiting', async () => {
    const door = new Door({ in_flight: 1 })
    const leave = await door.enter('a', never)
    const person = new AbortController()
    const waiting = door.enter('b', person.signal)
    person.abort()
    await expect(waiting).rejects.toThrow()
    const next = door.enter('c', never)
    leave()
    await expect(next).resolves.toBeTypeOf('function')
  })

  describe('with a limit per minute', () => {
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())

    it('begins no more than that in any 60 seconds', async () => {
      const door = new Door({ per_minute: 2 })
      const begun: number[] = []
      const start = Date.now()
      const visits = Array.from({ length: 5 }, async (_, run) => {
        const leave = await door.enter(String(run), never)
        begun.push(Date.now() - start)
        leave()
      })
      await vi.advanceTimersByTimeAsync(150_000)
      await Promise.all(visits)
      expect(begun).toEqual([0, 0, 60_000, 60_000, 120_000])
    })

    /** A run of `turns` turns of so many ms, and eight narrators who post after every second turn. When each call began (ms). */
    async function runWithNarrators(door: Door, turns: number, ms = 1000, run = 'run') {
      const start = Date.now()
      const begun: { talk: number[]; aside: number[] } = { talk: [], aside: [] }
      const call = async (aside: boolean) => {
        const leave = await door.enter(run, never, aside)
        begun[aside ? 'aside' : 'talk'].push(Date.now() - start)
        await new Promise((done) => setTimeout(done, ms))
        leave()
      }
      let rounds = 0
      const narrators = Array.from({ length: 8 }, async () => {
        for (let round = 1; round <= turns / 2; round++) {
          while (rounds < round) await new Promise((done) => setTimeout(done, 100))
          await call(true)
        }
      })
      const talk = (async () => {
        for (let turn = 1; turn <= turns; turn++) {
          await call(false)
          rounds = Math.floor(turn / 2)
        }
      })()
      await vi.advanceTimersByTimeAsync(600_000)
      await Promise.all([talk, ...narrators])
      return begun
    }

    it('never lets a conversation wait for narrators', async () => {
      const begun = await runWithNarrators(new Door({ in_flight: 8, per_minute: 50 }), 16)
      expect(begun.talk).toEqual(Array.from({ length: 16 }, (_, turn) => turn * 1000))
      expect(begun.aside).toHaveLength(64)
    })

    it('keeps of a minute what several conversations will need at their pace, and gives narrators the rest', async () => {
      const door = new Door({ per_minute: 50 })
      const runs = await Promise.all(['a', 'b'].map((run) => runWithNarrators(door, 40, 3000, run)))
      for (const { talk, aside } of runs) {
        expect(talk).toEqual(Array.from({ length: 40 }, (_, turn) => turn * 3000))
        expect(aside).toHaveLength(160)
      }
    })

    it('lets narrators in as soon as a conversation is over', async () => {
      const door = new Door({ per_minute: 20 })
      for (let turn = 0; turn < 9; turn++) (await door.enter('run', never))()
      const aside: number[] = []
      const start = Date.now()
      const enter = async () => {
        ;(await door.enter('run', never, true))()
        aside.push(Date.now() - start)
      }
      const all = [enter(), enter(), enter(), enter()]
      await vi.advanceTimersByTimeAsync(20_000)
      await Promise.all(all)
      expect(Math.min(...aside)).toBeGreaterThanOrEqual(9000)
      expect(Math.max(...aside)).toBeLessThan(12_000)
    })

    it('keeps everything for conversations that use it, but for one narrator a minute when these have waited long', async () => {
      const door = new Door({ per_minute: 10 })
      const start = Date.now()
      const begun: { talk: number[]; aside: number[] } = { talk: [], aside: [] }
      const visit = async (aside: boolean) => {
        const leave = await door.enter('run', never, aside)
        begun[aside ? 'aside' : 'talk'].push(Math.floor((Date.now() - start) / 60_000))
        leave()
      }
      const visits = [
        ...Array.from({ length: 78 }, () => visit(false)),
        ...Array.from({ length: 10 }, () => visit(true)),
      ]
      await vi.advanceTimersByTimeAsync(1_200_000)
      await Promise.all(visits)
      const inMinute = (calls: number[], minute: number) => calls.filter((at) => at === minute).length
      expect([0, 4, 5, 6, 7].map((minute) => inMinute(begun.talk, minute))).toEqual([10, 10, 9, 9, 9])
      expect([0, 4, 5, 6, 7].map((minute) => inMinute(begun.aside, minute))).toEqual([0, 0, 1, 1, 1])
    })
  })
})
