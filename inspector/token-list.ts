import type { TokenAttachment } from "../page/token-attachment.ts";
import { inWords } from "./reasons.ts";
import { create, createButton, shorten } from "./create-element.ts";

export interface TokenList {
  readonly element: HTMLElement;
  show(attachment: TokenAttachment): void;
  /** Reads the tokens and their remaining time again. */
  look(): void;
  /** Their number, and the time until the first of them ends. */
  summary(): string;
  /** The tokens in words. */
  report(): readonly string[];
}

/** In milliseconds: the remaining time below which the worker renews a token in use. */
const NEAR_ITS_END = 300_000;

/**
 * Lists the tokens that the page has acquired for its worker, with their remaining time and buttons for them.
 *
 * @param say shows the outcome of a button
 */
export function createTokenList(say: (text: string) => void): TokenList {
  let attached: TokenAttachment | undefined;
  const list = create("ul", "tokens");
  const forgetting = createButton("Forget tokens", () => {
    attached?.forgetTokens();
    say("Forgotten. The next request asks the page.");
    look();
  });
  const signingIn = createButton("Sign in again", () => void signIn());
  for (const button of [forgetting, signingIn]) button.disabled = true;

  const signIn = async (): Promise<void> => {
    say("Waiting for the user.");
    try {
      await attached?.signIn();
      // This makes the new sign-in effective at once.
      attached?.forgetTokens();
      say("Signed in. The next request asks the page.");
    } catch (error) {
      say(`Not signed in: ${inWords((error as { code?: string }).code ?? "for an unknown reason")}.`);
    }
  };

  const rows = new Map<string, ReturnType<typeof createRow>>();
  const look = (): void => {
    const tokens = attached?.tokens ?? new Map<string, never>();
    for (const [scopes, { element }] of rows) {
      if (tokens.has(scopes)) continue;
      element.remove();
      rows.delete(scopes);
    }
    for (const [scopes, { expiresOn, resource, tokenType = "Bearer" }] of tokens) {
      let row = rows.get(scopes);
      if (!row) {
        rows.set(scopes, (row = createRow(scopes)));
        list.append(row.element);
      }
      row.write(tokenType, shorten(resource), expiresOn - Date.now());
    }
    empty.hidden = tokens.size > 0;
  };
  const empty = create(
    "p",
    "soft",
    "This page has acquired none. The worker may have some from other pages.",
  );

  return {
    element: create(
      "section",
      "",
      create("h3", "", "Tokens"),
      list,
      empty,
      create("p", "actions", forgetting, signingIn),
    ),
    show(attachment) {
      attached = attachment;
      for (const button of [forgetting, signingIn]) button.disabled = false;
    },
    look,
    summary() {
      const ends = [...(attached?.tokens.values() ?? [])].map(({ expiresOn }) => expiresOn);
      const left = Math.min(...ends) - Date.now();
      if (ends.length === 0) return "none acquired by this page";
      return `${ends.length}, ${left > 0 ? `the first for ${duration(left)}` : "one has ended"}`;
    },
    report: () =>
      [...rows].map(([scopes, { element }]) => {
        const [type, left] = [".soft", ".left"].map((part) => element.querySelector(part)?.textContent);
        return `- ${scopes}: ${type}, ${left}`;
      }),
  };
}

function createRow(scopes: string) {
  const left = create("span", "left");
  const resource = create("span", "soft");
  const type = create("span", "soft");
  return {
    element: create("li", "", create("code", "", scopes), type, resource, left),
    write(tokenType: string, key: string, milliseconds: number) {
      if (type.textContent !== tokenType) type.textContent = tokenType;
      const text = milliseconds > 0 ? `${duration(milliseconds)} left` : "has ended";
      if (left.textContent !== text) left.textContent = text;
      left.classList.toggle("warn", milliseconds < NEAR_ITS_END);
      if (resource.textContent !== key) resource.textContent = key;
    },
  };
}

/** A duration such as `1 h 2 min`, `59 min 12 s` or `12 s`. */
function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([number, unit]) => number > 0 || unit === "s");
  return parts
    .slice(first, first + 2)
    .map(([number, unit]) => `${number} ${unit}`)
    .join(" ");
}
