import type { Answer } from "../protocol/answers.ts";
import { seal } from "../protocol/messages.ts";
import { isWindow, type OpenPages } from "./open-pages.ts";
import type { TokenDemand } from "./token-demand.ts";

/** A page's answer, which the requests of several clients may have waited for. */
export interface Asked {
  readonly answer: Answer;
  /** The clients whose page has emitted the failure: the page that gave the answer, and those that were told. */
  readonly informed: Set<string>;
}

/** Tells the page of a request that another page had no token for it, once for each shared question. */
export async function tellFailure(
  { answer, informed }: Asked,
  { clientId, url, method }: TokenDemand,
  pages: OpenPages,
): Promise<void> {
  if (answer.type !== "bare" && answer.type !== "unavailable") return;
  const { type: outcome, failure } = answer;
  if (!failure || informed.has(clientId)) return;
  informed.add(clientId);
  const page = await pages.find(clientId);
  if (page && isWindow(page)) page.postMessage(seal({ type: "failed", url, method, failure, outcome }));
}
