import {
  type AuthenticationResult,
  EventType,
  type IPublicClientApplication,
  type PopupRequest,
} from "@azure/msal-browser";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { SignInPopup } from "../token-source.ts";
import { onMsalEvent } from "./events.ts";
import { endInteractionInProgress } from "./interaction-status.ts";
import { otherInteractionFailed } from "./other-interaction.ts";

/** How often MSAL's popup is looked at, in milliseconds: no event tells a page that the user closed it. */
const LOOK_EVERY = 50;
/** How many milliseconds it has to be closed: a popup that has done its work may have been missed. */
const CLOSED_FOR = 1_000;
/** How many milliseconds a popup may stay open. MSAL gives it a minute, in which few people find their phone. */
const OPEN_FOR = 600_000;

type MsalError = { readonly errorCode?: string };

/** Our last popup, until MSAL is done with it: long after the user closed it. */
let unfinished: Promise<AuthenticationResult> | null = null;

/**
 * Acquires a token by popup. An interaction that the app itself has begun is waited for, unless the user clicks again.
 *
 * @param settled aborts when the result does not matter any more; a popup that is still open is closed then
 * @param opened takes the popup once it is open
 * @throws BearerWorkerError `popup_blocked`, `popup_closed`, or MSAL's own
 */
export async function acquireByPopup(
  msal: IPublicClientApplication,
  request: PopupRequest,
  settled: AbortSignal,
  opened: (popup: SignInPopup) => void,
): Promise<AuthenticationResult> {
  const correlationId = crypto.randomUUID();
  /** Whether a popup whose event does not name its request is ours: MSAL opens one at a time. */
  let isOpening = true;
  const isOurs = (id: string | undefined): boolean => (id ? id === correlationId : isOpening);
  const isPending = (): boolean => unfinished === popup;
  const closed = popupClosed(msal, isOurs, isPending, settled, opened);
  const overrideInteractionInProgress = unfinished !== null;
  const open = (): Promise<AuthenticationResult> =>
    msal.acquireTokenPopup({ ...request, correlationId, overrideInteractionInProgress });
  const popup = open().catch(async (error: MsalError) => {
    if (error.errorCode !== "interaction_in_progress") throw error;
    isOpening = false;
    await otherInteractionFailed(msal, settled);
    isOpening = true;
    return await open();
  });
  unfinished = popup;
  const finish = (): void => {
    if (unfinished === popup) unfinished = null;
  };
  popup.then(finish, finish);
  try {
    return await Promise.race([popup, closed]);
  } catch (cause) {
    const { errorCode = "" } = cause as MsalError;
    // MSAL before 5 looks at the popup by itself.
    if (errorCode === "user_cancelled") throw userClosed(cause);
    if (!/^(?:popup|empty)_window_error$/.test(errorCode)) throw cause;
    throw new BearerWorkerError(
      "popup_blocked",
      "The browser blocked the sign-in popup. A popup needs the user's click, or the browser's permission.",
      { cause },
    );
  }
}

const userClosed = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("popup_closed", "The user closed the sign-in popup.", { cause });

/**
 * Rejects once the user has closed MSAL's popup, which MSAL 5 itself notices after a minute only.
 *
 * A popup that has done its work closes, too, and MSAL then redeems the code: from the redirect page on, it is left to
 * MSAL. A provider's page with a Cross-Origin-Opener-Policy makes an open popup look closed. It then still has the
 * focus, which a popup that is gone has given back.
 */
const popupClosed = (
  msal: IPublicClientApplication,
  isOurs: (correlationId: string | undefined) => boolean,
  isPending: () => boolean,
  settled: AbortSignal,
  opened: (popup: SignInPopup) => void,
): Promise<never> =>
  new Promise((_, reject) => {
    // MSAL before 5.2 has no `correlationId` in its events.
    const end = onMsalEvent(
      msal,
      [EventType.POPUP_OPENED],
      ({ correlationId, payload }: { correlationId?: string; payload: unknown }) => {
        if (!isOurs(correlationId)) return;
        const { popupWindow } = payload as { popupWindow: Window };
        extendTimeout(msal);
        opened({
          isOpen: () => !popupWindow.closed && !hasReturned(popupWindow),
          focus: () => popupWindow.focus(),
        });
        let closedFor = 0;
        const look = setInterval(() => {
          if (hasReturned(popupWindow)) clearInterval(look);
          else if (!popupWindow.closed || !document.hasFocus()) closedFor = 0;
          else closedFor += LOOK_EVERY;
          if (closedFor <= CLOSED_FOR) return;
          clearInterval(look);
          // MSAL still listens, should the popup be open after all.
          endInteractionInProgress();
          reject(userClosed());
        }, LOOK_EVERY);
        settled.addEventListener("abort", () => {
          clearInterval(look);
          popupWindow.close();
          // MSAL 5 does not notice that, and would refuse the site's own sign-in and sign-out.
          if (isPending()) endInteractionInProgress();
        });
      },
    );
    settled.addEventListener("abort", end);
  });

/** MSAL reads its timeout right after the event, and then never again for this popup. Before 5 there is none. */
function extendTimeout(msal: IPublicClientApplication): void {
  const { system } = msal.getConfiguration();
  const { popupBridgeTimeout } = system;
  if (!popupBridgeTimeout) return;
  system.popupBridgeTimeout = Math.max(popupBridgeTimeout, OPEN_FOR);
  setTimeout(() => {
    system.popupBridgeTimeout = popupBridgeTimeout;
  });
}

/** Whether the popup shows a page of this origin, which it can do for a moment only before it closes. */
function hasReturned(popup: Window): boolean {
  try {
    return popup.location.href.startsWith(location.origin);
  } catch {
    return false;
  }
}
