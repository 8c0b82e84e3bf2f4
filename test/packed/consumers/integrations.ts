// Sites with frameworks.
import type { IPublicClientApplication } from "@azure/msal-browser";
import { TestTokenSource } from "bearer-worker/testing";
import { AttachTokens, type AttachTokensProps, useTokenAttachment } from "bearer-worker/react";
import { bearerWorker } from "bearer-worker/vite";
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
