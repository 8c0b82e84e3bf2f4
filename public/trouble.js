import { announce } from "./announce.js";

const { apiOrigin: api, providerOrigin: provider } = demoConfig;

const SHORT_LIFE = 10;
const USUAL_LIFE = 3600;

/** Every button by its `data-trouble`: what it does, and what it then says. */
function troubles({ sendApprovals, startOver }) {
  return {
    async "revoke-session"() {
      await control("POST", `${provider}/_control/revoke-sessions`);
      await control("POST", `${provider}/_control/revoke-refresh-tokens`);
      await control("POST", `${api}/_control/revoke-tokens`);
      return "Session revoked. Send a request: it waits until the user has signed in again.";
    },
    async "revoke-tokens"() {
      await control("POST", `${api}/_control/revoke-tokens`);
      return "Every token so far is refused. Send a request: it is replayed with a new one.";
    },
    async "step-up"() {
      void sendApprovals();
      return "The approvals are on their way: approve the sign-in, and their card has them.";
    },
    async "expire-tokens"() {
      await control("PATCH", `${provider}/_control/settings`, { accessTokenSeconds: SHORT_LIFE });
      await control("POST", `${api}/_control/revoke-tokens`);
      return `From now on a token lives ${SHORT_LIFE} seconds. Send requests, wait, send again.`;
    },
    async "restore-lifetimes"() {
      await control("PATCH", `${provider}/_control/settings`, { accessTokenSeconds: USUAL_LIFE });
      return "New tokens live an hour again.";
    },
    async "stop-provider"() {
      await control("POST", `${provider}/_control/stop`);
      return "The provider is down. Requests go on with the tokens at hand.";
    },
    async "start-provider"() {
      await control("POST", `${provider}/_control/start`);
      return "The provider is back.";
    },
    async "drop-streams"() {
      await control("POST", `${api}/_control/end-event-streams`);
      return "The API ended the event stream. The browser opens it again by itself.";
    },
    async reset() {
      await control("POST", `${provider}/_control/reset`);
      await control("POST", `${api}/_control/reset`);
      await startOver();
      return "Everything is as at the start, and nobody is signed in.";
    },
  };
}

export function startTrouble(page) {
  for (const [name, act] of Object.entries(troubles(page))) {
    const button = document.querySelector(`[data-trouble="${name}"]`);
    button.addEventListener("click", () => {
      announce("One moment");
      act().then(announce, () => announce("That did not work: are the provider and the API still running?"));
    });
  }
}

async function control(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}`);
}
