import { type AnnounceNotice, PROTOCOL_VERSION, type Reply, type WorkerMessage } from "./messages.ts";

/** What `typeof` may say of each field that has to be there, `null` apart. */
type Shape<Message> = Record<Exclude<RequiredField<Message>, "type" | "unanswered">, string>;
type RequiredField<Message> = {
  [Field in keyof Message]-?: undefined extends Message[Field] ? never : Field;
}[keyof Message];
type Shapes<Messages extends { type: string }> = {
  [Type in Messages["type"]]: Shape<Extract<Messages, { type: Type }>>;
};

/** How many messages with our mark were ignored in this page or worker: malformed ones, and those of another version. */
export let ignoredMessages = 0;

/** Reads a message from outside, or `null` where it is not one of ours: what is malformed is ignored. */
function read<Messages extends { type: string }>(shapes: Shapes<Messages>, data: unknown): Messages | null {
  const message = Object(data) as Record<string, unknown>;
  // Compared and never converted, which can throw; own fields alone, since some scripts add to Object.prototype.
  const shape = Object.entries<Record<string, string>>(shapes).find(
    ([type]) => type === message["type"],
  )?.[1];
  const fits = ([field, kinds]: [string, string]): boolean =>
    kinds.includes(message[field] === null ? "null" : typeof message[field]);
  if (message["bearerWorker"] === PROTOCOL_VERSION && shape && Object.entries(shape).every(fits))
    return data as Messages;
  if (message["bearerWorker"]) ignoredMessages++;
  return null;
}

export const readAnnouncement = (data: unknown): AnnounceNotice | null =>
  read<AnnounceNotice>({ announce: IDENTITY }, data);

export const readReply = (data: unknown): Reply | null =>
  read<Reply>(
    {
      waiting: { milliseconds: "number" },
      identity: IDENTITY,
      token: { account: "string", accessToken: "string", endsAt: "number", renewAt: "number" },
      bare: {},
      unavailable: {},
    },
    data,
  );

export const readWorkerMessage = (data: unknown): WorkerMessage | null =>
  read<WorkerMessage>(
    {
      identify: {},
      acquire: {
        account: "string",
        url: "string",
        method: "string",
        scopes: "string",
        purpose: "string",
        challenge: "string null",
      },
      observed: { request: "object" },
      running: {},
      sending: { lock: "string", request: "string null" },
    },
    data,
  );

const IDENTITY = { account: "string null", observing: "boolean" };
