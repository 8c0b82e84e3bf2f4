import type { IncomingMessage, ServerResponse } from "node:http";
import type { VerifiedToken } from "./bearer-token.ts";
import type { BodyDigest } from "./received-requests.ts";

/** One method of one path. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "any";
  readonly path: string;
  /** The permission that the token must have; null for an operation that is open to all. */
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

/** An admitted request. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: BodyDigest;
  /** Null only if the operation needs no token. */
  readonly token: VerifiedToken | null;
}

/** The token's user, audience and scopes, for answers that show them. */
export function callerOf({ token }: Exchange): object {
  return { user: token?.username ?? null, audience: token?.audience ?? null, scopes: token?.scopes ?? [] };
}
