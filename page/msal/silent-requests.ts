import type { AuthenticationResult, IPublicClientApplication } from "@azure/msal-browser";
import type { MsalRequest } from "./options.ts";

/**
 * Silent requests to MSAL. MSAL gives equal requests that overlap one token: two forced ones, and before 5.29 a forced one and
 * one that is not. A token that replaces a refused one could so be from before the refusal.
 *
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-js/blob/dev/lib/msal-common/src/network/RequestThumbprint.ts
 */
export class SilentRequests {
  readonly #msal: Pick<IPublicClientApplication, "acquireTokenSilent">;
  /** The last request for each account, scopes and claims, while it is under way. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(msal: Pick<IPublicClientApplication, "acquireTokenSilent">) {
    this.#msal = msal;
  }

  /** @param isFresh whether only a token that is acquired from now on will do, whatever MSAL's cache has */
  async send(request: MsalRequest, isFresh: boolean): Promise<AuthenticationResult> {
    const { account, scopes, claims } = request;
    const key = JSON.stringify([account?.homeAccountId, scopes, claims]);
    if (isFresh) await this.#underWay.get(key)?.catch(() => undefined);
    // Claims go past the cache by themselves.
    const forceRefresh = isFresh && !claims;
    const sent = this.#msal.acquireTokenSilent({ ...request, ...(forceRefresh && { forceRefresh }) });
    this.#underWay.set(key, sent);
    try {
      return await sent;
    } finally {
      if (this.#underWay.get(key) === sent) this.#underWay.delete(key);
    }
  }
}
