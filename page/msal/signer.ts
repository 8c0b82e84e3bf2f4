import {
  type AuthenticationResult,
  CacheLookupPolicy,
  type IPublicClientApplication,
} from "@azure/msal-browser";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { AccessToken, SignProof } from "../token-source.ts";
import type { MsalRequest } from "./options.ts";

/**
 * Lets MSAL sign for one request at a time, with the token in its cache. MSAL keeps the key.
 *
 * @param request the one that the token was acquired with
 * @param toToken reads MSAL's result
 * @param inOurWords translates MSAL's errors
 */
export function createSigner(
  msal: IPublicClientApplication,
  request: MsalRequest,
  toToken: (result: AuthenticationResult) => AccessToken,
  inOurWords: (error: unknown) => unknown,
): SignProof {
  // With claims MSAL goes past its cache, and the token in it answers them already.
  const { account, claims: _, ...rest } = request;
  let renewal: Promise<unknown> | null = null;

  return async ({ url, method, nonce }) => {
    if (!account) throw noAccount();
    const asked = {
      ...rest,
      account,
      resourceRequestUri: url,
      resourceRequestMethod: method,
      ...(nonce !== null && { dpopNonce: nonce }),
    };
    const sign = (): Promise<AuthenticationResult> =>
      msal.acquireTokenSilent({ ...asked, cacheLookupPolicy: CacheLookupPolicy.AccessToken });
    try {
      const result = await sign().catch(async () => {
        // The token has five minutes left or less. MSAL would ask for a new one for each of many requests.
        renewal ??= msal.acquireTokenSilent(asked).finally(() => (renewal = null));
        await renewal;
        return await sign();
      });
      const { dpopProof: proof } = result;
      if (!proof) throw noProof();
      return { ...toToken(result), proof };
    } catch (error) {
      throw inOurWords(error);
    }
  };
}

const noAccount = (): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "MSAL signs for an account, and there is none.");

const noProof = (): BearerWorkerError =>
  new BearerWorkerError("unsupported_token_type", "MSAL gave a DPoP token without a proof for this request.");
