import { answerJson } from "./json-answer.ts";
import { sendClip } from "./clip.ts";
import type { EventStreams } from "./event-stream.ts";
import { callerOf, type Exchange, type Operation } from "./operation.ts";
import { drawPhoto } from "./photo.ts";

const AUDIENCE = "api://media";
const READ = { audience: AUDIENCE, scope: "Media.Read" };
const WRITE = { audience: AUDIENCE, scope: "Media.Write" };

/** The API of `api://media`: what elements of a page load by themselves, where no script can add a header. */
export function mediaOperations(streams: EventStreams): Operation[] {
  return [
    { method: "GET", path: "/media/photo", access: READ, answer: sendPhoto },
    { method: "GET", path: "/media/clip", access: READ, answer: sendClip },
    { method: "GET", path: "/media/events", access: READ, answer: (exchange) => streams.open(exchange) },
    { method: "PUT", path: "/media/upload", access: WRITE, answer: confirmUpload },
    { method: "POST", path: "/media/upload", access: WRITE, answer: confirmUpload },
  ];
}

function sendPhoto({ response, token }: Exchange): void {
  response.writeHead(200, { "Content-Type": "image/svg+xml", "Cache-Control": "no-store" });
  response.end(drawPhoto(token?.name ?? ""));
}

function confirmUpload(exchange: Exchange): void {
  answerJson(exchange.response, 201, { received: exchange.body, caller: callerOf(exchange) });
}
