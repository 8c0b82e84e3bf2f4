import type {
  AuthenticationResult,
  IPublicClientApplication,
  PopupRequest,
  RedirectRequest,
} from "@azure/msal-browser";
import { EventType, InteractionType } from "@azure/msal-browser";
import { BearerWorkerError } from "../protocol/errors.ts";

/** With what a page load came back from a redirect: an error, scopes, or `null` where there was none. */
export type RedirectReturn = { readonly error: unknown } | { readonly scopes: readonly string[] } | null;

/** How often MSAL's popup is looked at: nothing tells a page that the user closed it. */
const LOOK_EVERY = 50;
/** How long it has to be closed: one that has done its work may have been missed. */
const CLOSED_FOR = 1_000;
/** How long a popup may stay open: MSAL gives it a minute, in which few people find their phone. */
const OPEN_FOR = 600_000;

/** Requests that wait end before the page is gone: this is what their answers may take on their way. */
const LEAVE_AFTER = 100;

/** Where MSAL notes that an interaction is in progress, in `sessionStorage`: no second one can begin then. */
const IN_PROGRESS = "msal.interaction.status";

/** Our last popup, until MSAL is done with it: long after the user closed it. */
let unfinished: Promise<AuthenticationResult> | null = null;

/** @returns `null` when the page is leaving */
export const acquireInteractive = (
  msal: IPublicClientApplication,
  by: "popup" | "redirect",
  request: PopupRequest & RedirectRequest,
  returned: RedirectReturn,
  settled: AbortSignal,
): Promise<AuthenticationResult | null> =>
  by === "popup"
    ? acquireByPopup(msal, request, settled)
    : acquireByRedirect(msal, request, returned, settled);

/**
 * An interaction that the app itself has begun is waited for, unless the user clicks again.
 *
 * @param settled aborts when the result does not matter any more; a popup that is still open is closed then
 * @throws BearerWorkerError `popup_blocked`, `popup_closed`, or MSAL's own
 */
async function acquireByPopup(
  msal: IPublicClientApplication,
  request: PopupRequest,
  settled: AbortSignal,
): Promise<AuthenticationResult> {
  const correlationId = crypto.randomUUID();
  const closed = popupClosed(msal, correlationId, settled);
  const overrideInteractionInProgress = unfinished !== null;
  const open = () => msal.acquireTokenPopup({ ...request, correlationId, overrideInteractionInProgress });
  const popup = open().catch(async (error: MsalError) => {
    if (error.errorCode !== "interaction_in_progress") throw error;
    await othersEnd(msal, settled);
    return await open();
  });
  unfinished = popup;
  const finish = (): void => void (unfinished === popup && (unfinished = null));
  popup.then(finish, finish);
  try {
    return await Promise.race([popup, closed]);
  } catch (cause) {
    if (!/^(?:popup|empty)_window_error$/.test((cause as MsalError).errorCode ?? "")) throw cause;
    throw new BearerWorkerError("popup_blocked", "The browser blocked the sign-in popup", { cause });
  }
}

/**
 * Leaves the page, a moment after this has resolved. A redirect that has just failed, or changed nothing, is not tried
 * again unless the user clicked. One that the app itself has begun, or its popup, is waited for.
 *
 * @throws BearerWorkerError `interaction_failed`, or what the last redirect came back with
 */
async function acquireByRedirect(
  msal: IPublicClientApplication,
  request: RedirectRequest,
  returned: RedirectReturn,
  settled: AbortSignal,
): Promise<null> {
  if (returned && !navigator.userActivation?.isActive) {
    if ("error" in returned) throw returned.error;
    if (request.scopes.every((scope) => returned.scopes.includes(scope))) {
      throw new BearerWorkerError(
        "interaction_failed",
        "The page has just come back from signing in, to no avail",
      );
    }
  }
  if (window.parent !== window && !msal.getConfiguration().system.allowRedirectInIframe) {
    throw new BearerWorkerError("interaction_failed", "An iframe cannot leave for the identity provider", {
      cause: { errorCode: "redirect_in_iframe" },
    });
  }
  if (sessionStorage.getItem(IN_PROGRESS)) await othersEnd(msal, settled);
  setTimeout(() => void msal.acquireTokenRedirect(request).catch(() => undefined), LEAVE_AFTER);
  return null;
}

type MsalError = { readonly errorCode?: string };

/** Waits until an interaction that is not ours has failed. One that succeeds settles ours, too. */
const othersEnd = (msal: IPublicClientApplication, settled: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const id = msal.addEventCallback(
      ({ interactionType }) => interactionType !== InteractionType.Silent && resolve(),
      [EventType.ACQUIRE_TOKEN_FAILURE, EventType.LOGOUT_END],
    );
    settled.addEventListener("abort", () => {
      msal.removeEventCallback(id as string);
      reject(settled.reason);
    });
  });

/**
 * Rejects once the user has closed MSAL's popup, which MSAL itself notices after a minute only.
 *
 * A popup that has done its work closes, too, and MSAL then redeems the code: from the redirect page on, it is left to
 * MSAL. A provider's page with a Cross-Origin-Opener-Policy makes an open popup look closed. It then still has the
 * focus, which a popup that is gone has given back.
 */
const popupClosed = (
  msal: IPublicClientApplication,
  correlationId: string,
  settled: AbortSignal,
): Promise<never> =>
  new Promise((_, reject) => {
    const id = msal.addEventCallback(
      (message) => {
        if (message.correlationId !== correlationId) return;
        const { popupWindow } = message.payload as { popupWindow: Window };
        // MSAL reads this right after the event, and then never again for this popup.
        const { system } = msal.getConfiguration();
        const { popupBridgeTimeout } = system;
        system.popupBridgeTimeout = Math.max(popupBridgeTimeout, OPEN_FOR);
        setTimeout(() => (system.popupBridgeTimeout = popupBridgeTimeout));
        let closedFor = 0;
        const look = setInterval(() => {
          if (hasReturned(popupWindow)) clearInterval(look);
          else if (!popupWindow.closed || !document.hasFocus()) closedFor = 0;
          else if ((closedFor += LOOK_EVERY) > CLOSED_FOR) {
            clearInterval(look);
            // The app's own buttons work again. MSAL still listens, should the popup be open after all.
            sessionStorage.removeItem(IN_PROGRESS);
            reject(new BearerWorkerError("popup_closed", "The sign-in popup was closed"));
          }
        }, LOOK_EVERY);
        settled.addEventListener("abort", () => {
          clearInterval(look);
          popupWindow.close();
        });
      },
      [EventType.POPUP_OPENED],
    );
    settled.addEventListener("abort", () => msal.removeEventCallback(id as string));
  });

/** Whether the popup shows a page of this origin, which it can do for a moment only before it closes. */
function hasReturned(popup: Window): boolean {
  try {
    return popup.location.href.startsWith(location.origin);
  } catch {
    return false;
  }
}
