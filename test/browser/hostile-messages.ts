import type { PageAccount } from "../../protocol/page-account.ts";
import { readTabMessage, type TabMessage, VERSION } from "../../page/interaction/tab-message.ts";
import { type PageNotice, seal, type WorkerMessage } from "../../protocol/messages.ts";
import type {
  AcquireQuestion,
  IdentifyQuestion,
  ProveQuestion,
  WantedToken,
} from "../../protocol/questions.ts";
import { readPageNotice } from "../../protocol/read-from-page.ts";
import { readWorkerMessage } from "../../protocol/read-from-worker.ts";
import type { SitePage } from "./fixtures.ts";

/*
 * Messages that are right in everything but their sender. A malformed message is ignored whoever sends it, so each of them
 * is read here by the product's own reader first.
 */

/** A message as it travels, and as JSON carries it to the script that sends it. */
type Wellformed<Message> = Message & { readonly bearerWorker: number };

/** One message of each type. */
type OneOfEach<Message extends { readonly type: string }> = {
  readonly [Type in Message["type"]]: Extract<Message, { readonly type: Type }>;
};

/** A request for the orders, as the map of the tests' site names them. */
const wantedFrom = (url: string): WantedToken => ({
  url,
  method: "GET",
  scopes: ["api://orders/Data.Read"],
  isNavigation: false,
});

export const identifyQuestion = (url: string): Wellformed<IdentifyQuestion> =>
  fromWorker<IdentifyQuestion>({ type: "identify", wanted: wantedFrom(url) });

export const acquireQuestion = (account: PageAccount, url: string): Wellformed<AcquireQuestion> =>
  fromWorker<AcquireQuestion>({
    type: "acquire",
    account,
    wanted: wantedFrom(url),
    purpose: "request",
    refusal: null,
  });

const proveQuestion = (account: PageAccount, url: string): Wellformed<ProveQuestion> =>
  fromWorker<ProveQuestion>({
    type: "prove",
    account,
    wanted: wantedFrom(url),
    proof: { method: "GET", nonce: null },
  });

/** Every message that a worker can send to a page, about a request of that page. */
export function workerMessages(account: PageAccount, url: string): Wellformed<WorkerMessage>[] {
  const seen = { id: "1", resource: "/api/*", method: "GET", url, destination: "", startedAt: 1 };
  const messages: OneOfEach<WorkerMessage> = {
    identify: identifyQuestion(url),
    acquire: acquireQuestion(account, url),
    prove: proveQuestion(account, url),
    pending: { type: "pending", request: { ...seen, waitsFor: "page", since: 1 } },
    observed: {
      type: "observed",
      request: {
        ...seen,
        token: "memory",
        refused: false,
        replayed: false,
        status: 200,
        responseType: "basic",
        tokenTime: 1,
        responseTime: 1,
        ignoredMessages: 0,
      },
    },
    "proof-refused": {
      type: "proof-refused",
      url,
      method: "GET",
      code: "dpop_proof_refused",
      isReplayed: false,
    },
    running: { type: "running" },
    preempted: { type: "preempted" },
    lacking: { type: "lacking", keys: ["/api/*"] },
    failed: {
      type: "failed",
      url,
      method: "GET",
      failure: { code: "silent_failed", reason: null, correlationId: null },
      outcome: "bare",
    },
    sending: { type: "sending", lock: "a lock that nobody holds", request: `GET ${url}` },
  };
  return Object.values<WorkerMessage>(messages).map(fromWorker);
}

/** Every message that a page of this account and map can send to a worker, answers to its questions apart. */
export function pageNotices(account: PageAccount, map: string): Wellformed<PageNotice>[] {
  const notices: OneOfEach<PageNotice> = {
    announce: { type: "announce", account, map, observing: true },
    claim: { type: "claim" },
  };
  return Object.values<PageNotice>(notices).map(fromPage);
}

/** A message between the pages of one app, as it travels. */
export const tabMessage = (message: TabMessage): TabMessage & { readonly version: number } =>
  readable({ version: VERSION, ...message }, readTabMessage);

/** The account and the map of a page, as the page itself names them to its worker. */
export async function identityOf(site: SitePage): Promise<{ account: PageAccount; map: string }> {
  const url = await site.run(() => navigator.serviceWorker.controller?.scriptURL ?? "");
  const worker = site.page
    .context()
    .serviceWorkers()
    .find((other) => other.url() === url);
  if (!worker) throw new Error("The page has no worker");
  return await worker.evaluate(
    async ([page, question]) => {
      const { clients } = self as unknown as { clients: { matchAll(): Promise<WindowOfWorker[]> } };
      const client = (await clients.matchAll()).find((other) => other.url === page);
      return await new Promise<{ account: PageAccount; map: string }>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => {
          if (data.type === "identity") resolve({ account: data.account, map: data.map });
        };
        client?.postMessage(question, [port2]);
      });
    },
    [site.page.url(), fromWorker<IdentifyQuestion>({ type: "identify", wanted: null })] as const,
  );
}

/** The part of `WindowClient` that is needed. */
interface WindowOfWorker {
  readonly url: string;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const fromWorker = <Message extends WorkerMessage>(message: Message): Wellformed<Message> =>
  readable(seal(message), readWorkerMessage);

const fromPage = <Message extends PageNotice>(message: Message): Wellformed<Message> =>
  readable(seal(message), readPageNotice);

/** @throws Error when the product would ignore the message */
function readable<Message extends { readonly type: string }>(
  message: Message,
  read: (data: unknown) => unknown,
): Message {
  if (read(JSON.parse(JSON.stringify(message))) === null)
    throw new Error(`This message "${message.type}" is malformed, so it tests nothing.`);
  return message;
}
