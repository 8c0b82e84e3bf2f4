/** Whether this tab asks for tokens that are bound to a key. The page decides on it when it loads. */

const KEY = "bound-tokens";

export const isBound = () => sessionStorage.getItem(KEY) !== null;

/** Loads the page anew, with tokens of the other kind. */
export function bind(wanted) {
  if (wanted) sessionStorage.setItem(KEY, "DPoP");
  else sessionStorage.removeItem(KEY);
  location.reload();
  // The page is leaving.
  return new Promise(() => undefined);
}
