import type { ControlRoutes } from "../control-routes.ts";
import { changeSettings } from "../settings.ts";
import type { ProtectedApi } from "./protected-api.ts";

/** What the demo page can do to the API: the same as a test in this process. */
export function apiControl(api: ProtectedApi): ControlRoutes {
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
