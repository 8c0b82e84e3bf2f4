import { expect, test } from "@playwright/test";
import { DpopServers } from "../../pipeline/dpop-servers.ts";
import { Deferred } from "../../pipeline/deferred.ts";
import { NoCorsRequests } from "../../pipeline/no-cors.ts";
import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import { Successors } from "../../pipeline/successors.ts";
import { FirefoxKeepAlive } from "../../sw/firefox-keep-alive.ts";
import { respond } from "../../sw/respond.ts";
import { settle } from "../unit/manual-clock.ts";
import { withGlobals } from "../unit/with-globals.ts";
import { FakeClient, ORDERS, SIGNED_OUT, signedIn, WorkerWorld } from "./worker-world.ts";

const ADA = signedIn("ada");
const ALAN = signedIn("alan");
const URL_OF_ORDER = `${ORDERS.server}/orders/1?secret=1`;

/** An open page that listens to `request` events. */
function observer(id: string, account = ADA): FakeClient {
  const client = new FakeClient(id, account);
  client.observing = true;
  return client;
}

const responseOf = (init?: ResponseInit): Response =>
  Object.defineProperty(new Response("", init), "url", { value: URL_OF_ORDER });

/** Answers a request of a client as the worker does. The network answers once `meanwhile` is done. */
async function answer(
  world: WorkerWorld,
  clientId: string,
  { match = ORDERS, response = responseOf(), meanwhile = (): void => undefined } = {} as {
    match?: RequestMatch;
    response?: Response;
    meanwhile?: () => void;
  },
): Promise<void> {
  const { clock, pages, records, tokens } = world;
  const work: Promise<unknown>[] = [];
  const isSent = new Deferred();
  const isDue = new Deferred();
  const network = async (): Promise<Response> => {
    isSent.resolve();
    await isDue.promise;
    return response;
  };
  await withGlobals({ fetch: network }, async () => {
    const answered = respond(
      { clientId, request: new Request(URL_OF_ORDER), waitUntil: (promise) => void work.push(promise) },
      match,
      {
        pages,
        records,
        tokens,
        successors: new Successors(clock),
        noCors: new NoCorsRequests(clock),
        dpopServers: new DpopServers(clock),
        keepAlive: new FirefoxKeepAlive(pages, clock),
      },
    );
    await isSent.promise;
    meanwhile();
    isDue.resolve();
    await answered;
  });
  await Promise.all(work);
  await settle();
}

/** The pages that have heard of a request, by the type of what they heard. */
const hearers = (world: WorkerWorld, type: string): string[] =>
  [...world.clients.values()]
    .filter(({ heard }) => heard.some((notice) => (notice as { type: string }).type === type))
    .map(({ id }) => id);

function worldOf(...clients: FakeClient[]): WorkerWorld {
  const world = new WorkerWorld(...clients);
  for (const { id } of clients) world.announce(id);
  return world;
}

test("a request is reported to observers of the same account alone", async () => {
  const world = worldOf(new FakeClient("a", ADA), observer("b"), observer("c", ALAN));

  await answer(world, "a");

  expect(hearers(world, "observed")).toEqual(["b"]);
  expect(hearers(world, "pending")).toEqual(["b"]);
});

test("a request during which the worker forgets all accounts is reported to no page of an unknown account", async () => {
  const world = worldOf(new FakeClient("a", ADA), observer("b"), observer("c", ALAN));

  await answer(world, "a", {
    meanwhile() {
      world.tokens.forget();
      world.announce("b");
    },
  });

  expect(hearers(world, "observed")).toEqual(["b"]);
});

test("a request is reported to pages of the account that it was sent for, though its page has switched meanwhile", async () => {
  const world = worldOf(new FakeClient("a", ADA), observer("b"), observer("c", ALAN));

  await answer(world, "a", {
    meanwhile() {
      world.client("a").account = ALAN;
      world.announce("a");
    },
  });

  expect(hearers(world, "observed")).toEqual(["b"]);
});

test("a request without a client, such as a navigation, is reported to pages of the account that it was sent for", async () => {
  const world = worldOf(observer("a"));

  await answer(world, "", {
    meanwhile() {
      world.clients.set("c", observer("c", ALAN));
      world.announce("c");
    },
  });

  expect(hearers(world, "observed")).toEqual(["a"]);
});

test("a request without a token and without a known account is reported to no other page", async () => {
  const world = worldOf(observer("a"), observer("b", ALAN), new FakeClient("w", null, "worker"));
  const signedOut = observer("c");
  signedOut.account = SIGNED_OUT;
  world.clients.set("c", signedOut);
  world.announce("c");

  await answer(world, "w");

  expect(hearers(world, "observed")).toEqual([]);
});

test("a refused proof of a web worker is reported to pages of its account alone, and one of a page to that page", async () => {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const signing = (id: string): FakeClient => {
    const page = new FakeClient(id, ADA);
    page.override = ({ type }) =>
      type === "acquire"
        ? { type: "token", account: ADA, token: { ...world.issue("ada"), signer: keys } }
        : { type: "identity", account: ADA, map: page.map, observing: false, unanswered: [], token: null };
    return page;
  };
  const world = new WorkerWorld();
  for (const id of ["a", "b"]) world.clients.set(id, signing(id));
  world.clients.set("w", new FakeClient("w", null, "worker"));
  for (const id of ["a", "b"]) world.announce(id);
  const refused = () => ({
    match: { ...ORDERS, tokenType: "DPoP" } as const,
    response: responseOf({ status: 401, headers: { "WWW-Authenticate": 'DPoP error="invalid_dpop_proof"' } }),
  });

  await answer(world, "w", {
    ...refused(),
    meanwhile() {
      world.clients.set("c", new FakeClient("c", ALAN));
      world.announce("c");
    },
  });
  expect(hearers(world, "proof-refused")).toEqual(["a", "b"]);

  for (const { heard } of world.clients.values()) heard.length = 0;
  await answer(world, "a", refused());
  expect(hearers(world, "proof-refused")).toEqual(["a"]);
});
