import type { ApiSettings } from "./api-settings.ts";
import { answerJson } from "./json-answer.ts";
import { sendRepresentation } from "./byte-range.ts";
import { CLIP } from "./clip.ts";
import type { EventStreams } from "./event-stream.ts";
import { callerOf, type Exchange, type Operation } from "./operation.ts";
import { drawPhoto } from "./photo.ts";
import { subresources } from "./subresources.ts";
import { TONE } from "./tone.ts";
import { transfers } from "./transfers.ts";

const AUDIENCE = "api://media";
const READ = { audience: AUDIENCE, scope: "Media.Read" };
const WRITE = { audience: AUDIENCE, scope: "Media.Write" };

/** The API of `api://media`: resources that a page's elements load, to which scripts cannot add a header. */
export function mediaOperations(settings: ApiSettings, streams: EventStreams): Operation[] {
  return [
    { method: "GET", path: "/media/photo", access: READ, answer: sendPhoto },
    {
      method: "GET",
      path: "/media/clip",
      access: READ,
      answer: (exchange) => sendRepresentation(exchange, CLIP, settings.mediaPauseMs),
    },
    {
      method: "GET",
      path: "/media/tone",
      access: READ,
      answer: (exchange) => sendRepresentation(exchange, TONE, settings.mediaPauseMs),
    },
    { method: "GET", path: "/media/events", access: READ, answer: (exchange) => streams.open(exchange) },
    { method: "PUT", path: "/media/upload", access: WRITE, answer: confirmUpload },
    { method: "POST", path: "/media/upload", access: WRITE, answer: confirmUpload },
    ...subresources(READ),
    ...transfers(READ),
  ];
}

function sendPhoto({ response, token }: Exchange): void {
  response.writeHead(200, { "Content-Type": "image/svg+xml", "Cache-Control": "no-store" });
  response.end(drawPhoto(token?.name ?? ""));
}

function confirmUpload(exchange: Exchange): void {
  answerJson(exchange.response, 201, { received: exchange.body, caller: callerOf(exchange) });
}
