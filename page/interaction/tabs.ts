import type { Environment } from "./environment.ts";
import { readTabMessage, type ResourceName, type TabMessage, VERSION } from "./tab-message.ts";

/** The events of one tab that matter to the others. */
export interface TabEvents {
  /** The user acted. */
  acted(): void;
  /** The user of this page's account declined. */
  declined(): void;
  /** A hidden tab of this page's account needs the user. */
  needed(resource: ResourceName): void;
  /** The user sees a tab again. */
  seen(): void;
}

/**
 * Connects the pages of one app, until `stopped` aborts. A tab with another account ignores events
 * that concern one account.
 *
 * @param name of the channel: the same for all pages of the app, another for other apps of the origin
 * @param account the account of this page
 * @param listener hears of events in other tabs
 * @returns functions that tell the other tabs of an event in this one
 */
export function connectTabs(
  name: string,
  account: () => string | null,
  stopped: AbortSignal,
  environment: Environment,
  listener: TabEvents,
): TabEvents {
  let channel = stopped.aborted ? null : environment.openChannel(name);
  const tell = (message: TabMessage): void => channel?.postMessage({ version: VERSION, ...message });

  const hear = (message: TabMessage): void => {
    switch (message.type) {
      case "acted":
        return listener.acted();
      case "declined":
        return message.account === account() ? listener.declined() : undefined;
      case "needed":
        return message.account === account() ? listener.needed(message) : undefined;
      case "seen":
        return listener.seen();
      default:
        return message satisfies never;
    }
  };
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readTabMessage(data);
      if (message) hear(message);
    };
  }
  stopped.addEventListener("abort", () => {
    channel?.close();
    channel = null;
  });

  const tabs: TabEvents = {
    acted: () => tell({ type: "acted" }),
    declined: () => tell({ type: "declined", account: account() }),
    needed: ({ key, method }) => tell({ type: "needed", account: account(), key, method }),
    seen: () => tell({ type: "seen" }),
  };
  const { visibility } = environment;
  visibility.onChange(() => visibility.isVisible() && tabs.seen(), stopped);
  return tabs;
}
