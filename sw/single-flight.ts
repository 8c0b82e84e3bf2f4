const flights = new Map<string, Promise<unknown>>();

/** Whoever asks for the same while an answer is pending shares it. A key stands for one kind of answer. */
export function singleFlight<Value>(key: string, start: () => Promise<Value>): Promise<Value> {
  let flight = flights.get(key);
  if (!flight) {
    flight = start().finally(() => flights.delete(key));
    flights.set(key, flight);
  }
  return flight as Promise<Value>;
}
