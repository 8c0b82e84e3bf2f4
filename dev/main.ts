import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildExample, exampleDirectory, exampleRoots, packProduct } from "./examples.ts";
import { DEFAULT_PORT, startStack } from "./start-stack.ts";

try {
  const { values } = parseArgs({ options: { example: { type: "string" } } });
  await serve(values.example);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Serves the demo, or an example, until Ctrl+C. */
async function serve(example: string | undefined): Promise<void> {
  const port = Number(process.env["PORT"] ?? DEFAULT_PORT);
  const stack = await startStack(
    example === undefined ? { port } : { port, roots: prepareExample(example), isSinglePage: true },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stack.close());

  const { site, provider, api } = stack;
  console.log(`
  The ${example === undefined ? "demo" : `example "${example}"`} is ready:  ${site.origin}

  identity provider   ${provider.origin}
  protected API       ${api.origin}

  Sign in as ${listed(provider.accounts.map(({ name }) => name))}: no password, pick one.
  Ctrl+C ends all three.
`);
}

/** Installs and builds an example where it is, with this checkout in the place of the published package. */
function prepareExample(name: string): string[] {
  const directory = exampleDirectory(name);
  console.log(`Installing and building examples/${name} (npm install, npm run build) …`);
  const packed = mkdtempSync(join(tmpdir(), "bearer-worker-"));
  try {
    buildExample(directory, packProduct(packed));
  } finally {
    rmSync(packed, { recursive: true });
  }
  return exampleRoots(directory);
}

function listed(names: string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
