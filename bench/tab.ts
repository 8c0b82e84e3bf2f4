import { setTimeout as pause } from "node:timers/promises";
import type { DevToolsEvent, DevToolsPipe } from "./devtools-pipe.ts";

interface Evaluation {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}
interface WorkerVersion {
  readonly versionId: string;
  readonly runningStatus: "stopped" | "starting" | "running" | "stopping";
}
interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly browserContextId?: string;
}

const PATIENCE = 30_000;

/** A tab. A DevTools domain is enabled only when a method needs it. */
export class Tab {
  readonly profile: string;
  readonly #pipe: DevToolsPipe;
  readonly #session: string;
  readonly #target: string;
  /** The status of the profile's workers; undefined until first needed. */
  #workers: Map<string, WorkerVersion["runningStatus"]> | undefined;

  private constructor(pipe: DevToolsPipe, profile: string, target: string, session: string) {
    this.#pipe = pipe;
    this.profile = profile;
    this.#target = target;
    this.#session = session;
  }

  static async open(pipe: DevToolsPipe, profile: string): Promise<Tab> {
    const { targetId } = await pipe.send<{ targetId: string }>("Target.createTarget", {
      url: "about:blank",
      browserContextId: profile,
    });
    const { sessionId } = await pipe.send<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    return new Tab(pipe, profile, targetId, sessionId);
  }

  async close(): Promise<void> {
    await this.#pipe.send("Target.closeTarget", { targetId: this.#target });
  }

  async goto(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
  }

  /** Runs `source` before the page's own scripts, in every page that this tab loads from now on. */
  async runFirst(source: string): Promise<void> {
    await this.send("Page.enable");
    await this.send("Page.addScriptToEvaluateOnNewDocument", { source });
  }

  /** Evaluates an expression, and awaits its promise. */
  async run<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.send<Evaluation>("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Value;
  }

  /** Waits until an expression is truthy. The page may navigate meanwhile. */
  async waitFor<Value>(expression: string): Promise<Value> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const value = await this.run<Value>(expression).catch((error: unknown) => {
        if (Date.now() > end) throw error;
      });
      if (value) return value;
      if (Date.now() > end)
        throw new Error(
          `In ${await this.run<string>("location.pathname")} this never became true: ${expression}`,
        );
      await pause(20);
    }
  }

  /** Stops the workers of this tab's profile, as the browser does with idle workers. Resolves when they have stopped. */
  async stopWorkers(): Promise<void> {
    if (!this.#workers) {
      const workers = (this.#workers = new Map());
      this.#pipe.listen(({ method, params, sessionId }: DevToolsEvent) => {
        if (sessionId !== this.#session || method !== "ServiceWorker.workerVersionUpdated") return;
        for (const { versionId, runningStatus } of params["versions"] as WorkerVersion[]) {
          workers.set(versionId, runningStatus);
        }
      });
      await this.send("ServiceWorker.enable");
    }
    await this.send("ServiceWorker.stopAllWorkers");
    const end = Date.now() + PATIENCE;
    while ([...this.#workers.values()].some((status) => status !== "stopped")) {
      if (Date.now() > end) throw new Error("The worker did not stop in time.");
      await pause(5);
    }
  }

  /** Size in bytes of the worker's JavaScript heap after a garbage collection. The worker has to be running. */
  async workerMemory(): Promise<number> {
    const { targetInfos } = await this.#pipe.send<{ targetInfos: TargetInfo[] }>("Target.getTargets");
    const worker = targetInfos.find(
      ({ type, browserContextId }) => type === "service_worker" && browserContextId === this.profile,
    );
    if (!worker) throw new Error("The worker is not running, so its memory cannot be measured.");
    const { targetId } = worker;
    const { sessionId } = await this.#pipe.send<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    await this.#pipe.send("HeapProfiler.collectGarbage", {}, sessionId);
    const { usedSize } = await this.#pipe.send<{ usedSize: number }>("Runtime.getHeapUsage", {}, sessionId);
    await this.#pipe.send("Target.detachFromTarget", { sessionId });
    return usedSize;
  }

  async send<Result>(method: string, params: object = {}): Promise<Result> {
    return await this.#pipe.send<Result>(method, params, this.#session);
  }
}
