import type { TokenRequest } from "./token-source.ts";
import { isVisible } from "./visibility.ts";

/** What the pages of one app tell each other while the user has to act. */
export type TabMessage =
  /** The user acted in a tab: others may have their tokens without asking. */
  | { readonly type: "acted" }
  /** The user declined in a tab, and will not be asked again in the next. */
  | { readonly type: "declined"; readonly account: string | null }
  /** A tab that is hidden needs the user: one of the same account that they see asks for it. */
  | {
      readonly type: "needed";
      readonly account: string | null;
      readonly request: TokenRequest;
      readonly resource: string;
    }
  /** The user sees this tab now: whoever waits, say what is needed. */
  | { readonly type: "seen" };

export interface OtherTabs {
  tell(message: TabMessage): void;
}

/**
 * Connects the pages of one app.
 *
 * @param app names it: the same for all its pages, another for other apps of the origin
 */
export function connectTabs(
  app: string,
  stopped: AbortSignal,
  onMessage: (message: TabMessage) => void,
): OtherTabs {
  const channel = new BroadcastChannel(`bearer-worker ${app}`);
  channel.onmessage = ({ data }: MessageEvent<TabMessage | null>) => data && onMessage(data);
  document.addEventListener("visibilitychange", () => isVisible() && channel.postMessage({ type: "seen" }), {
    signal: stopped,
  });
  const close = (): void => channel.close();
  if (stopped.aborted) close();
  stopped.addEventListener("abort", close);
  return {
    tell(message) {
      if (!stopped.aborted) channel.postMessage(message);
    },
  };
}
