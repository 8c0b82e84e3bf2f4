import type { EventMessage, EventType, IPublicClientApplication } from "@azure/msal-browser";

/**
 * Calls back for MSAL's events of these types. The oldest MSAL has no filter of its own, and calls back for all.
 *
 * @returns ends it
 */
export function onMsalEvent(
  msal: IPublicClientApplication,
  types: readonly string[],
  listener: (event: EventMessage) => void,
): () => void {
  const id = msal.addEventCallback((event) => {
    if (types.includes(event.eventType)) listener(event);
  }, types as EventType[]);
  return () => {
    if (id !== null) msal.removeEventCallback(id);
  };
}
