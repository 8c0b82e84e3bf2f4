import {
  type Check,
  isAccount,
  isBoolean,
  isListOf,
  isRecord,
  isString,
  readMessage,
  type Shapes,
} from "./check-message.ts";
import type { WorkerMessage } from "./messages.ts";

/** Reads a worker's message to a page; `null` for all that is malformed, of another version or not ours. */
export const readWorkerMessage = (data: unknown): WorkerMessage | null => readMessage(MESSAGES, data);

const isScopes: Check = (value) => isListOf(value, isString);
const isWanted: Check = (value) =>
  isRecord(value, { url: isString, method: isString, scopes: isScopes, isNavigation: isBoolean });
const isRefusal: Check = (value) => isRecord(value, { challenge: isString, accessToken: isString });

const MESSAGES: Shapes<WorkerMessage> = {
  identify: { wanted: (value) => value === null || isWanted(value) },
  acquire: {
    account: isAccount,
    wanted: isWanted,
    purpose: (value) => value === "request" || value === "renewal",
    refusal: (value) => value === null || isRefusal(value),
  },
  observed: { request: (value) => isRecord(value, { url: isString, method: isString }) },
  running: {},
  sending: { lock: isString, request: (value) => value === null || isString(value) },
};
