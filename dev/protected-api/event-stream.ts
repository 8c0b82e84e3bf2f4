import type { ServerResponse } from "node:http";
import type { ApiSettings } from "./api-settings.ts";
import type { Exchange } from "./operation.ts";

/** The open streams of `text/event-stream`. */
export interface EventStreams {
  /**
   * Sends an event at once and then one after every interval, until the client leaves or the number in the query's
   * `events` is reached.
   */
  open(exchange: Exchange): void;
  /** Ends all streams. Clients reconnect with Last-Event-ID. */
  endAll(): void;
}

export function createEventStreams(settings: ApiSettings): EventStreams {
  const open = new Set<ServerResponse>();

  return {
    open({ request, response, token }) {
      const lastEventId = Number(request.headers["last-event-id"] ?? 0);
      let id = Number.isSafeInteger(lastEventId) ? lastEventId : 0;
      const { searchParams } = new URL(request.url ?? "/", "http://localhost");
      let left = Number(searchParams.get("events") ?? Infinity);
      const send = () => {
        id++;
        const data = JSON.stringify({
          number: id,
          user: token?.username ?? null,
          at: new Date().toISOString(),
        });
        response.write(`id: ${id}\ndata: ${data}\n\n`);
        if (--left === 0) response.end();
      };

      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      response.write("retry: 500\n\n");
      const timer = setInterval(send, settings.eventIntervalMs);
      open.add(response);
      response.once("close", () => {
        clearInterval(timer);
        open.delete(response);
      });
      send();
    },
    endAll() {
      for (const response of open) response.end();
    },
  };
}
