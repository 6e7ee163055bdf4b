import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Door } from '../../src/models/limits.ts'

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

  it('keeps half of its places from narrators and media agents, so that they alone never hold a talk up', async () => {
    const door = new Door({ in_flight: 4 })
    const entered: string[] = []
    const enter = async (name: string, aside: boolean) => {
      const leave = await door.enter('run', never, aside)
      entered.push(name)
      return leave
    }
    const leaves = ['n1', 'n2', 'n3', 'n4'].map((name) => enter(name, true))
    const actor = enter('actor', false)
    await actor
    expect(entered.sort()).toEqual(['actor', 'n1', 'n2'])
    ;(await leaves[0])?.()
    await leaves[2]
    expect(entered).toContain('n3')
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
  })
})
