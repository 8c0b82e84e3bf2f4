import type { AuthenticationResult, IPublicClientApplication, RedirectRequest } from "@azure/msal-browser";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { isInteractionInProgress } from "./interaction-status.ts";
import { otherInteractionFailed } from "./other-interaction.ts";

/** The outcome of the redirect from which a page load came back; `null` if it came from none. */
export type RedirectReturn =
  { readonly error: unknown } | Pick<AuthenticationResult, "account" | "scopes"> | null;

/** Requests that wait end before the page is gone. Their answers take so many milliseconds on their way. */
const LEAVE_AFTER = 100;

/**
 * Leaves the page, a moment after this has resolved. A redirect that has just failed, or changed nothing, is not tried
 * again unless the user clicked. An interaction under way, such as one that the app itself has begun, is waited for.
 *
 * @param returned the outcome of the last redirect, as it is known by now
 * @param settled aborts when the result does not matter any more
 * @param failed is told when the page could not be left after all
 * @throws BearerWorkerError `interaction_failed`, or the error with which the last redirect came back
 */
export async function acquireByRedirect(
  msal: IPublicClientApplication,
  request: RedirectRequest,
  returned: () => RedirectReturn,
  settled: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> {
  checkReturn(request, returned());
  if (window.parent !== window && !msal.getConfiguration().system.allowRedirectInIframe) {
    throw new BearerWorkerError(
      "interaction_failed",
      'An iframe cannot leave for the identity provider. Use the option "interaction" with "popup" there.',
      { cause: { errorCode: "redirect_in_iframe" } },
    );
  }
  if (isInteractionInProgress()) {
    await otherInteractionFailed(msal, settled);
    // It may have been our own redirect, of a user who stayed. MSAL raises its event before its promise has rejected.
    await new Promise((resolve) => setTimeout(resolve));
    settled.throwIfAborted();
    checkReturn(request, returned());
  }
  setTimeout(() => void msal.acquireTokenRedirect(request).catch(failed), LEAVE_AFTER);
}

/** @throws BearerWorkerError `interaction_failed`, or the error with which the last redirect came back */
function checkReturn({ scopes }: RedirectRequest, returned: RedirectReturn): void {
  if (!returned || navigator.userActivation?.isActive) return;
  if ("error" in returned) throw returned.error;
  if (!scopes.every((scope) => returned.scopes.includes(scope))) return;
  throw new BearerWorkerError(
    "interaction_failed",
    "The page has just come back from signing in, and a token still cannot be had. It leaves again once the user clicks.",
  );
}
