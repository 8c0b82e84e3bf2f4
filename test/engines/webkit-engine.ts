import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { Builder, By, type WebDriver, until } from "selenium-webdriver";
import type { WebKit } from "../../dev/find-webkit.mjs";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import { callOf, type Engine, type EngineWindow } from "./engine.ts";

/** Longer than any test, so that the test's own timeout counts. */
const WAIT = 600_000;

/** The deadline for the driver to listen, in milliseconds. */
const STARTS_WITHIN = 30_000;
/** The pause between two looks, in milliseconds. */
const LOOKS_EVERY = 50;

/**
 * WebKitGTK's MiniBrowser, on a virtual display. Playwright's own WebKit is another port. A driver drives one window, so
 * each window has its own driver.
 */
export async function webkitEngine({ driver, browser, display }: WebKit): Promise<Engine> {
  const screen = await startDisplay(display);
  return {
    async openWindow() {
      const server = await startDriver(driver, screen.name);
      const session = new Builder().usingServer(server.url).withCapabilities({
        browserName: "MiniBrowser",
        "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
        timeouts: { script: WAIT, pageLoad: WAIT },
      });
      return engineWindow(await session.build(), () => end(server.process));
    },
    close: () => end(screen.process),
  };
}

function engineWindow(driver: WebDriver, closed: () => Promise<void>): EngineWindow {
  return {
    goto: (url) => driver.get(url),
    async evaluate<Value, Argument>(
      script: (argument: Argument) => Value | Promise<Value>,
      argument?: Argument,
    ) {
      const outcome: { value: Value } | { error: string } = await driver.executeAsyncScript(
        `const done = arguments[0];
        Promise.resolve().then(() => ${callOf(script, argument)}).then(
          (value) => done({ value: value ?? null }),
          (error) => done({ error: String(error?.stack ?? error) }),
        );`,
      );
      if ("error" in outcome) throw new Error(outcome.error);
      return outcome.value;
    },
    async click(selector) {
      const element = await driver.wait(until.elementLocated(By.css(selector)), WAIT);
      await element.click();
    },
    async closeOtherTabs() {
      const own = await driver.getWindowHandle();
      for (const other of await driver.getAllWindowHandles()) {
        if (other === own) continue;
        await driver.switchTo().window(other);
        await driver.close();
      }
      await driver.switchTo().window(own);
    },
    async close() {
      await driver.quit();
      await closed();
    },
  };
}

/** The server chooses a number that is free and writes it to the descriptor. */
async function startDisplay(executable: string): Promise<{ process: ChildProcess; name: string }> {
  const server = spawn(executable, ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = (await once(createInterface(server.stdio[3] as NodeJS.ReadableStream), "line")) as [
    string,
  ];
  return { process: server, name: `:${number}` };
}

async function startDriver(
  executable: string,
  screen: string,
): Promise<{ process: ChildProcess; url: string }> {
  const { port } = new URL(await freeOrigin());
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(executable, [`--port=${port}`], {
    // The driver uses no session bus and no Wayland of this machine's desktop.
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], DISPLAY: screen, GDK_BACKEND: "x11" },
    stdio: "ignore",
  });
  // The driver says nowhere that it listens.
  const deadline = Date.now() + STARTS_WITHIN;
  while (!(await isReady(url))) {
    const { exitCode, signalCode } = server;
    if (exitCode !== null || signalCode) throw new Error(`WebKitWebDriver ended: ${exitCode ?? signalCode}`);
    if (Date.now() > deadline) {
      await end(server);
      throw new Error(`WebKitWebDriver did not answer within ${STARTS_WITHIN / 1_000} seconds.`);
    }
    await pause(LOOKS_EVERY);
  }
  return { process: server, url };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/status`, { signal: AbortSignal.timeout(STARTS_WITHIN) }).then(
    ({ ok }) => ok,
    () => false,
  );

async function freeOrigin(): Promise<string> {
  const listener = await listenOnLoopback(0);
  await listener.close();
  return listener.origin;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}
