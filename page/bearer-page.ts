/** The page part for a script tag, `bearer-page.js`: this package, and the parts of MSAL that a site needs. */
export * from "./index.ts";
export {
  EventType,
  InteractionRequiredAuthError,
  LogLevel,
  ProtocolMode,
  PublicClientApplication,
} from "@azure/msal-browser";
