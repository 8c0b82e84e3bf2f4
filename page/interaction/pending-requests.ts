import type { AccessToken } from "../token-source.ts";
import type { InteractionEvent } from "./coordinator-state.ts";

/** The requests that wait for the interaction under way. */
export interface PendingRequests {
  /** Settles with the interaction: with its token, with `null` where it has none, or with its error. */
  outcome(): Promise<AccessToken | null>;
  /** Settles all of them by the event that ended the interaction. */
  settle(event: InteractionEvent): void;
}

interface PendingRequest {
  readonly resolve: (token: AccessToken | null) => void;
  readonly reject: (error: unknown) => void;
}

export function createPendingRequests(): PendingRequests {
  const pending: PendingRequest[] = [];
  return {
    outcome: () => new Promise((resolve, reject) => void pending.push({ resolve, reject })),
    settle(event) {
      for (const { resolve, reject } of pending.splice(0)) {
        if ("error" in event) reject(event.error);
        else resolve(event.type === "acquired" ? event.token : null);
      }
    },
  };
}
