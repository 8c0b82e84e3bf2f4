import { announce } from "./announce.js";
import { seconds } from "./texts.js";

const { apiOrigin: api, providerOrigin: provider } = demoConfig;

const SHORT_LIFE = 10;
const USUAL_LIFE = 3600;

/** The action of each button, by the button's `data-trouble`. Its text named `done.…` then confirms the action. */
function troubles({ sendApprovals, startOver }) {
  return {
    async "revoke-session"() {
      await control("POST", `${provider}/_control/revoke-sessions`);
      await control("POST", `${provider}/_control/revoke-refresh-tokens`);
      await control("POST", `${api}/_control/revoke-tokens`);
    },
    async "revoke-tokens"() {
      await control("POST", `${api}/_control/revoke-tokens`);
    },
    async "step-up"() {
      void sendApprovals();
    },
    async "expire-tokens"() {
      await control("PATCH", `${provider}/_control/settings`, { accessTokenSeconds: SHORT_LIFE });
      await control("POST", `${api}/_control/revoke-tokens`);
      return { time: seconds(SHORT_LIFE) };
    },
    async "restore-lifetimes"() {
      await control("PATCH", `${provider}/_control/settings`, { accessTokenSeconds: USUAL_LIFE });
    },
    async "stop-provider"() {
      await control("POST", `${provider}/_control/stop`);
    },
    async "start-provider"() {
      await control("POST", `${provider}/_control/start`);
    },
    async "drop-streams"() {
      await control("POST", `${api}/_control/end-event-streams`);
    },
    async reset() {
      await control("POST", `${provider}/_control/reset`);
      await control("POST", `${api}/_control/reset`);
      await startOver();
    },
  };
}

export function startTrouble(page) {
  for (const [name, act] of Object.entries(troubles(page))) {
    const button = document.querySelector(`[data-trouble="${name}"]`);
    button.addEventListener("click", () => {
      act().then(
        (values) => announce(`done.${name}`, values),
        () => announce("done.nothing"),
      );
    });
  }
}

async function control(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}`);
}
