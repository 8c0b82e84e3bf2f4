import { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
import type { AcquireQuestion, Answer } from "../protocol/messages.ts";
import type { ResourceMatch } from "../protocol/resource-matcher.ts";
import type { Interaction } from "./interaction/coordinator.ts";
import type { TokenAttachment } from "./token-attachment.ts";
import type { AccessToken, TokenRequest } from "./token-source.ts";

/** How often the user may have to act for one request: for a sign-in, then for a consent. */
const INTERACTIONS = 2;

/** With these a request ends as a network error: a token may well be had a moment later. With all others it goes bare. */
const UNAVAILABLE: readonly BearerWorkerErrorCode[] = [
  "invalid_options",
  "redirecting",
  "silent_failed",
  "silent_timeout",
  "unsupported_token_type",
];

/** What comes after a token could not be had silently. */
export interface FailedAcquisition {
  /**
   * Brings the user to act, if that helps.
   *
   * @param again asks silently once more
   * @param inTime bounds what the user does, and tells the worker how long that may take
   * @throws error, or what the user and the identity library say then
   */
  recover(
    error: unknown,
    request: TokenRequest,
    resource: ResourceMatch,
    again: () => Promise<AccessToken>,
    inTime: (acting: Promise<AccessToken | null>) => Promise<AccessToken | null>,
  ): Promise<AccessToken>;
  /**
   * What the worker is told when there is no token, and the page by an event.
   *
   * @param isVisitor whether nobody was signed in
   */
  giveUp(
    error: unknown,
    purpose: AcquireQuestion["purpose"],
    resource: ResourceMatch,
    isVisitor: boolean,
  ): Answer;
}

export function createFailedAcquisition(
  interaction: Pick<Interaction, "run">,
  attachment: TokenAttachment,
): FailedAcquisition {
  return {
    async recover(error, request, { key, scopes }, again, inTime) {
      for (let interactions = 0; ; interactions++) {
        if (codeOf(error) !== "interaction_required" || interactions === INTERACTIONS) throw error;
        attachment.emit("interactionrequired", { resource: key, scopes });
        const token = await inTime(interaction.run(request, key));
        if (token) return token;
        try {
          return await again();
        } catch (next) {
          error = next;
        }
      }
    },
    giveUp(error, purpose, { key: resource, scopes }, isVisitor) {
      const code = isVisitor ? "signed_out" : codeOf(error);
      const outcome = UNAVAILABLE.includes(code) ? "unavailable" : "bare";
      if (purpose === "request") {
        attachment.emit("tokenfailed", { resource, scopes, code, reason: reasonOf(error), outcome });
      }
      return { type: outcome };
    },
  };
}

const codeOf = (error: unknown): BearerWorkerErrorCode =>
  error instanceof BearerWorkerError
    ? error.code
    : reasonOf(error) === "no_account_error"
      ? "signed_out"
      : "silent_failed";

/** The identity library's own code: MSAL's messages are links, and others may hold anything. */
function reasonOf(error: unknown): string | null {
  const { errorCode, cause } = Object(error) as { errorCode?: unknown; cause?: unknown };
  return typeof errorCode === "string" ? errorCode : cause === undefined ? null : reasonOf(cause);
}
