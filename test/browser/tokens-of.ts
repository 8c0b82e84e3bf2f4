import type { BrowserContext } from "@playwright/test";

/** Collects every token that the provider gives to this browser from now on. */
export function tokensOf(context: BrowserContext): () => Promise<string[]> {
  const answers: Promise<string[]>[] = [];
  context.on("response", (response) => {
    if (!new URL(response.url()).pathname.endsWith("/token") || response.request().method() !== "POST")
      return;
    const tokens = response.json().then(
      (answer: Record<string, unknown>) =>
        ["access_token", "refresh_token", "id_token"].map((name) => answer[name]).filter(isText),
      () => [],
    );
    answers.push(tokens);
  });
  return async () => (await Promise.all(answers)).flat();
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
