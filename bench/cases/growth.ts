import type { MatcherTask } from "../matchers/page.ts";
import type { Case } from "./case.ts";

/** The number of URLs to decide in turn. */
const URLS = 4;

/** Every tenth key of a larger map has another host. */
const keyOf = (i: number, isWild: boolean): string =>
  `https://api${i % 10 === 9 ? i : ""}.example.com/area${i}/${isWild ? "*" : "orders"}`;

/** Maps of 1 to 10,000 keys. Decisions for URLs that a key matches, and for URLs of the same host that no key matches. */
export const GROWTH: readonly Case[] = [1, 10, 100, 1_000, 10_000].flatMap((size) =>
  [false, true].flatMap((isWild) =>
    [true, false].map((isHit) => {
      const keys = Array.from({ length: size }, (_, i) => keyOf(i, isWild));
      const urls = Array.from({ length: URLS }, (_, i) =>
        isHit
          ? // The chosen keys are spread over the map.
            (keys[Math.floor(((i + 0.5) / URLS) * size)] as string).replace("*", "orders/4711")
          : `https://api.example.com/elsewhere${i}/orders`,
      );
      return matcherCase(
        `growth/${isWild ? "wildcard" : "literal"}/${isHit ? "hit" : "miss"}/${size}`,
        `${size.toLocaleString("en")} ${isWild ? "wildcards" : "paths"}, ${isHit ? "hit" : "miss"}`,
        { keys, urls, isProtected: isHit },
      );
    }),
  ),
);

/** A key with three stars and a path that almost matches in very many ways. */
export const HOSTILE: readonly Case[] = [100, 200, 400, 800].map((length) =>
  matcherCase(`hostile/${length}`, `Hostile path of ${length} characters`, {
    keys: ["https://api.example.com/*a*a*b"],
    urls: [`https://api.example.com/${"a".repeat(length - 1)}`],
    isProtected: false,
  }),
);

function matcherCase(name: string, title: string, task: MatcherTask): Case {
  return {
    metrics: [{ name, title, unit: "ns" }],
    subjects: ["msal-angular", "url-pattern-list", "bearer-worker"],
    rounds: 5,
    async measure(subject, bench) {
      const tab = await bench.matchers();
      return [await tab.run<number>(`timeMatcher("${subject}", "${name}", ${JSON.stringify(task)})`)];
    },
  };
}
