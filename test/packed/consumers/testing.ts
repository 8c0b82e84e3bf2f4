// A test of a site that signs nobody in.
import { attachTokens, type TokenRequest } from "bearer-worker";
import { TestTokenSource, type TestTokenSourceOptions } from "bearer-worker/testing";

const options: TestTokenSourceOptions = {
  account: "ada",
  accessToken: (_request, count) => `token ${count}`,
};
export const tokens = new TestTokenSource(options);
void attachTokens(tokens, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });

tokens.interactionRequired = true;
tokens.delay = Infinity;
tokens.failure = new Error("The provider is down.");
tokens.signOut();
export const requests: readonly TokenRequest[] = tokens.silent;

// @ts-expect-error -- there is no such switch
tokens.interaction = "popup";
