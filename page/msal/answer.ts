import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";
import { IN_PROGRESS, isInteractionInProgress } from "./interaction-status.ts";
import { readAnswer } from "./url-answer.ts";

/** How often a popup looks whether its opener is done, in milliseconds. */
const LOOK_EVERY = 50;
/** How many milliseconds it stays at most. A hidden opener may have its timers once in a second. */
const STAY_FOR = 10_000;

/** How many milliseconds a popup without an opener takes to close. */
const CLOSES_WITHIN = 1_000;

/**
 * Hands the provider's answer in this page's URL to the page that waits for it.
 *
 * MSAL 5 gets it by the message of its redirect bridge. MSAL before 5 reads the address of its popup or hidden iframe,
 * which has to stay until then. Nothing in a popup tells the two apart for certain, so it serves both.
 *
 * @throws MSAL's error when the URL has no answer
 */
export async function handOn(): Promise<void> {
  const answer = readAnswer();
  const asker = waitingPage();
  if (answer?.interaction === "redirect") return await bringHome();
  // MSAL before 5 comes back from a redirect to sign out without a state.
  if (!asker && !answer && isInteractionInProgress()) return location.replace(".");
  if (!asker || answer?.isSignOut) return await broadcastResponseToMainFrame();
  closeOnceDone(asker);
  await (answer ? broadcastAndStay() : broadcastResponseToMainFrame());
}

/**
 * Stops a page of the app that the provider has loaded with an answer for another page, as it does where the redirect URI
 * is a page of the app.
 */
export async function stopAnswerPage(): Promise<void> {
  const asker = waitingPage();
  await handOn();
  // A policy may have taken the opener of a popup away. A tab that was opened with such a URL does not close.
  await new Promise<void>((resolve) => {
    if (!asker) setTimeout(resolve, CLOSES_WITHIN);
  });
}

/** The page that opened this popup or hidden iframe. MSAL names its popups. A policy of the page takes name and opener away. */
function waitingPage(): Window | null {
  if (window.parent !== window) return window.parent;
  return window.name.startsWith("msal.") ? (window.opener as Window | null) : null;
}

/** MSAL's bridge works in one task, after which the page is as before. */
async function broadcastAndStay(): Promise<void> {
  const { href } = location;
  const close = window.close.bind(window);
  window.close = () => undefined;
  const done = broadcastResponseToMainFrame();
  // MSAL before 5 closes its popup by this method.
  window.close = close;
  history.replaceState(null, "", href);
  setTimeout(close, STAY_FOR);
  await done;
}

function closeOnceDone(asker: Window): void {
  const look = setInterval(() => {
    if (isBusy(asker)) return;
    clearInterval(look);
    window.close();
  }, LOOK_EVERY);
}

/** Whether the MSAL of a page has noted an interaction that it has not ended. */
function isBusy(page: Window): boolean {
  try {
    return page.sessionStorage.getItem(IN_PROGRESS) !== null;
  } catch {
    // A page of another origin cannot read the address.
    return false;
  }
}

/** Brings a redirect's answer to the page that left. MSAL's bridge reads the client id from JSON alone. */
async function bringHome(): Promise<void> {
  const status = sessionStorage.getItem(IN_PROGRESS);
  // MSAL 3 notes the bare client id.
  if (!status || status.startsWith("{")) return await broadcastResponseToMainFrame();
  sessionStorage.setItem(IN_PROGRESS, JSON.stringify({ clientId: status }));
  const leaving = broadcastResponseToMainFrame();
  sessionStorage.setItem(IN_PROGRESS, status);
  await leaving;
}
