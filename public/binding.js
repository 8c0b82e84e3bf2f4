/** Whether this tab asks for tokens that are bound to a key. The page decides on it when it loads. */

const KEY = "bound-tokens";

// A tab without its opener has no session yet, and begins by its address.
if (new URLSearchParams(location.search).has(KEY)) {
  sessionStorage.setItem(KEY, "DPoP");
  history.replaceState(null, "", location.pathname);
}

export const isBound = () => sessionStorage.getItem(KEY) !== null;

/** The address of another tab with tokens of the same kind: one worker serves both, by one map. */
export const addressOfTab = () => (isBound() ? `/?${KEY}` : "/");

/** Loads the page anew, with tokens of the other kind. */
export function bind(wanted) {
  if (wanted) sessionStorage.setItem(KEY, "DPoP");
  else sessionStorage.removeItem(KEY);
  location.reload();
  // The page is leaving.
  return new Promise(() => undefined);
}
