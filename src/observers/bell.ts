/** Wakes whoever waits for news. */
export class Bell {
  #next = Promise.withResolvers<void>()

  get rung(): Promise<void> {
    return this.#next.promise
  }

  ring(): void {
    this.#next.resolve()
    this.#next = Promise.withResolvers<void>()
  }
}
