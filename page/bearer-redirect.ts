/** The script of MSAL's redirect page, `bearer-redirect.js`: it hands the provider's answer to the page that waits for it. */
import { handOn } from "./msal/answer.ts";

// A server that renders this page imports the script, and has no answer to hand on.
if (typeof document !== "undefined") {
  handOn().catch(() => {
    const failure = document.querySelector("p");
    if (failure) failure.hidden = false;
  });
}
