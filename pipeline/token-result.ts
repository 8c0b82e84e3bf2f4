/** The outcome of asking for a token. */
export type TokenResult =
  | {
      readonly type: "token";
      readonly accessToken: string;
      /** Whether it was at hand, or a page was asked for it. */
      readonly from: "memory" | "page";
    }
  /** The request goes out as the page made it. */
  | { readonly type: "bare" }
  /** The request fails as a network error, since a token may well be had a moment later. */
  | { readonly type: "unavailable" };

export const BARE: TokenResult = { type: "bare" };
export const UNAVAILABLE: TokenResult = { type: "unavailable" };
