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
const LOOK_EVERY = 500;

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
    if (!/^(?:popup|empty)_window_error$/.test((cause as { errorCode?: string }).errorCode ?? "")) throw cause;
    throw new BearerWorkerError("popup_blocked", "The browser blocked the sign-in popup", { cause });
  }
}

/** Leaves the page. A redirect that has just failed, or changed nothing, is not tried again unless the user clicked. */
export async function acquireByRedirect(
  msal: IPublicClientApplication,
  request: RedirectRequest,
  returned: RedirectReturn,
): Promise<never> {
  if (returned && !navigator.userActivation.isActive) {
    if ("error" in returned) throw returned.error;
    if (request.scopes.every((scope) => returned.scopes.includes(scope))) {
      throw new BearerWorkerError("interaction_failed", "The page has just come back from signing in, to no avail");
    }
  }
  await msal.acquireTokenRedirect(request);
  return await new Promise<never>(() => undefined);
}

/**
 * Rejects once the user has closed MSAL's popup, which MSAL itself notices after a minute only.
 *
 * A provider's page with a Cross-Origin-Opener-Policy makes an open popup look closed. It then still has the focus,
 * which a popup that is gone has given back.
 */
const popupClosed = (msal: IPublicClientApplication, correlationId: string, settled: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const id = msal.addEventCallback(
      (message) => {
        if (message.correlationId !== correlationId) return;
        const { popupWindow } = message.payload as { popupWindow: Window };
        const look = setInterval(() => {
          if (popupWindow.closed && document.hasFocus()) {
            reject(new BearerWorkerError("popup_closed", "The sign-in popup was closed"));
          }
        }, LOOK_EVERY);
        settled.addEventListener("abort", () => clearInterval(look));
      },
      [EventType.POPUP_OPENED],
    );
    settled.addEventListener("abort", () => msal.removeEventCallback(id as string));
  });
