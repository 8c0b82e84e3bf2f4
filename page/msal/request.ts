import type { IPublicClientApplication } from "@azure/msal-browser";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { TokenRequest } from "../token-source.ts";
import { authorityOfTenant } from "./tenant.ts";
import { isBearer, isDpop, type MsalAuthRequest, type MsalOptions, type MsalRequest } from "./options.ts";

/**
 * Adds the demands of the app and of the resource server to MSAL's request.
 *
 * @throws BearerWorkerError `invalid_options` when `authRequest` fails or gives a request that MSAL must not get,
 * `unsupported_token_type` when it asks for anything but bearer tokens
 */
export function extendRequest(
  plain: MsalRequest,
  msal: IPublicClientApplication,
  authRequest: MsalOptions["authRequest"],
  { url, method, scopes, challenge, unanswered, tokenType }: TokenRequest,
  providerOrigins: readonly string[],
): MsalRequest {
  const account = plain.account ?? null;
  const own =
    typeof authRequest === "function"
      ? checked(() => authRequest(msal, { url, method }, { account, scopes }), providerOrigins, tokenType)
      : { ...authRequest };
  const { acrValues, maxAge } = challenge;
  const claims = mergeClaims(own.claims, challenge.claims);
  const authority = account && !own.authority && authorityOfTenant(account, msal.getConfiguration());
  return {
    ...(authority && { authority }),
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
    ...(tokenType && {
      authenticationScheme: tokenType,
      resourceRequestMethod: method,
      resourceRequestUri: url,
    }),
    // MSAL lets equal requests wait together, for ever when the first one does. It knows them by this list, and sends
    // each scope once.
    scopes: Array.from({ length: unanswered + 1 }, () => plain.scopes).flat(),
    // MSAL's cache goes by the account's tenant, and by the authority's only if the account has none.
    ...(account && own.authority && { account: { ...account, tenantId: "" } }),
  };
}

/** The reason for which other schemes are refused. */
export const SCHEMES =
  'Only bearer and DPoP tokens can be attached, since other schemes sign with keys that only MSAL and its platform broker have: remove "authenticationScheme".';

/** The result of the app's function. No result is a result, too. */
function checked(
  call: () => unknown,
  providerOrigins: readonly string[],
  tokenType: TokenRequest["tokenType"],
): MsalAuthRequest {
  let fields: unknown;
  try {
    fields = call() ?? {};
  } catch (cause) {
    throw mistake("threw an error. See `cause` for it", cause);
  }
  if (typeof fields !== "object" || fields === null || "then" in fields || Array.isArray(fields)) {
    throw mistake(
      "gave no object. It has to return an object with fields for MSAL's request, and no promise",
    );
  }
  const { authority, authenticationScheme } = fields as MsalAuthRequest;
  if (isDpop(authenticationScheme) ? !tokenType : !isBearer(authenticationScheme)) {
    throw new BearerWorkerError(
      "unsupported_token_type",
      `The function in the option "authRequest" asks for the authentication scheme ${authenticationScheme}. ${
        isDpop(authenticationScheme)
          ? 'Write tokenType: "DPoP" into the entry of the "protectedResourceMap" in its place.'
          : SCHEMES
      }`,
    );
  }
  if (authority && !providerOrigins.some((origin) => `${authority}/`.startsWith(`${origin}/`))) {
    throw mistake(
      'gave an authority on an unknown host. Name the host in "knownAuthorities" of MSAL\'s configuration',
    );
  }
  return { ...fields, account: undefined } as MsalAuthRequest;
}

/** The resource server's demands come on top of the app's own. */
function mergeClaims(own: string | undefined, asked: string | undefined): string | undefined {
  if (!own || !asked) return asked ?? own;
  try {
    const merged = JSON.parse(own) as Record<string, object>;
    for (const [token, claims] of Object.entries(JSON.parse(asked) as Record<string, object>)) {
      merged[token] = { ...merged[token], ...claims };
    }
    return JSON.stringify(merged);
  } catch (cause) {
    throw new BearerWorkerError(
      "invalid_options",
      'The claims in the option "authRequest" are no JSON. Write the JSON of a claims request.',
      { cause },
    );
  }
}

const mistake = (problem: string, cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("invalid_options", `The function in the option "authRequest" ${problem}.`, { cause });
