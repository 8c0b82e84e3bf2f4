import {
  isAccount,
  isListOf,
  isNullOr,
  isRecord,
  isString,
  readMessage,
  type Shapes,
} from "./check-message.ts";
import type { WorkerMessage } from "./messages.ts";

/** Reads a worker's message to a page; `null` for all that is malformed, of another version or not ours. */
export const readWorkerMessage = (data: unknown): WorkerMessage | null => readMessage(MESSAGES, data);

const isWanted = isRecord({ url: isString, method: isString, scopes: isListOf(isString) });

const MESSAGES: Shapes<WorkerMessage> = {
  identify: { wanted: isNullOr(isWanted) },
  acquire: {
    account: isAccount,
    wanted: isWanted,
    purpose: (value) => value === "request" || value === "renewal",
    refusal: isNullOr(isRecord({ challenge: isString, accessToken: isString })),
  },
  observed: { request: isRecord({ url: isString, method: isString }) },
  running: {},
  sending: { lock: isString, request: isNullOr(isString) },
};
