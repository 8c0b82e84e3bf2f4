import type * as msalBrowser from "@azure/msal-browser";
import type * as product from "bearer-worker";

/** The globals that snippets of the documentation use in a page. */
declare global {
  /** The script-tag build, as build.mjs makes it. */
  const bearerWorker: typeof product &
    Pick<
      typeof msalBrowser,
      "EventType" | "InteractionRequiredAuthError" | "LogLevel" | "ProtocolMode" | "PublicClientApplication"
    >;

  // The site's own, from its other files.
  const msalInstance: msalBrowser.IPublicClientApplication;
  const msal: msalBrowser.PublicClientApplication;
  const protectedResourceMap: product.ProtectedResourceMap;
  const attached: Promise<product.TokenAttachment>;
  function showOrders(): Promise<void>;
  const bar: HTMLElement;
  const signInAgain: HTMLButtonElement;
  const notNow: HTMLButtonElement;
  const t: (text: string) => string;
  /** The part of axios that the documentation uses. */
  const axios: {
    readonly interceptors: {
      readonly request: { use(intercept: (config: { headers: Record<string, string> }) => unknown): number };
    };
  };
}
