import { bypassProbe } from "./bypass-probe.ts";
import { create } from "./create-element.ts";

export interface WorkerStatus {
  readonly element: HTMLElement;
  /** Updates the worker's status, and shows `tokens`. Both numbers count ignored messages. */
  look(tokens: string, byPage: number, byWorker: number): Promise<void>;
  /** The page has lost its worker, for the reason in words. */
  lose(reason: string): void;
  /** The facts in words, without the account. */
  report(): readonly string[];
}

type Tone = "good" | "warn" | "bad";

/** Shows the status of the page's worker, and the account whose tokens the page uses. */
export function createWorkerStatus(account: () => string | undefined, stopped: AbortSignal): WorkerStatus {
  const element = create("dl", "status");
  const add = (name: string): HTMLElement => {
    const value = create("dd");
    element.append(create("div", "", create("dt", "", name), value));
    return value;
  };
  const [worker, script, whose, kept, ignored] = [
    add("Worker"),
    add("Script"),
    add("Account"),
    add("Tokens"),
    add("Ignored messages"),
  ];
  const isBypassed = bypassProbe(stopped);
  let loss = "";

  return {
    element,
    async look(tokens, byPage, byWorker) {
      const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
      const registration = await container?.getRegistration();
      const controller = container?.controller;
      const [tone, text] = loss ? (["bad", loss] as const) : describe(registration, controller, isBypassed());
      worker.className = tone;
      write(worker, registration?.waiting ? `${text}; its next version waits` : text);
      const { scriptURL } = controller ?? registration?.active ?? {};
      const scope = registration && new URL(registration.scope).pathname;
      // The query holds the map, and may also hold the site's own parameters.
      write(script, scriptURL ? `${new URL(scriptURL).pathname}, scope ${scope ?? "unknown"}` : "none");
      const name = account();
      write(whose, name ?? "");
      whose.parentElement?.toggleAttribute("hidden", name === undefined);
      write(kept, tokens);
      write(ignored, `${byPage} by the page, ${byWorker} by the worker`);
      ignored.parentElement?.toggleAttribute("hidden", byPage + byWorker === 0);
    },
    lose(reason) {
      loss = reason;
    },
    report: () =>
      [worker, script, ignored]
        .filter(({ parentElement }) => !parentElement?.hidden)
        .map((fact) => `${fact.previousElementSibling?.textContent}: ${fact.textContent}`),
  };
}

function describe(
  registration: ServiceWorkerRegistration | undefined,
  controller: ServiceWorker | null | undefined,
  isBypassed: boolean,
): [Tone, string] {
  if (controller === undefined) return ["bad", "no service workers here"];
  if (controller && isBypassed) return ["bad", "bypassed: the developer tools have “Bypass for network” set"];
  if (controller && registration) return ["good", `in control, ${controller.state}`];
  if (controller) return ["warn", "in control until the page is reloaded, but registered no more"];
  if (registration?.active) return ["warn", `not in control of this page, ${registration.active.state}`];
  return registration ? ["warn", "being installed"] : ["bad", "not registered"];
}

/** Writes a text only if it has changed, which keeps the user's selection. */
const write = (element: HTMLElement, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};
