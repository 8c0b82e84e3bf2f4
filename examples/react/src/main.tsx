import { PublicClientApplication } from "@azure/msal-browser";
import { MsalProvider } from "@azure/msal-react";
import { AttachTokens } from "bearer-worker/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { msalAuth } from "./config.ts";
import { protectedResourceMap } from "./protected-resources.ts";

// MSAL's popups and hidden iframes end on this page, which the plugin of Vite serves.
const redirectUri = `${location.origin}/bearer-redirect.html`;
const msal = new PublicClientApplication({
  auth: { ...msalAuth, redirectUri, postLogoutRedirectUri: redirectUri, clientCapabilities: ["CP1"] },
});

createRoot(document.querySelector("#root") as HTMLElement).render(
  <StrictMode>
    <MsalProvider instance={msal}>
      <AttachTokens source={msal} options={{ protectedResourceMap }} fallback={<p>Starting …</p>}>
        <App />
      </AttachTokens>
    </MsalProvider>
  </StrictMode>,
);
