import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** A message that the browser sends unasked. */
export interface DevToolsEvent {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly sessionId?: string;
}

interface Message extends Partial<DevToolsEvent> {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * Speaks the DevTools protocol with a browser that was started with `--remote-debugging-pipe`. It enables no domain by
 * itself, so that pages run as they do for a user. A driver that watches every request would be part of every number.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
export class DevToolsPipe {
  readonly #output: Writable;
  readonly #pending = new Map<number, { method: string; settle: (message: Message) => void }>();
  readonly #listeners = new Set<(event: DevToolsEvent) => void>();
  #lastId = 0;

  constructor({ stdio }: ChildProcess) {
    this.#output = stdio[3] as Writable;
    let unread = "";
    const input = stdio[4] as Readable;
    input.setEncoding("utf8").on("data", (text: string) => {
      const messages = (unread + text).split("\0");
      unread = messages.pop() ?? "";
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
    // Once the browser has exited, pending calls get no answer.
    input.on("close", () => {
      for (const { settle } of this.#pending.values())
        settle({ error: { message: "The browser has exited." } });
      this.#pending.clear();
    });
  }

  /** @throws Error with the browser's message */
  async send<Result>(method: string, params: object = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#lastId;
    const answer = new Promise<Message>((settle) => this.#pending.set(id, { method, settle }));
    this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  /** @returns a function that ends the subscription */
  listen(listener: (event: DevToolsEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #receive(message: Message): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message as DevToolsEvent);
    } else {
      this.#pending.get(message.id)?.settle(message);
      this.#pending.delete(message.id);
    }
  }
}
