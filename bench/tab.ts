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

/** A tab, with no domain of DevTools switched on but while a method needs one. */
export class Tab {
  readonly profile: string;
  readonly #pipe: DevToolsPipe;
  readonly #session: string;
  readonly #target: string;
  /** What is known of the profile's workers, once it has been asked for. */
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

  /** Runs before the page's own scripts, in every page that this tab loads from now on. */
  async runFirst(source: string): Promise<void> {
    await this.send("Page.enable");
    await this.send("Page.addScriptToEvaluateOnNewDocument", { source });
  }

  /** Evaluates an expression, and waits for its promise. */
  async run<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.send<Evaluation>("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Value;
  }

  /** Waits until an expression is truthy; the page may leave for another meanwhile. */
  async waitFor<Value>(expression: string): Promise<Value> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const value = await this.run<Value>(expression).catch((error: unknown) => {
        if (Date.now() > end) throw error;
      });
      if (value) return value;
      if (Date.now() > end)
        throw new Error(`In ${await this.run<string>("location.pathname")}: never ${expression}`);
      await pause(20);
    }
  }

  /** Stops the workers of this tab's profile, as the browser does when they are idle; done when they have stopped. */
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
      if (Date.now() > end) throw new Error("The worker does not stop");
      await pause(5);
    }
  }

  /** Bytes of JavaScript objects that the profile's worker holds after a collection; it has to run. */
  async workerMemory(): Promise<number> {
    const { targetInfos } = await this.#pipe.send<{ targetInfos: TargetInfo[] }>("Target.getTargets");
    const worker = targetInfos.find(
      ({ type, browserContextId }) => type === "service_worker" && browserContextId === this.profile,
    );
    if (!worker) throw new Error("The worker does not run");
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
