import { currentUser, onUserChange, signIn, signInReady, signOut } from "./sign-in.js";
import { announce, say } from "./announce.js";

/** MSAL's error codes for problems with its window that the user can tell apart. */
const TROUBLES = {
  access_denied: "account.unfinished",
  // MSAL reports this a minute after the user has closed the window.
  timed_out: "account.unfinished",
  user_cancelled: "account.unfinished",
  popup_window_error: "account.blocked",
  no_network_connectivity: "account.unreachable",
  post_request_failed: "account.unreachable",
};

const bar = document.querySelector(".account");

/** Connects the buttons that sign in and out, and shows the signed-in user. */
export function startAccountBar() {
  let latest = 0;
  const attempt = (action) => () => {
    const turn = ++latest;
    action().catch(({ errorCode, message }) => {
      // A window that the user has abandoned for another is not an error.
      if (turn === latest) announce(TROUBLES[errorCode] ?? "account.failed", { code: errorCode ?? message });
    });
  };
  on(
    "sign-in",
    attempt(() => signIn("popup")),
  );
  on(
    "sign-in-redirect",
    attempt(() => signIn("redirect")),
  );
  on("sign-out", attempt(signOut));
  onUserChange((user) => {
    const button = bar.contains(document.activeElement) && document.activeElement.closest("button");
    show(user);
    // The used button is gone, so the focus moves to its counterpart.
    if (button && !button.checkVisibility())
      bar.querySelector(`button.when-signed-${user ? "in" : "out"}`).focus();
    if (user) say("account.in", { name: user.name });
    else say("account.out");
  });
  show(currentUser());
  attempt(() => signInReady)();
}

function on(action, listener) {
  document.querySelector(`[data-action="${action}"]`).addEventListener("click", listener);
}

function show(user) {
  document.body.dataset.session = user ? "signed-in" : "signed-out";
  document.querySelector("[data-user]").textContent = user?.name ?? "";
}
