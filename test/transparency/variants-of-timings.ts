import type { Call, Variant } from "./variant.ts";
import type { Answer, Origin } from "./answer.ts";

const SLOW = 300;
const PACES = {
  "slow headers": { delay: SLOW },
  "broken off before the headers": { pace: "break headers" },
  "broken off in mid-body": { pace: "break body", repeat: 1_000 },
  "broken off in mid-body of known length": { pace: "break sized body", repeat: 1_000 },
} as const satisfies Record<string, Answer>;
const CALLS: Readonly<Record<string, Call>> = {
  fetch: { via: "fetch" },
  "fetch, POST": { via: "fetch", init: { method: "POST" }, body: "text" },
  "fetch, no-cors": { via: "fetch", init: { mode: "no-cors" } },
  XMLHttpRequest: { via: "XMLHttpRequest" },
};
const ORIGINS: readonly Origin[] = ["site", "other"];

/** Answers that are slow, break off, or are aborted by the page. */
export const TIMING_VARIANTS: readonly Variant[] = ORIGINS.flatMap((origin): Variant[] => [
  ...Object.entries(PACES).flatMap(([pace, answer]) =>
    Object.entries(CALLS).map(([name, call]) => ({ name: `${name}, ${pace}`, origin, answer, call })),
  ),
  {
    name: "fetch, first piece before the rest",
    origin,
    answer: { pace: "hold body", repeat: 1_000 },
    call: { via: "fetch", stream: true },
  },
  {
    name: "fetch, first piece before the rest, gzip",
    origin,
    answer: { pace: "hold body", repeat: 10_000, encoding: "gzip" },
    call: { via: "fetch", stream: true },
  },
  ...(["at once", "before headers", "after headers"] as const).flatMap((abort): Variant[] => [
    {
      name: `fetch, aborted ${abort}`,
      origin,
      answer: { pace: abort === "after headers" ? "hold body" : "hold headers", repeat: 1_000 },
      call: { via: "fetch", abort },
    },
    ...(abort === "at once"
      ? []
      : [
          {
            name: `XMLHttpRequest, aborted ${abort}`,
            origin,
            answer: { pace: abort === "after headers" ? "hold body" : "hold headers", repeat: 1_000 },
            call: { via: "XMLHttpRequest", abort },
          } as const,
        ]),
  ]),
  {
    name: "XMLHttpRequest, timeout before the headers",
    origin,
    answer: { pace: "hold headers" },
    call: { via: "XMLHttpRequest", timeout: SLOW },
  },
  {
    name: "XMLHttpRequest, timeout in mid-body",
    origin,
    answer: { pace: "hold body", repeat: 1_000 },
    call: { via: "XMLHttpRequest", timeout: SLOW },
  },
  {
    name: "XMLHttpRequest, timeout that is not reached",
    origin,
    answer: {},
    call: { via: "XMLHttpRequest", timeout: 50_000 },
  },
]);
