import { announce } from "./announce.js";
import { bind, isBound } from "./binding.js";
import { seconds, write } from "./texts.js";

const { apiOrigin: api, providerOrigin: provider } = demoConfig;

/** In seconds. */
const SHORT_LIFE = 10;
const USUAL_LIFE = 3600;

/**
 * The action of each button, by the button's `data-trouble`: it makes the trouble, and gives the values of the text named
 * `done.…` that confirms it. `shows` then sends the requests that show the trouble. A pressed button runs `undo`.
 */
function troubles({ send, isOpen, startOver }) {
  return {
    "revoke-tokens": {
      make: revokeTokens,
      shows: () => send("orders"),
    },
    "revoke-session": {
      async make() {
        await control("POST", `${provider}/_control/revoke-sessions`);
        await control("POST", `${provider}/_control/revoke-refresh-tokens`);
        await revokeTokens();
      },
      shows: () => send("orders"),
    },
    "step-up": {
      make: () => undefined,
      shows: () => send("approvals"),
    },
    "expire-tokens": {
      async make() {
        await liveFor(SHORT_LIFE);
        await revokeTokens();
        return { time: seconds(SHORT_LIFE) };
      },
      shows() {
        setTimeout(() => send("orders"), (SHORT_LIFE + 1) * 1000);
        return send("orders");
      },
      undo: { name: "restore-lifetimes", make: () => liveFor(USUAL_LIFE), shows: () => send("orders") },
    },
    "stop-provider": {
      make: () => control("POST", `${provider}/_control/stop`),
      async shows() {
        await send("orders");
        await revokeTokens();
        await send("photo");
      },
      undo: {
        name: "start-provider",
        make: () => control("POST", `${provider}/_control/start`),
        shows: () => send("photo"),
      },
    },
    "drop-streams": {
      async make() {
        if (!isOpen("stream")) await send("stream");
        await control("POST", `${api}/_control/end-event-streams`);
      },
    },
    "bind-tokens": {
      make: () => bind(true),
      undo: { make: () => bind(false) },
    },
    "other-tab": {
      make() {
        // Without its opener, the tab has a session of its own.
        open("/", "_blank", "noopener");
        addEventListener("focus", () => send("orders"), { once: true });
      },
    },
    reset: {
      async make() {
        await control("POST", `${provider}/_control/reset`);
        await control("POST", `${api}/_control/reset`);
        for (const button of document.querySelectorAll("[data-trouble][aria-pressed]"))
          button.setAttribute("aria-pressed", "false");
        await startOver();
        if (isBound()) await bind(false);
      },
    },
  };
}

/** Connects the buttons. `page.wasMade` hears of each trouble. */
export function startTrouble(page) {
  const hint = document.querySelector("#hint");
  if (isBound()) {
    document.querySelector('[data-trouble="bind-tokens"]').setAttribute("aria-pressed", "true");
    announce("done.bind-tokens");
  }
  for (const [name, trouble] of Object.entries(troubles(page))) {
    const button = document.querySelector(`[data-trouble="${name}"]`);
    const isPressed = () => button.getAttribute("aria-pressed") === "true";
    const press = async () => {
      const action = isPressed() ? trouble.undo : trouble;
      const values = await action.make();
      if (trouble.undo) button.setAttribute("aria-pressed", String(action === trouble));
      announce(`done.${action.name ?? name}`, values);
      page.wasMade();
      await action.shows?.();
    };
    button.addEventListener("click", () => void press().catch(() => announce("done.nothing")));
    if (!button.hasAttribute("aria-describedby")) continue;
    for (const type of ["pointerenter", "focus"])
      button.addEventListener(type, () => write(hint, `${name}.about`));
    for (const type of ["pointerleave", "blur"])
      button.addEventListener(type, () => write(hint, "trouble.about"));
  }
}

const revokeTokens = () => control("POST", `${api}/_control/revoke-tokens`);

const liveFor = (accessTokenSeconds) =>
  control("PATCH", `${provider}/_control/settings`, { accessTokenSeconds });

async function control(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}`);
}
