/** The provider's answer in this page's URL. */
export interface UrlAnswer {
  /** How the provider was asked, by the answer's state. */
  readonly interaction: string;
  /** Whether it is the end of a sign-out, which MSAL before 5 gives no state. */
  readonly isSignOut: boolean;
}

/** The answer in this page's URL; `null` without one. */
export function readAnswer(): UrlAnswer | null {
  for (const part of [location.hash.slice(1), location.search]) {
    const parameters = new URLSearchParams(part);
    const [state] = parameters.get("state")?.split("|") ?? [];
    if (!state) continue;
    try {
      const { meta } = JSON.parse(atob(state.replaceAll("-", "+").replaceAll("_", "/"))) as {
        meta: { interactionType: string };
      };
      const isSignOut = !["code", "error", "ear_jwe"].some((name) => parameters.has(name));
      return { interaction: meta.interactionType, isSignOut };
    } catch {
      // The state of another library.
    }
  }
  return null;
}
