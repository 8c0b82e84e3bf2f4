import type { ControlRoutes } from "../control-routes.ts";
import { changeSettings } from "../settings.ts";
import type { ApiSettings } from "./api-settings.ts";
import type { ReceivedPreflight, ReceivedRequest } from "./received-requests.ts";

/** The API's controls. A test calls them in its own process, the demo page by HTTP. */
export interface ApiControls {
  /** All requests so far except preflights, oldest first. Entries are completed in place. */
  readonly received: readonly ReceivedRequest[];
  readonly preflights: readonly ReceivedPreflight[];
  /** A change counts from the next request on. */
  readonly settings: ApiSettings;
  /** Refuses, from the end of this second on, every token issued before. Resolves then. */
  revokeTokens(): Promise<void>;
  /** Ends the event streams, as a server that restarts would. */
  endEventStreams(): void;
  /** Forgets all requests and every changed setting. */
  reset(): void;
}

/** The routes by which the demo page uses the controls. */
export function apiControl(api: ApiControls): ControlRoutes {
  return {
    "GET /received": () => api.received,
    "GET /preflights": () => api.preflights,
    "GET /settings": () => api.settings,
    "PATCH /settings": (input) => changeSettings(api.settings, input),
    "POST /revoke-tokens": () => api.revokeTokens(),
    "POST /end-event-streams": () => api.endEventStreams(),
    "POST /reset": () => api.reset(),
  };
}
