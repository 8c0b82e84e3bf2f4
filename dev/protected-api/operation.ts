import type { IncomingMessage, ServerResponse } from "node:http";
import type { VerifiedToken } from "./bearer-token.ts";
import type { BodyDigest } from "./received-requests.ts";

/** One method of one path. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "any";
  readonly path: string;
  /** What the token must be good for; null for an operation that is open to all. */
  readonly access: Access | null;
  answer(exchange: Exchange): void | Promise<void>;
}

export interface Access {
  readonly audience: string;
  /** The permission in `scp`. */
  readonly scope: string;
  /** The authentication context that the token must carry in `acrs`. */
  readonly authenticationContext?: string;
}

/** A request that may be answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: BodyDigest;
  /** Null only where no token is needed. */
  readonly token: VerifiedToken | null;
}

/** Who asked, for answers that show it. */
export function callerOf({ token }: Exchange): object {
  return { user: token?.username ?? null, audience: token?.audience ?? null, scopes: token?.scopes ?? [] };
}
