import { optionalNumber, optionalText, type ControlRoutes } from "../control-routes.ts";
import { changeSettings } from "../settings.ts";
import type { DevAccount } from "./accounts.ts";
import { FAULT_KINDS, FAULTY_ENDPOINTS, type FaultOptions, type Faults } from "./faults.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import type { ProviderRequest } from "./request-log.ts";

/** The provider's controls. A test calls them in its own process, the demo page by HTTP. */
export interface ProviderControls {
  readonly accounts: readonly DevAccount[];
  /** All requests so far, oldest first. Entries are completed in place. */
  readonly requests: readonly ProviderRequest[];
  /** A change counts from the next request on. */
  readonly settings: ProviderSettings;

  /** Ends the session of an account, or all sessions: silent sign-in fails, refresh tokens still work. */
  revokeSessions(username?: string): void;
  /** Revokes the refresh tokens of an account, or all of them: the next refresh falls back to the session. */
  revokeRefreshTokens(username?: string): void;
  /** Makes an endpoint misbehave. A later fault of the same endpoint replaces it. */
  readonly fault: Faults["set"];
  readonly clearFaults: Faults["clear"];
  /** Breaks every connection from now on, as if the provider did not run. */
  stop(): void;
  start(): void;
  /** Forgets sessions, grants, tokens, consents, faults, the log and changed settings, and starts again. */
  reset(): void;
}

/** The routes by which the demo page uses the controls. */
export function providerControl(provider: ProviderControls): ControlRoutes {
  return {
    "GET /accounts": () => provider.accounts,
    "GET /requests": () => provider.requests,
    "GET /settings": () => provider.settings,
    "PATCH /settings": (input) => changeSettings(provider.settings, input),
    "POST /revoke-sessions": (input) => provider.revokeSessions(optionalText(input, "username")),
    "POST /revoke-refresh-tokens": (input) => provider.revokeRefreshTokens(optionalText(input, "username")),
    "POST /fault": (input) =>
      provider.fault(
        oneOf(FAULTY_ENDPOINTS, input["endpoint"]),
        oneOf(FAULT_KINDS, input["kind"]),
        optionsOf(input),
      ),
    "POST /clear-faults": () => provider.clearFaults(),
    "POST /stop": () => provider.stop(),
    "POST /start": () => provider.start(),
    "POST /reset": () => provider.reset(),
  };
}

function optionsOf(input: Record<string, unknown>): FaultOptions {
  const count = optionalNumber(input, "count");
  const retryAfterSeconds = optionalNumber(input, "retryAfterSeconds");
  const delayMs = optionalNumber(input, "delayMs");
  return {
    ...(count !== undefined && { count }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(delayMs !== undefined && { delayMs }),
  };
}

function oneOf<Value extends string>(values: readonly Value[], value: unknown): Value {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined)
    throw new TypeError(`${JSON.stringify(value)} is not one of ${values.join(", ")}.`);
  return found;
}
