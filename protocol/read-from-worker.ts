import {
  type Check,
  isAccount,
  isBoolean,
  isBoundOrLeftOut,
  isFailure,
  isListOf,
  isNumber,
  isRecord,
  isString,
  readMessage,
  type Shapes,
} from "./check-message.ts";
import type { WorkerMessage } from "./messages.ts";
import type { ProofProblem } from "./request-notices.ts";

/** Reads a worker's message to a page; `null` for all that is malformed, of another version or not ours. */
export const readWorkerMessage = (data: unknown): WorkerMessage | null => readMessage(MESSAGES, data);

const isScopes: Check = (value) => isListOf(value, isString);
const isHeader: Check = (value) => isListOf(value, isString);
const isWanted: Check = (value) =>
  isRecord(value, {
    url: isString,
    method: isString,
    scopes: isScopes,
    headers: (headers) => headers === undefined || isListOf(headers, isHeader),
    isNavigation: isBoolean,
    tokenType: isBoundOrLeftOut,
  });
const isProof: Check = (value) =>
  isRecord(value, { method: isString, nonce: (nonce) => nonce === null || isString(nonce) });
const isRefusal: Check = (value) =>
  isRecord(value, { challenge: isString, accessToken: isString, account: isString, sentAt: isNumber });

const isWait: Check = (value) => value === "page" || value === "network";

const SEEN = {
  id: isString,
  resource: isString,
  method: isString,
  url: isString,
  destination: isString,
  startedAt: isNumber,
};
const OUTCOME = {
  token: (value: unknown) => value === "memory" || value === "page" || value === "none",
  tokenType: isBoundOrLeftOut,
  proofReplaced: (value: unknown) => value === undefined || isBoolean(value),
  refused: isBoolean,
  replayed: isBoolean,
  status: isNumber,
  responseType: isString,
  tokenTime: isNumber,
  responseTime: isNumber,
  ignoredMessages: isNumber,
};

const PROOF_PROBLEMS: readonly ProofProblem[] = [
  "dpop_nonce_missing",
  "dpop_clock_differs",
  "dpop_proof_refused",
];

const MESSAGES: Shapes<WorkerMessage> = {
  identify: { wanted: (value) => value === null || isWanted(value) },
  acquire: {
    account: isAccount,
    wanted: isWanted,
    purpose: (value) => value === "request" || value === "renewal",
    refusal: (value) => value === null || isRefusal(value),
  },
  prove: { account: isAccount, wanted: isWanted, proof: isProof },
  pending: { request: (value) => isRecord(value, { ...SEEN, waitsFor: isWait, since: isNumber }) },
  observed: { request: (value) => isRecord(value, { ...SEEN, ...OUTCOME }) },
  "proof-refused": {
    url: isString,
    method: isString,
    code: (value) => PROOF_PROBLEMS.some((problem) => problem === value),
    isReplayed: isBoolean,
  },
  running: {},
  preempted: {},
  lacking: { keys: (value) => isListOf(value, isString) },
  failed: {
    url: isString,
    method: isString,
    failure: isFailure,
    outcome: (value) => value === "bare" || value === "unavailable",
  },
  sending: { lock: isString, request: (value) => value === null || isString(value) },
};
