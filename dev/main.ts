import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type EntraSite, startEntraSite } from "./entra/entra-site.ts";
import { type EntraSettings, readEntraSettings } from "./entra/entra-settings.ts";
import { buildExample, exampleDirectory, exampleRoots, packProduct } from "./examples.ts";
import { portOf } from "./port-setting.ts";
import type { Stack } from "./start-stack.ts";

const USAGE = `
Usage: npm start                                    the demo, with an identity provider and an API of its own
       npm start -- --example <name>                an example instead
       npm start -- --tenant <id> --client <id>     the demo against a tenant of Microsoft Entra, reading Graph
                    --authority <url> --client <id> the same for External ID, B2C and sovereign clouds
                    --api <url> --scope <scope>     reading an API of your own there

PORT moves the ports; 0 takes free ones. docs/entra.md says how to register the application.`;

const OPTIONS = {
  example: { type: "string" },
  tenant: { type: "string" },
  client: { type: "string" },
  authority: { type: "string" },
  api: { type: "string" },
  scope: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

try {
  const { help, example, ...entra } = parseArgs({ options: OPTIONS }).values;
  const settings = readEntraSettings(entra);
  if (settings && example !== undefined)
    throw new TypeError("--example works with the demo's own provider only. Omit the options of the tenant.");
  if (help) console.log(USAGE);
  else if (settings) await serveEntra(settings);
  else await serve(example);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // Wrong arguments, found by Node's parser or by ours.
  if (error instanceof TypeError) console.error(USAGE);
  process.exit(1);
}

/** Serves the demo, or an example, until Ctrl+C. */
async function serve(example: string | undefined): Promise<void> {
  const port = portOf(process.env);
  // Loaded only here: a real tenant needs no local provider.
  const { startStack } = await import("./start-stack.ts");
  const stack = await startStack(
    example === undefined ? { port } : { port, roots: prepareExample(example), isSinglePage: true },
  );
  closeAtEnd(stack);

  const { site, provider, api } = stack;
  console.log(`
  The ${example === undefined ? "demo" : `example "${example}"`} is ready:  ${site.origin}

  identity provider   ${provider.origin}
  protected API       ${api.origin}

  Sign in as ${listed(provider.accounts.map(({ name }) => name))}: no password, pick one.
  Ctrl+C ends all three.
`);
}

/** Serves the demo's page for a real tenant until Ctrl+C, and nothing else. */
async function serveEntra(settings: EntraSettings): Promise<void> {
  const entra = await startEntraSite(portOf(process.env), settings);
  closeAtEnd(entra);

  console.log(`
  The demo is ready:  ${entra.site.origin}

  signs in at         ${settings.authority}
  reads               ${settings.resource}
  with                ${settings.scopes.join(" ")}

  The app registration has to name this redirect URI, as a single-page application:
  ${entra.redirectUri}

  docs/entra.md has the steps. Ctrl+C ends it.
`);
}

function closeAtEnd(served: Stack | EntraSite): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void served.close());
}

/** Installs and builds an example in its folder, with this checkout in place of the published package. */
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
