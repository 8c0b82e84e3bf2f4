import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, pickInPopup, receivedKinds, test } from "./example-site.ts";

// One worker installs the example once.
test.describe.configure({ mode: "default" });

const ADA = "ada@contoso.example";
const READS = `GET /api/orders bearer ${ADA} api://orders Data.Read`;

test("a production build of Next.js attaches tokens in the app router and in the pages router", async ({
  page,
  serveExample,
}) => {
  const { stack } = await serveExample("next");
  await page.goto(stack.site.origin);
  await pickInPopup(page, "Sign in", ADA);
  await expect(page.getByRole("status")).toHaveText(`Orders of ${ADA}`);
  expect(receivedKinds(stack)).toEqual([READS, "GET /api/orders none"]);

  stack.api.reset();
  await page.goto(`${stack.site.origin}/older.html`);
  await expect(page.getByRole("status")).toHaveText(`Orders of ${ADA}`);
  expect(receivedKinds(stack)).toEqual([READS]);
});

/** Starts the development server of Next.js in a folder. */
async function startDevelopment(directory: string) {
  const server = spawn(process.execPath, ["node_modules/next/dist/bin/next", "dev", "--port", "0"], {
    cwd: directory,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(server, "exit");
  let printed = "";
  const origin = await new Promise<string>((resolve, reject) => {
    server.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const [found] = /http:\/\/localhost:\d+/.exec(printed) ?? [];
      if (found) resolve(found);
    });
    server.on("exit", () => reject(new Error(`The server has ended:\n${printed}`)));
  });
  return {
    origin,
    stop: async (): Promise<void> => {
      server.kill("SIGTERM");
      await exited;
    },
  };
}

test("a page in development stays attached when Fast Refresh renews the component that attaches", async ({
  context,
  page,
  serveExample,
}) => {
  // The server compiles what it is asked for, which takes long on a busy machine.
  test.slow();
  const timeout = 120_000;
  const { stack, directory } = await serveExample("next");
  const { origin, stop } = await startDevelopment(directory);
  try {
    const configuration = await (await fetch(`${stack.site.origin}/demo-config.js`)).text();
    await context.route(`${origin}/demo-config.js`, (route) => route.fulfill({ body: configuration }));
    await context.route(`${origin}/api/orders`, (route) => route.fulfill({ json: {} }));
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(origin, { waitUntil: "commit", timeout });
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible({ timeout });
    await page.evaluate(() => Reflect.set(window, "isSamePage", true));

    const file = join(directory, "tokens.tsx");
    const source = readFileSync(file, "utf8").replace("{children}", "<p>{change}</p>{children}");
    let changes = 0;
    // A changed hook mounts the component anew.
    // The server misses a change that comes before the page listens to changes.
    await expect(async () => {
      changes += 1;
      const hook = `const [change] = useState("Change ${changes}");`;
      writeFileSync(file, source.replace("useEffect(", `${hook}\n  useEffect(`));
      await expect(page.getByText(`Change ${changes}`)).toBeVisible({ timeout: 10_000 });
    }).toPass({ timeout });

    expect(await page.evaluate(() => Reflect.get(window, "isSamePage"))).toBe(true);
    const popup = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect((await popup).url()).not.toBe("");
    expect(errors.filter((error) => error.includes("attached"))).toEqual([]);
  } finally {
    await stop();
  }
});
