import type { TokenFailed } from "../page/attachment-events.ts";

/** The codes in words. docs/troubleshooting.md has more on each. */
const REASONS: Record<TokenFailed["code"], string> = {
  already_attached: "the page is attached with another identity library",
  invalid_options: "an option has a wrong value",
  invalid_resource_map: "the map cannot be read",
  resource_map_too_large: "the map does not fit into the worker’s URL",
  service_worker_unavailable: "there are no service workers here",
  page_out_of_scope: "the page is outside of the worker’s scope",
  worker_registration_failed: "the browser refused the worker’s script",
  worker_not_in_control: "the worker did not take control in time",
  worker_bypassed: "requests pass by the worker",
  worker_preempted: "the site’s worker answers by itself",
  worker_incompatible: "the worker is of another version",
  worker_map_differs: "the worker has another map",
  worker_removed: "the browser removed the worker",
  worker_without_route: "the site's worker attaches no tokens",
  worker_map_incomplete: "the site’s worker lacks a key of the map",
  other_worker: "another worker is in control",
  signed_out: "nobody is signed in",
  interaction_required: "the user has to act",
  interaction_disabled: "the user has to act, and may not be asked",
  interaction_declined: "the user declined",
  interaction_timeout: "the user did not act in time",
  interaction_failed: "signing in failed",
  popup_blocked: "the browser blocked the popup",
  popup_closed: "the user closed the popup",
  redirecting: "the page is leaving to sign in",
  silent_failed: "the provider gave none",
  silent_timeout: "the provider did not answer in time",
  unsupported_token_type: "the token is of another type than the map asks for",
  dpop_nonce_missing: "the proof cannot have the API’s nonce",
  dpop_clock_differs: "the API’s clock and the device’s differ",
  dpop_proof_refused: "the API refused the proof",
};

/** A code in words. The code itself follows, for a search. */
export const inWords = (code: string): string =>
  Object.hasOwn(REASONS, code) ? `${REASONS[code as TokenFailed["code"]]} (${code})` : code;
