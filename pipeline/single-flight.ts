/** Shares pending work: a caller who wants the same while it is pending gets the same promise. */
export class SingleFlight {
  readonly #flights = new Map<string, Promise<unknown>>();

  /** @param key stands for one kind of value */
  share<Value>(key: string, start: () => Promise<Value>): Promise<Value> {
    const flight = this.#flights.get(key) ?? start().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight as Promise<Value>;
  }
}
