import { useMsal } from "@azure/msal-react";
import { attachTokens, type ProtectedResourceMap } from "bearer-worker";
import { type PropsWithChildren, useEffect, useState } from "react";
import { apiOrigin } from "./config.ts";

const protectedResourceMap: ProtectedResourceMap = {
  "/api/health": null,
  "/api/*": [
    { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
    { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
  ],
  [`${apiOrigin}/media/*`]: ["api://media/Media.Read"],
};

/** Renders its children once requests carry tokens. This is the site's only code for tokens. */
export function AttachTokens({ children }: PropsWithChildren) {
  const { instance } = useMsal();
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    // In development, StrictMode runs this twice. The second call returns the attachment of the first.
    attachTokens(instance, { protectedResourceMap })
      .catch(console.error)
      .finally(() => setSettled(true));
  }, [instance]);
  return settled && children;
}
