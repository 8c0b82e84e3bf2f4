import type { TokenAttachment } from "../page/token-attachment.ts";
import type { Wait } from "./waits.ts";

/** The acquisitions that are under way in this page: those of the provider, and those of the user. */
export interface Acquisitions {
  /** The party that the page waits for, to get a token for these scopes. */
  waitFor(scopes: readonly string[]): Wait;
}

/** Follows the attachment's events until `stopped` aborts. `onChange` hears of each change, after it. */
export function followAcquisitions(
  attachment: TokenAttachment,
  stopped: AbortSignal,
  onChange: () => void,
): Acquisitions {
  const waits = new Map<string, Wait>();
  const options = { signal: stopped };
  const follow = (type: "tokenrequested" | "interactionrequired" | "tokenacquired" | "tokenfailed"): void =>
    attachment.addEventListener(
      type,
      ({ detail: { scopes } }) => {
        const key = scopes.join(" ");
        if (type === "tokenrequested") waits.set(key, "provider");
        else if (type === "interactionrequired") waits.set(key, "user");
        else waits.delete(key);
        onChange();
      },
      options,
    );
  follow("tokenrequested");
  follow("interactionrequired");
  follow("tokenacquired");
  follow("tokenfailed");
  return { waitFor: (scopes) => waits.get(scopes.join(" ")) ?? "page" };
}
