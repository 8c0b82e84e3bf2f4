/** The settings that tests and the demo page can change while the API runs. */
export interface ApiSettings {
  /** Paths that answer 401 `invalid_token` to every request: always, or the given number of times. */
  always401: Record<string, true | number>;
  /** Delays of paths, in milliseconds. */
  delayMs: Record<string, number>;
  /**
   * Refuses tokens issued before this second (of the Unix epoch), with a claims challenge for a newer one: continuous
   * access evaluation. Off when null.
   */
  revokeTokensIssuedBefore: number | null;
  /** The refusal of such tokens: the claims challenge, or `invalid_token` without claims. */
  revocation: "claims" | "invalid-token";
  /** Also admits requests without a token, as an unprotected API would. A token that comes is still checked. */
  openToAll: boolean;
  /** A header without which requests with a token are refused, as Azure Storage refuses them without a version. */
  requiredHeader: string | null;
  /** The fault in the API's CORS configuration; `"anyone"` is `*`, which excludes credentials. */
  cors: "complete" | "anyone" | "no-authorization" | "no-challenge" | "none";
  /** Whether DPoP proofs need a nonce: the same for all, or `"rotating"`: another after each request. */
  dpopNonces: "none" | "same" | "rotating";
  /** By how many seconds the API's clock is ahead, for the times of proofs and its `Date` header. */
  clockAheadSeconds: number;
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
    requiredHeader: null,
    cors: "complete",
    dpopNonces: "none",
    clockAheadSeconds: 0,
    mediaPauseMs: 0,
    eventIntervalMs: 1000,
  };
}
