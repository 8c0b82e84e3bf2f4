/** Whoever asks for the same while an answer is pending shares it. */
export function singleFlight<Value>(
  flights: Map<string, Promise<Value>>,
  key: string,
  start: () => Promise<Value>,
): Promise<Value> {
  let flight = flights.get(key);
  if (!flight) {
    flight = start().finally(() => flights.delete(key));
    flights.set(key, flight);
  }
  return flight;
}
