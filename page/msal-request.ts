import type { IPublicClientApplication } from "@azure/msal-browser";
import { BearerWorkerError } from "../protocol/errors.ts";
import type { MsalAuthRequest, MsalOptions, MsalRequest } from "./msal-token-source.ts";
import type { TokenRequest } from "./token-source.ts";

/**
 * Adds to MSAL's request what the app and the resource server want.
 *
 * @throws BearerWorkerError `invalid_options` when `authRequest` fails or gives what MSAL must not get,
 * `unsupported_token_type` when it asks for anything but bearer tokens
 */
export function extendRequest(
  plain: MsalRequest,
  msal: IPublicClientApplication,
  authRequest: MsalOptions["authRequest"],
  { url, method, scopes, challenge, unanswered }: TokenRequest,
  providerOrigins: readonly string[],
): MsalRequest {
  const account = plain.account ?? null;
  const own =
    typeof authRequest === "function"
      ? checked(() => authRequest(msal, { url, method }, { account, scopes }), providerOrigins)
      : { ...authRequest };
  const { acrValues, maxAge } = challenge;
  const claims = mergeClaims(own.claims, challenge.claims);
  return {
    ...own,
    ...(claims && { claims }),
    ...((acrValues ?? maxAge) && {
      extraQueryParameters: {
        ...own.extraQueryParameters,
        ...(acrValues && { acr_values: acrValues }),
        ...(maxAge && { max_age: maxAge }),
      },
    }),
    ...plain,
    // MSAL lets equal requests wait together, for ever when the first one does. It knows them by this list, and sends
    // each scope once.
    scopes: Array.from({ length: unanswered + 1 }, () => plain.scopes).flat(),
    // MSAL's cache goes by the account's tenant, and by the authority's only where there is none.
    ...(account && own.authority && { account: { ...account, tenantId: "" } }),
  };
}

/** The result of the app's function. Nothing is a result, too. */
function checked(call: () => unknown, providerOrigins: readonly string[]): MsalAuthRequest {
  let fields: unknown;
  try {
    fields = call() ?? {};
  } catch (cause) {
    throw mistake("threw an error", cause);
  }
  if (typeof fields !== "object" || "then" in (fields as object) || Array.isArray(fields)) {
    throw mistake("has to give an object, and at once");
  }
  const { authority, authenticationScheme = "bearer" } = fields as MsalAuthRequest;
  if (authenticationScheme.toLowerCase() !== "bearer") {
    throw new BearerWorkerError(
      "unsupported_token_type",
      `authRequest asks for ${authenticationScheme}, and only bearer tokens can be attached`,
    );
  }
  if (authority && !providerOrigins.some((origin) => `${authority}/`.startsWith(`${origin}/`))) {
    throw mistake('gave an authority whose host "knownAuthorities" of MSAL\'s configuration has to name');
  }
  return { ...fields, account: undefined } as MsalAuthRequest;
}

/** What the resource server asks for comes on top of what the app always asks for. */
function mergeClaims(own: string | undefined, asked: string | undefined): string | undefined {
  if (!own || !asked) return asked ?? own;
  try {
    const merged = JSON.parse(own) as Record<string, object>;
    for (const [token, claims] of Object.entries(JSON.parse(asked) as Record<string, object>)) {
      merged[token] = { ...merged[token], ...claims };
    }
    return JSON.stringify(merged);
  } catch (cause) {
    throw mistake("has claims that are no JSON", cause);
  }
}

const mistake = (what: string, cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("invalid_options", `The option "authRequest" ${what}`, { cause });
