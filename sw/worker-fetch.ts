type Fetch = typeof fetch;

/** The part of a `FetchEvent` that an answer needs. */
export type HandledRequest = Pick<FetchEvent, "clientId" | "request" | "waitUntil">;

/** The `fetch` that was there before `authorizeFetch` wrapped it. */
let original: Fetch | null = null;

/** Sends a request as it is, past `authorizeFetch`. */
export const networkFetch: Fetch = (input, init) => (original ?? globalThis.fetch)(input, init);

/** Whether this worker's own requests get tokens. */
export const isFetchWrapped = (): boolean => original !== null;

/** Puts `wrapper` in the place of the worker's `fetch`. */
export function wrapFetch(wrapper: Fetch): void {
  original = globalThis.fetch;
  globalThis.fetch = wrapper;
}
