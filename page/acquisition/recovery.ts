import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import type { BareAnswer, UnavailableAnswer } from "../../protocol/answers.ts";
import type { ResourceMatch } from "../../protocol/resource-matcher.ts";
import type { Interaction } from "../interaction/interaction-request.ts";
import type { AttachmentEvents } from "../attachment-events.ts";
import type { AccessToken, TokenRequest } from "../token-source.ts";

/** How often the user may have to act for one request: for a sign-in, then for a consent. */
const INTERACTIONS = 2;

/** Codes with which a request fails as a network error: a token may well be had a moment later. With all others it goes bare. */
const UNAVAILABLE: readonly BearerWorkerErrorCode[] = [
  "invalid_options",
  "redirecting",
  "silent_failed",
  "silent_timeout",
  "unsupported_token_type",
];

/** A token that could not be acquired silently. */
export interface FailedRequest {
  readonly error: unknown;
  readonly request: TokenRequest;
  readonly resource: ResourceMatch;
  /** Whether the page still uses the account that the request is for. */
  readonly isCurrent: () => boolean;
  /** Asks silently once more. */
  readonly retry: () => Promise<AccessToken>;
  /** Bounds the user's action, and tells the worker how long it may take. */
  readonly inTime: (acting: Promise<AccessToken | null>) => Promise<AccessToken | null>;
}

/** Handles tokens that cannot be acquired silently. */
export interface Recovery {
  /**
   * Brings the user to act, if that helps.
   *
   * @throws the error of the failed request, or the one that follows from the user's action
   */
  readonly recover: (failed: FailedRequest) => Promise<AccessToken>;
  /**
   * Emits `tokenfailed`, unless no request waits.
   *
   * @param isVisitor whether no account was signed in
   * @returns the fate of the request, and the reason that the event has
   */
  readonly giveUp: (
    error: unknown,
    resource: ResourceMatch,
    isVisitor: boolean,
    isAwaited: boolean,
  ) => BareAnswer | UnavailableAnswer;
}

export function createRecovery(interaction: Pick<Interaction, "run">, events: AttachmentEvents): Recovery {
  return {
    async recover({ error: first, request, resource, isCurrent, retry, inTime }) {
      const { key, scopes } = resource;
      let error = first;
      for (let interactions = 0; interactions < INTERACTIONS; interactions++) {
        if (codeOf(error) !== "interaction_required" || !isCurrent()) throw error;
        events.emit("interactionrequired", { resource: key, scopes });
        const token = await inTime(interaction.run(request, key, error));
        if (token) return token;
        if (!isCurrent()) throw error;
        try {
          return await retry();
        } catch (next) {
          error = next;
        }
      }
      throw error;
    },
    giveUp(error, { key: resource, scopes }, isVisitor, isAwaited) {
      const code = isVisitor ? "signed_out" : codeOf(error);
      const type = UNAVAILABLE.includes(code) ? "unavailable" : "bare";
      if (!isAwaited) return { type };
      const failure = {
        code,
        reason: fieldOf(error, "errorCode"),
        correlationId: fieldOf(error, "correlationId"),
      };
      events.emit("tokenfailed", { resource, scopes, ...failure, outcome: type });
      return { type, failure };
    },
  };
}

const codeOf = (error: unknown): BearerWorkerErrorCode => {
  if (error instanceof BearerWorkerError) return error.code;
  return fieldOf(error, "errorCode") === "no_account_error" ? "signed_out" : "silent_failed";
};

/** A field of the identity library's own error, which may be the cause of ours. MSAL's messages are links, and those of others may hold anything. */
function fieldOf(error: unknown, name: "errorCode" | "correlationId"): string | null {
  if (typeof error !== "object" || error === null) return null;
  const { [name]: value, cause } = error as { readonly [key: string]: unknown };
  return typeof value === "string" && value !== "" ? value : fieldOf(cause, name);
}
