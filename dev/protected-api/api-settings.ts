/** What tests and the demo page can change while the API runs. */
export interface ApiSettings {
  /** Paths that answer 401 `invalid_token` whatever comes: always, or as many times as the number says. */
  always401: Record<string, true | number>;
  /** Paths that answer late, by how many milliseconds. */
  delayMs: Record<string, number>;
  /**
   * Refuses tokens issued before this second (of the Unix epoch), with a claims challenge for a newer one: continuous
   * access evaluation. Off when null.
   */
  revokeTokensIssuedBefore: number | null;
  /** How it refuses them: with that challenge, or as `invalid_token`, which says no more than that. */
  revocation: "claims" | "invalid-token";
  /** Answers requests without a token, too, as if nothing here were protected. One that comes is looked at all the same. */
  openToAll: boolean;
  /** Which part of its CORS configuration the API gets wrong; `"anyone"` is `*`, which excludes credentials. */
  cors: "complete" | "anyone" | "no-authorization" | "no-challenge" | "none";
  /** Pause between two pieces of 64 kB of a video or sound, in milliseconds. */
  mediaPauseMs: number;
  /** Pause between two events of the stream. */
  eventIntervalMs: number;
}

export function defaultApiSettings(): ApiSettings {
  return {
    always401: {},
    delayMs: {},
    revokeTokensIssuedBefore: null,
    revocation: "claims",
    openToAll: false,
    cors: "complete",
    mediaPauseMs: 0,
    eventIntervalMs: 1000,
  };
}
