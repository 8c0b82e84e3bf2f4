let flights = new Map<string, Promise<unknown>>();

/** Whoever asks for the same while an answer is pending shares it. A key stands for one kind of answer. */
export function singleFlight<Value>(key: string, start: () => Promise<Value>): Promise<Value> {
  const shared = flights;
  const flight = shared.get(key) ?? start().finally(() => shared.delete(key));
  shared.set(key, flight);
  return flight as Promise<Value>;
}

/** Nobody who asks from now on shares what is pending. */
export const leaveFlights = (): void => void (flights = new Map());
