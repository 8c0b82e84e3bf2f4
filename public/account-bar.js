import { currentUser, onUserChange, signIn, signOut } from "./sign-in.js";
import { announce } from "./announce.js";

/** Wires the buttons that sign in and out, and shows who is signed in. */
export function startAccountBar() {
  const attempt = (action) => () =>
    action().catch(({ errorCode, message }) => announce(errorCode ?? message));
  on(
    "sign-in",
    attempt(() => signIn("popup")),
  );
  on(
    "sign-in-redirect",
    attempt(() => signIn("redirect")),
  );
  on("sign-out", attempt(signOut));
  onUserChange(show);
  show(currentUser());
}

function on(action, listener) {
  document.querySelector(`[data-action="${action}"]`).addEventListener("click", listener);
}

function show(user) {
  document.body.dataset.session = user ? "signed-in" : "signed-out";
  document.querySelector("[data-user]").textContent = user?.name ?? "";
}
