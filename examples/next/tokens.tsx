"use client";

import { PublicClientApplication } from "@azure/msal-browser";
import type { ProtectedResourceMap } from "bearer-worker";
import { AttachTokens } from "bearer-worker/react";
import { type ReactNode, useEffect, useState } from "react";

declare global {
  /** The configuration that the local stack provides. In your site: constants or variables of the build. */
  var demoConfig: {
    msalAuth: { clientId: string; authority: string; knownAuthorities: string[]; authorityMetadata: string };
  };
}

const protectedResourceMap: ProtectedResourceMap = { "/api/*": ["api://orders/Data.Read"] };

function createMsal(): PublicClientApplication {
  const redirectUri = `${location.origin}/bearer-redirect.html`;
  return new PublicClientApplication({
    auth: {
      ...demoConfig.msalAuth,
      redirectUri,
      postLogoutRedirectUri: redirectUri,
      clientCapabilities: ["CP1"],
    },
  });
}

/** MSAL needs a window, so it is made in the browser, once. */
let msal: PublicClientApplication | null = null;

/** Renders its children in the browser, once their requests will have tokens. */
export function Tokens({ children }: { children: ReactNode }) {
  const [source, setSource] = useState<PublicClientApplication | null>(null);
  useEffect(() => setSource((msal ??= createMsal())), []);
  if (!source) return null;
  return (
    <AttachTokens source={source} options={{ protectedResourceMap }}>
      {children}
    </AttachTokens>
  );
}
