import assert from "node:assert/strict";
import { test } from "@playwright/test";
import fc from "fast-check";
import { indexByHead } from "../../protocol/pattern-index.ts";
import { matchesWildcard, parseWildcard, type Wildcard } from "../../protocol/wildcard.ts";

const itself = (pattern: Wildcard): Wildcard => pattern;

test("the index finds every pattern that matches a text", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
  // In a text, a star is an ordinary letter.
  const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 20 }), text, (patterns, requested) => {
      const parsed = patterns.map(parseWildcard);
      const found = indexByHead(parsed, itself)(requested);
      for (const one of parsed) {
        assert.ok(found.includes(one) || !matchesWildcard(one, requested), one.join("*"));
      }
    }),
    { numRuns: 20_000 },
  );
});

for (const [kind, write] of Object.entries({
  "without stars": (i: number) => `/r${i}/x`,
  "with a star at the end": (i: number) => `/r${i}/*`,
  "with stars within": (i: number) => `/r${i}/*/photo*.png`,
})) {
  test(`among 10,000 patterns ${kind}, a request is compared with a single one`, () => {
    const lookUp = indexByHead(
      Array.from({ length: 10_000 }, (_, i) => parseWildcard(write(i))),
      itself,
    );
    for (const i of [0, 7, 4_321, 9_999]) assert.equal(lookUp(write(i).replaceAll("*", "a/b")).length, 1);
    assert.equal(lookUp(write(10_000).replaceAll("*", "a/b")).length, 0);
  });
}
