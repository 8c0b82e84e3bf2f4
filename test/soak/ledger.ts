/** Kinds of requests that pages make. */
export const KINDS = ["fetch", "xhr", "img", "post", "download", "worker"] as const;
export type Kind = (typeof KINDS)[number];

/** A request as its page saw it. Times are in milliseconds of `Date.now()`. */
export interface MadeRequest {
  readonly id: string;
  readonly kind: Kind;
  readonly url: string;
  readonly profile: string;
  readonly account: string;
  readonly document: string;
  readonly madeAt: number;
  /** The state of the worker in control of the page, or `none`. */
  readonly worker: string;
  /** Null while the page waits. */
  settledAt: number | null;
  /** 0 for a network error or an incomplete answer. */
  status: number | null;
  error: string | null;
}

/** A client whose requests Chromium can send past the service worker: a document, or its web worker. */
export type Prober = "page" | "web worker";

/** Messages of pages, by the binding that the harness gives them. */
export type PageMessage = { readonly document: string; readonly at: number } & (
  | {
      readonly type: "made";
      readonly id: string;
      readonly kind: Kind;
      readonly url: string;
      readonly worker: string;
    }
  | {
      readonly type: "got";
      readonly id: string;
      readonly status: number;
      readonly error: string | null;
      /** Whether the browser gave it to a service worker; null where the browser does not say so. */
      readonly wentToWorker: boolean | null;
    }
  | { readonly type: "probed"; readonly by: Prober; readonly wentToWorker: boolean | null }
  | { readonly type: "attached" }
  | { readonly type: "mended" }
  | { readonly type: "unattached"; readonly error: string }
  | { readonly type: "error"; readonly error: string }
  | {
      readonly type: "tokenfailed";
      readonly code: string;
      readonly reason: string | null;
      readonly outcome: string;
    }
);

/** An event, for the analysis of a failure. */
export interface Happening {
  readonly at: number;
  readonly profile: string;
  readonly what: string;
}

/** All requests of pages with their results, and all events. */
export interface Ledger {
  readonly requests: ReadonlyMap<string, MadeRequest>;
  readonly happenings: readonly Happening[];
  /** When the harness began to close or reload a document; undefined for other documents. */
  leftAt(document: string): number | undefined;
  leave(document: string | null): void;
  /** Whether Chromium sent requests of a document, or of its web worker, past the service worker. */
  isBypassed(document: string, by: Prober): boolean;
  /** The renderer has crashed. */
  crash(document: string | null): void;
  isCrashed(document: string): boolean;
  /** How many documents have crashed. */
  readonly crashes: number;
  /** When a document first replaced its worker because Chromium sent requests past it. */
  mendedAt(document: string): number | undefined;
  note(profile: string, what: string): void;
  enter(message: PageMessage, profile: string, account: string): void;
  /** How many requests of open pages have no answer yet. */
  readonly waiting: number;
}

export function createLedger(): Ledger {
  const requests = new Map<string, MadeRequest>();
  const left = new Map<string, number>();
  const mended = new Map<string, number>();
  const bypassed: Record<Prober, Set<string>> = { page: new Set(), "web worker": new Set() };
  const crashed = new Set<string>();
  const happenings: Happening[] = [];
  const note = (profile: string, what: string): void =>
    void happenings.push({ at: Date.now(), profile, what });

  return {
    requests,
    happenings,
    note,
    leftAt: (document) => left.get(document),
    leave: (document) => void (document !== null && !left.has(document) && left.set(document, Date.now())),
    isBypassed: (document, by) => bypassed[by].has(document),
    crash(document) {
      if (document !== null) crashed.add(document);
    },
    isCrashed: (document) => crashed.has(document),
    get crashes() {
      return crashed.size;
    },
    mendedAt: (document) => mended.get(document),
    enter(message, profile, account) {
      switch (message.type) {
        case "made": {
          const { id, kind, url, worker, document, at: madeAt } = message;
          const nothingYet = { settledAt: null, status: null, error: null };
          requests.set(id, { id, kind, url, profile, account, document, madeAt, worker, ...nothingYet });
          return;
        }
        case "got": {
          const { at: settledAt, status, error, wentToWorker } = message;
          const request = requests.get(message.id);
          Object.assign(request ?? {}, { settledAt, status, error });
          // The page sends its calls itself while it has no worker of its own, and then they have tokens.
          if (wentToWorker === false && request?.worker !== "none" && status === 401)
            bypassed.page.add(message.document);
          return;
        }
        case "probed":
          if (message.wentToWorker === false) bypassed[message.by].add(message.document);
          return;
        case "tokenfailed":
          note(profile, `no token: ${message.code}, ${message.reason}, ${message.outcome}`);
          return;
        case "unattached":
        case "error":
          if (!left.has(message.document)) note(profile, `page: ${message.error}`);
          return;
        case "mended":
          note(profile, "a new worker in place of one that is bypassed");
          if (!mended.has(message.document)) mended.set(message.document, message.at);
          return;
        case "attached":
          return;
        default:
          message satisfies never;
      }
    },
    get waiting() {
      return [...requests.values()].filter(
        ({ settledAt, document }) => settledAt === null && !left.has(document),
      ).length;
    },
  };
}
