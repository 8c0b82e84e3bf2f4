"use client";

import type { PublicClientApplication } from "@azure/msal-browser";
import type { ProtectedResourceMap } from "bearer-worker";
import { AttachTokens } from "bearer-worker/react";
import { type ReactNode, useEffect, useState } from "react";
import { getMsal } from "./msal";

const protectedResourceMap: ProtectedResourceMap = { "/api/*": ["api://orders/Data.Read"] };

/** Renders its children in the browser, once their requests will have tokens. */
export function Tokens({ children }: { children: ReactNode }) {
  const [source, setSource] = useState<PublicClientApplication | null>(null);
  useEffect(() => setSource(getMsal()), []);
  if (!source) return null;
  return (
    <AttachTokens source={source} options={{ protectedResourceMap }}>
      {children}
    </AttachTokens>
  );
}
