import { expect, test } from "@playwright/test";
import { read } from "./import-graph.ts";
import {
  hidesSubject,
  type Sentence,
  sentencesOfComments,
  sentencesOfMarkdown,
  sentencesOfTitles,
} from "./sentences.ts";
import { tracked } from "./tracked-files.ts";

const COMMENTED =
  /^(?:build\.mjs$|(?:bench|cli|dev|inspector|integrations|page|pipeline|protocol|sw|test|testing)\/.*\.(?:tsx?|m?js|css)$)/;
const TESTS = /^test\/.*\.ts$/;
const DECISIONS = /^docs\/decisions\/.*\.md$/;
const GUIDES =
  /^(?:README|CONTRIBUTING|CHANGELOG)\.md$|^docs\/(?:command-line|getting-started|how-it-works|inspector|integrations|interaction|limits|moving-from-[\w-]+|other-workers|performance|recipes|security-review|several-apps|testing|troubleshooting)\.md$/;

for (const [name, files, sentencesOf] of [
  ["comment", COMMENTED, sentencesOfComments],
  ["title of a test", TESTS, sentencesOfTitles],
  ["sentence of a decision", DECISIONS, sentencesOfMarkdown],
  ["sentence of a guide", GUIDES, sentencesOfMarkdown],
] as const) {
  test(`every ${name} opens with its subject`, () => {
    const sentences = tracked
      .filter((path) => files.test(path))
      .flatMap((path) => sentencesOf(read(path)).map((sentence) => ({ ...sentence, path })));
    expect(sentences.length).toBeGreaterThan(100);
    const hidden = sentences.filter(hidesSubject);
    expect(hidden.map(({ path, line, text }) => `${path}:${line} ${text}`)).toEqual([]);
  });
}

const texts = (sentences: readonly Sentence[]): string[] => sentences.map(({ text }) => text);

test("a sentence that opens with a word in place of its subject is found", () => {
  for (const text of [
    "What no request needs while all is well: for when the user has to act, the provider is in trouble, or the worker is.",
    "Nobody would hear of an account that changes.",
    "What was held may go now, and does right after this.",
    "What workers that died have left unanswered, by the page that waits for it.",
    "Only who made the request survives the worker: told of it ahead, a page says in its identity what was left.",
    "Whoever had to wait may find the work done.",
    "Whatever is no question, or not to be understood",
    "who may answer for a host, gets what is sent there",
    "Where the engine has static routes, the worker does not start.",
    "Those that wait are answered.",
    "None of the pages is asked.",
    "Somebody has to act.",
    "And whichever comes first counts.",
  ]) {
    expect(hidesSubject({ line: 1, text }), text).toBe(true);
  }
});

test("a sentence that opens with its subject passes, and so does a question", () => {
  for (const text of [
    "Code needed only after something fails.",
    "If `ready()` fails we never subscribe to account changes, so stop.",
    "Held fetches resume in the next microtask; replace `fetch` first.",
    "`[otherPages, requestingPage]`: the requesting page gets longer, since failing early does not help it.",
    "POSTs that a dead worker sent without getting a response, keyed by client id.",
    "The page remembers each POST; a Web Lock held while it is in flight tells whether the sender died.",
    "Returns at once if another tab has already signed in.",
    "Any other message; `null` if malformed.",
    "Whoever controls the host?",
    "Who is signed in, and where?",
    '"Where" is a word like any other here.',
    "`None` is a value.",
    "Whether the page answers.",
    "Whatsoever.",
  ]) {
    expect(hidesSubject({ line: 1, text }), text).toBe(false);
  }
});

test("comments are read sentence by sentence, over lines, tags and lists", () => {
  const source = `#!/usr/bin/env node
/**
 * Attaches a token. Where the page
 * is silent, nothing (of \`fetch\`) is sent! "Quoted." Is it
 * sent at all?
 *
 * - What is listed
 * @param page Who is asked
 * @param {string} url - where it lies. None.
 * @returns whatever came
 * @example
 * \`\`\`ts
 * // What this shows.
 * \`\`\`
 */
const a = 1; // Trailing, of its own.
// One text over
// two lines. Those
  /* Inner. */
`;
  expect(sentencesOfComments(source)).toEqual([
    { line: 3, text: "Attaches a token." },
    { line: 3, text: "Where the page is silent, nothing (of `fetch`) is sent!" },
    { line: 4, text: '"Quoted."' },
    { line: 4, text: "Is it sent at all?" },
    { line: 7, text: "What is listed" },
    { line: 8, text: "Who is asked" },
    { line: 9, text: "where it lies." },
    { line: 9, text: "None." },
    { line: 10, text: "whatever came" },
    { line: 16, text: "Trailing, of its own." },
    { line: 17, text: "One text over two lines." },
    { line: 18, text: "Those" },
    { line: 19, text: "Inner." },
  ]);
});

test("strings, templates, addresses and regular expressions hold no comments", () => {
  const source = [
    'const address = "https://api.example.com/*"; // One.',
    "const glob = 'a/*.ts'; /* Two. */",
    "const script = `// What ${ {a: `// Who ${1}`}.a /* Where */ } */`; // Three.",
    "const either = /[/*\"'`]\\/\\//.test(text) || 4 / 2 / 1; // Four.",
    'const escaped = "\\"// None"; // Five.',
  ].join("\n");
  expect(texts(sentencesOfComments(source))).toEqual(["One.", "Two.", "Three.", "Four.", "Five."]);
});

test("titles are the first arguments of tests and their groups", () => {
  const source = [
    'test("what fits is found", () => {});',
    "test.describe(`${name} where none is`, () => {});",
    'await test.step("A \\"quoted\\" step", run);',
    "test(",
    '  "nobody asks. Who knows?",',
    ");",
    '/what/.test("who is no title");',
    'test.skip(isSlow, "where it is slow");',
    '// test("those in a comment")',
  ].join("\n");
  expect(sentencesOfTitles(source)).toEqual([
    { line: 1, text: "what fits is found" },
    { line: 2, text: "… where none is" },
    { line: 3, text: 'A "quoted" step' },
    { line: 5, text: "nobody asks." },
    { line: 5, text: "Who knows?" },
  ]);
});

test("documents are read by headings, paragraphs, items and cells", () => {
  const document = `# What it costs
Over two
lines. **Whoever reads** [this link](where.md) sees it.

- Nobody
  listens.
1. _None_ is left.

<!-- What is hidden. -->

| what | which files |
| ---- | ----------- |
| none | Where it is. |

\`\`\`ts
// What is code.
\`\`\`
`;
  expect(sentencesOfMarkdown(document)).toEqual([
    { line: 1, text: "What it costs" },
    { line: 2, text: "Over two lines." },
    { line: 3, text: "Whoever reads this link sees it." },
    { line: 5, text: "Nobody listens." },
    { line: 7, text: "None is left." },
    { line: 13, text: "Where it is." },
  ]);
});
