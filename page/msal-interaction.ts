import type {
  AuthenticationResult,
  IPublicClientApplication,
  PopupRequest,
  RedirectRequest,
} from "@azure/msal-browser";
import { EventType } from "@azure/msal-browser";
import { BearerWorkerError } from "../protocol/errors.ts";

/** With what a page load came back from a redirect: an error, scopes, or `null` where there was none. */
export type RedirectReturn = { readonly error: unknown } | { readonly scopes: readonly string[] } | null;

/** How often MSAL's popup is looked at: nothing tells a page that the user closed it. */
const LOOK_EVERY = 50;
/** How long it has to be closed: one that has done its work may have been missed. */
const CLOSED_FOR = 1_000;

/** Requests that wait end before the page is gone: this is what their answers may take on their way. */
const LEAVE_AFTER = 100;

/** @throws BearerWorkerError `popup_blocked`, `popup_closed`, or MSAL's own */
export async function acquireByPopup(
  msal: IPublicClientApplication,
  request: PopupRequest,
  settled: AbortSignal,
): Promise<AuthenticationResult> {
  const correlationId = crypto.randomUUID();
  const closed = popupClosed(msal, correlationId, settled);
  try {
    // An earlier popup that the user closed counts as in progress for a minute.
    const popup = msal.acquireTokenPopup({ ...request, correlationId, overrideInteractionInProgress: true });
    return await Promise.race([popup, closed]);
  } catch (cause) {
    if (!/^(?:popup|empty)_window_error$/.test((cause as { errorCode?: string }).errorCode ?? ""))
      throw cause;
    throw new BearerWorkerError("popup_blocked", "The browser blocked the sign-in popup", { cause });
  }
}

/**
 * Leaves the page, a moment after this has returned. A redirect that has just failed, or changed nothing, is not tried
 * again unless the user clicked.
 */
export function acquireByRedirect(
  msal: IPublicClientApplication,
  request: RedirectRequest,
  returned: RedirectReturn,
): null {
  if (returned && !navigator.userActivation?.isActive) {
    if ("error" in returned) throw returned.error;
    if (request.scopes.every((scope) => returned.scopes.includes(scope))) {
      throw new BearerWorkerError(
        "interaction_failed",
        "The page has just come back from signing in, to no avail",
      );
    }
  }
  setTimeout(() => void msal.acquireTokenRedirect(request).catch(() => undefined), LEAVE_AFTER);
  return null;
}

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
        let closedFor = 0;
        const look = setInterval(() => {
          if (hasReturned(popupWindow)) clearInterval(look);
          else if (!popupWindow.closed || !document.hasFocus()) closedFor = 0;
          else if ((closedFor += LOOK_EVERY) > CLOSED_FOR) {
            reject(new BearerWorkerError("popup_closed", "The sign-in popup was closed"));
          }
        }, LOOK_EVERY);
        settled.addEventListener("abort", () => clearInterval(look));
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
