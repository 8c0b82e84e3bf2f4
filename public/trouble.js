import { announce } from "./announce.js";
import { addressOfTab, bind, isBound } from "./binding.js";
import { load, loseControl, noteOfLoad, SCOPE_OF_OTHER, unregisterWorker } from "./control.js";
import { seconds, write } from "./texts.js";

const { apiOrigin: api, providerOrigin: provider } = demoConfig;

/** In seconds. */
const SHORT_LIFE = 10;
const USUAL_LIFE = 3600;

/** After how many milliseconds the page says that the browser is busy. */
const BUSY_AFTER = 2_000;

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
      async make() {
        // The token that the text speaks of: the last one may have ended.
        await send("orders");
        await control("POST", `${provider}/_control/stop`);
      },
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
    "first-visit": {
      async make() {
        // The browser first ends its look for a new version of the worker.
        const busy = setTimeout(announce, BUSY_AFTER, "first-visit.busy");
        await unregisterWorker();
        clearTimeout(busy);
        await loadFor("first-visit");
      },
    },
    "lose-control": {
      make: () => loadFor("lose-control", SCOPE_OF_OTHER),
      undo: { make: () => loadFor("regain-control", "/") },
    },
    "other-tab": {
      make() {
        // Without its opener, the tab has a session of its own.
        open(addressOfTab(), "_blank", "noopener");
        addEventListener("focus", () => send("orders"), { once: true });
      },
    },
    reset: {
      async make() {
        await control("POST", `${provider}/_control/reset`);
        await control("POST", `${api}/_control/reset`);
        await startOver();
        const pressed = pressedButtons();
        for (const button of pressed) press(button, false);
        // Only another load brings the worker back.
        if (pressed.some(isLoss)) await loadFor("reset", "/");
        if (isBound()) await bind(false);
      },
    },
  };
}

/** The steps after a load of the page: requests at once, then a trouble, then requests that show it. */
const AFTER_LOAD = {
  "first-visit": { early: ["orders", "xhr", "photo"] },
  "lose-control": { make: loseControl, late: ["orders", "photo"] },
  "regain-control": { late: ["orders", "photo"] },
  reset: {},
};

/** Goes on after the load that a button has made. Call it before anything waits, and its result once the page is attached. */
export function resumeTrouble(send) {
  const note = noteOfLoad();
  if (!note) return () => undefined;
  const { early = [], make, late = [] } = AFTER_LOAD[note.name];
  const sent = Promise.all(early.map(send));
  return async (attachment) => {
    for (const name of note.pressed) press(buttonOf(name), true);
    try {
      await make?.(attachment);
      if (make) press(buttonOf(note.name), true);
      await Promise.all([sent, ...late.map(send)]);
      announce(`done.${note.name}`);
    } catch {
      announce("done.nothing");
    }
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
    const button = buttonOf(name);
    const act = async () => {
      const action = isPressed(button) ? trouble.undo : trouble;
      const values = await action.make();
      if (trouble.undo) press(button, action === trouble);
      announce(`done.${action.name ?? name}`, values);
      page.wasMade();
      await action.shows?.();
    };
    button.addEventListener("click", () => void act().catch(() => announce("done.nothing")));
    if (!button.hasAttribute("aria-describedby")) continue;
    for (const type of ["pointerenter", "focus"])
      button.addEventListener(type, () => write(hint, `${name}.about`));
    for (const type of ["pointerleave", "blur"])
      button.addEventListener(type, () => write(hint, "trouble.about"));
  }
}

const buttonOf = (name) => document.querySelector(`[data-trouble="${name}"]`);

const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

const press = (button, pressed) => button.setAttribute("aria-pressed", String(pressed));

const pressedButtons = () => [...document.querySelectorAll("[data-trouble]")].filter(isPressed);

const isLoss = ({ dataset }) => dataset.trouble === "lose-control";

/** The pressed buttons stay so, but for the one that a load undoes. */
function loadFor(name, address = location.pathname + location.search) {
  const pressed = pressedButtons().filter((button) => !isLoss(button));
  return load(address, { name, pressed: pressed.map(({ dataset }) => dataset.trouble) });
}

const revokeTokens = () => control("POST", `${api}/_control/revoke-tokens`);

const liveFor = (accessTokenSeconds) =>
  control("PATCH", `${provider}/_control/settings`, { accessTokenSeconds });

async function control(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}`);
}
