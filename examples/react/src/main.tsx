import { PublicClientApplication } from "@azure/msal-browser";
import { MsalProvider } from "@azure/msal-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { AttachTokens } from "./attach-tokens.tsx";
import { msalAuth } from "./config.ts";

// MSAL's popups and hidden iframes end on this page. `bearer-worker init` has copied it.
const redirectUri = `${location.origin}/bearer-redirect.html`;
const msal = new PublicClientApplication({
  auth: { ...msalAuth, redirectUri, postLogoutRedirectUri: redirectUri },
});

createRoot(document.querySelector("#root") as HTMLElement).render(
  <StrictMode>
    <MsalProvider instance={msal}>
      <AttachTokens>
        <App />
      </AttachTokens>
    </MsalProvider>
  </StrictMode>,
);
