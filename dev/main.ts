import { DEFAULT_PORT, startStack } from "./start-stack.ts";

const stack = await startStack({ port: Number(process.env["PORT"] ?? DEFAULT_PORT) }).catch(
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(1);
  },
);

const { site, provider, api } = stack;
console.log(`
  The demo is ready:  ${site.origin}

  identity provider   ${provider.origin}
  protected API       ${api.origin}

  Sign in as ${listed(provider.accounts.map(({ name }) => name))}: no password, pick one.
  Ctrl+C ends all three.
`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stack.close());
}

function listed(names: string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
