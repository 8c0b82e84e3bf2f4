import { optionalNumber, optionalText, type ControlRoutes } from "../control-routes.ts";
import { changeSettings } from "../settings.ts";
import { FAULT_KINDS, FAULTY_ENDPOINTS, type FaultOptions } from "./faults.ts";
import type { IdentityProvider } from "./identity-provider.ts";

/** What the demo page can do to the provider: the same as a test in this process. */
export function providerControl(provider: IdentityProvider): ControlRoutes {
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
  if (found === undefined) throw new TypeError(`expected one of ${values.join(", ")}`);
  return found;
}
