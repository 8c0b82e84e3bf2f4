import { CONFIGURATION, indented, options, redirectUriLine } from "./configuration.ts";
import type { Step } from "./step.ts";

/**
 * A component for Next.js that attaches tokens in the browser and shows its children afterwards.
 *
 * @param added the component's file
 * @param entry the file of the layout, or of the pages router's app
 * @param wrapped the element that the component goes around, as it stands in `entry`
 */
export const nextSteps = (
  { added, entry, isTyped }: { readonly added: string; readonly entry: string; readonly isTyped: boolean },
  wrapped: string,
  base: string,
): Step[] => [
  {
    text: `Write ${added}. If you have an MSAL instance already, add to its configuration what is missing:`,
    code: `"use client";

import { PublicClientApplication } from "@azure/msal-browser";
import { attachTokens } from "bearer-worker";
import { ${isTyped ? "type ReactNode, " : ""}useEffect, useState } from "react";

function createMsal() {
  ${redirectUriLine(base)}
  return new PublicClientApplication(${indented(CONFIGURATION, 2)});
}

// The server renders the page, and signs nobody in.
export const msal = typeof window === "undefined" ? null : createMsal();

/** Shows its children once their requests have tokens. */
export function AttachTokens({ children }${isTyped ? ": { children: ReactNode }" : ""}) {
  const [isAttached, setAttached] = useState(false);
  useEffect(() => {
    if (!msal) return;
    // In development, StrictMode runs this twice. The second call returns the attachment of the first.
    attachTokens(msal, ${indented(options(base), 4)})
      .catch(reportError)
      .finally(() => setAttached(true));
  }, []);
  return <>{isAttached && children}</>;
}`,
  },
  {
    text: `In ${entry}, import AttachTokens, and put it around ${wrapped}:`,
    code: `<AttachTokens>${wrapped}</AttachTokens>`,
  },
];
