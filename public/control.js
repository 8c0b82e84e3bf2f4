/** Takes the worker away from this page. Each way needs another load of the page, after which the demo goes on. */

const { serviceWorker } = navigator;
/** The key under which the page notes its next step. */
const NOTE = "after-load";
/** The scope of the other worker. The browser prefers it to the shorter scope of this site's worker. */
export const SCOPE_OF_OTHER = "/?other-worker";
/** In how many milliseconds the other worker has to be in control. */
const WITHIN = 10_000;

/** Unregisters the worker. It still serves the open pages, and no page that is loaded from now on. */
export async function unregisterWorker() {
  const registration = await serviceWorker.getRegistration();
  await registration?.unregister();
}

/** Gives the page to a worker that knows no tokens. Resolves once the page has noticed. */
export async function loseControl(attachment) {
  const lost = new Promise((resolve, reject) => {
    attachment.addEventListener("tokenfailed", ({ detail }) => detail.code === "other_worker" && resolve());
    setTimeout(reject, WITHIN, new Error("The other worker did not take control."));
  });
  const registration = await serviceWorker.register("/other-worker.js", { scope: SCOPE_OF_OTHER });
  await lost;
  // It keeps this page, and the next load is without it.
  await registration.unregister();
}

/** Loads the page again at `address`. `noteOfLoad` gives `note` then. Never resolves, since the page ends. */
export function load(address, note) {
  sessionStorage.setItem(NOTE, JSON.stringify(note));
  if (address === location.pathname + location.search) location.reload();
  else location.assign(address);
  return new Promise(() => undefined);
}

/** The note of `load`, once; null after any other load. */
export function noteOfLoad() {
  const note = sessionStorage.getItem(NOTE);
  sessionStorage.removeItem(NOTE);
  return JSON.parse(note);
}
