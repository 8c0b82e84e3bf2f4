export { acquireByPopup } from "./popup.ts";
export { acquireByRedirect } from "./redirect.ts";
