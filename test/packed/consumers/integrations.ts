// Sites with frameworks.
import { type ApplicationConfig, inject, InjectionToken } from "@angular/core";
import type { IPublicClientApplication } from "@azure/msal-browser";
import { attachTokens, type TokenAttachment } from "bearer-worker";
import { provideTokenAttachment, TOKEN_ATTACHMENT } from "bearer-worker/angular";
import { TestTokenSource } from "bearer-worker/testing";
import { keycloakTokenSource } from "bearer-worker/keycloak-js";
import { oidcClientTokenSource } from "bearer-worker/oidc-client-ts";
import { AttachTokens, type AttachTokensProps, useTokenAttachment } from "bearer-worker/react";
import { bearerWorker } from "bearer-worker/vite";
import Keycloak from "keycloak-js";
import { UserManager } from "oidc-client-ts";
import { createElement } from "react";
import { defineConfig } from "vite";

declare const msal: IPublicClientApplication;
const protectedResourceMap = { "/api/*": ["api://orders/Data.Read"] };

export default defineConfig({ plugins: [bearerWorker()] });

const props: AttachTokensProps = { source: msal, options: { protectedResourceMap, authRequest: {} } };
createElement(AttachTokens, props, "The app");
createElement(AttachTokens, {
  source: new TestTokenSource(),
  options: { protectedResourceMap },
  fallback: "…",
});
// @ts-expect-error -- the source is missing
createElement(AttachTokens, { options: { protectedResourceMap } });
export const signIn = (): Promise<void> | undefined => useTokenAttachment()?.signIn();

/** As msal-angular declares it. */
const MSAL_INSTANCE = new InjectionToken<IPublicClientApplication>("MSAL_INSTANCE");
const SOURCE = new InjectionToken<TestTokenSource>("SOURCE");
export const config: ApplicationConfig = {
  providers: [
    provideTokenAttachment(MSAL_INSTANCE, { protectedResourceMap, interaction: "redirect" }),
    provideTokenAttachment(SOURCE, () => ({ protectedResourceMap })),
    // @ts-expect-error -- a class that is no source
    provideTokenAttachment(Date, { protectedResourceMap }),
  ],
};
export const attachment = (): Promise<TokenAttachment> => inject(TOKEN_ATTACHMENT);

const users = new UserManager({
  authority: "https://id.contoso.example",
  client_id: "orders",
  redirect_uri: "/callback",
});
void attachTokens(oidcClientTokenSource(users), { protectedResourceMap });

const keycloak = new Keycloak({ url: "https://id.contoso.example", realm: "shop", clientId: "orders" });
void attachTokens(keycloakTokenSource(keycloak), { protectedResourceMap });
