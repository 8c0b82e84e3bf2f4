import { createHash, randomUUID } from "node:crypto";
import { expect, type APIRequestContext, type APIResponse } from "@playwright/test";
import type { MsalAuth } from "../../dev/identity-provider/tenant.ts";

/**
 * Begins a session at the provider, by the requests that its sign-in page makes. The cookies stay with the browser
 * context that `request` belongs to.
 */
export async function beginSession(
  request: APIRequestContext,
  { clientId, authorityMetadata }: MsalAuth,
  redirectUri: string,
  username: string,
): Promise<void> {
  const { authorization_endpoint: endpoint } = JSON.parse(authorityMetadata) as {
    authorization_endpoint: string;
  };
  const picker = await request.get(endpoint, {
    params: {
      client_id: clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid profile offline_access",
      prompt: "select_account",
      code_challenge: createHash("sha256").update(randomUUID()).digest("base64url"),
      code_challenge_method: "S256",
      state: randomUUID(),
    },
  });
  const picked = await request.post(picker.url(), { form: { account: username }, maxRedirects: 0 });
  const answer = await request.get(locationOf(picked), { maxRedirects: 0 });
  // An account that needs a second factor is sent to the next page in place of the site.
  expect(new URL(locationOf(answer)).searchParams.has("code"), "the provider signs the user in").toBe(true);
}

function locationOf(response: APIResponse): string {
  return new URL(response.headers()["location"] ?? "", response.url()).href;
}
