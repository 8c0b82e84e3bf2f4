/** What snippets of the documentation for the page use without saying where it comes from. Nothing else is there. */
declare global {
  /** The script-tag build, as build.mjs makes it. */
  const bearerWorker: typeof import("bearer-worker") &
    Pick<
      typeof import("@azure/msal-browser"),
      "EventType" | "InteractionRequiredAuthError" | "LogLevel" | "ProtocolMode" | "PublicClientApplication"
    >;

  // The site's own, from its other files.
  const msalInstance: import("@azure/msal-browser").IPublicClientApplication;
  const msal: import("@azure/msal-browser").PublicClientApplication;
  const protectedResourceMap: import("bearer-worker").ProtectedResourceMap;
  const attached: Promise<import("bearer-worker").TokenAttachment>;
  function showOrders(): Promise<void>;
  const bar: HTMLElement;
  const signInAgain: HTMLButtonElement;
  const notNow: HTMLButtonElement;
  const t: (text: string) => string;
}

export {};
