import type { ProofSigner } from "../protocol/answers.ts";

/** A token at hand. */
export interface TokenFound {
  readonly type: "token";
  readonly accessToken: string;
  /** The id of the account that it belongs to. */
  readonly account: string;
  /** Whether it was at hand, or a page was asked for it. */
  readonly from: "memory" | "page";
  /** The signer of proofs for a DPoP token. Left out for bearer tokens. */
  readonly signer?: ProofSigner | undefined;
}

/** The outcome of asking for a token. */
export type TokenResult =
  | TokenFound
  /** The request goes out as the page made it. */
  | { readonly type: "bare" }
  /** The request fails as a network error, since a token may well be had a moment later. */
  | { readonly type: "unavailable" };

export const BARE: TokenResult = { type: "bare" };
export const UNAVAILABLE: TokenResult = { type: "unavailable" };

/** The header fields that authorize one request: the token, and for a DPoP token the proof. */
export interface Credentials {
  readonly accessToken: string;
  readonly proof: string | null;
  /** The id of the account that both belong to. */
  readonly account: string;
}
