import {
  type Check,
  isAccount,
  isBoolean,
  isFailure,
  isListOf,
  isNumber,
  isRecord,
  isSignedIn,
  isString,
  readMessage,
  type Shapes,
} from "./check-message.ts";
import type { Reply } from "./answers.ts";
import type { PageNotice } from "./messages.ts";

/** Reads a page's message to a worker; `null` for all that is malformed, of another version or not ours. */
export const readPageNotice = (data: unknown): PageNotice | null => readMessage(NOTICES, data);

/** Reads a page's answer on a question's port; `null` as above. */
export const readReply = (data: unknown): Reply | null => readMessage(REPLIES, data);

const NOTICES: Shapes<PageNotice> = {
  announce: { account: isAccount, map: isString, observing: isBoolean },
  claim: {},
};

const isSigner: Check = (value) => value === undefined || value === "page" || isKeyPair(value);
const isKeyPair: Check = (value) => isRecord(value, { publicKey: isKey, privateKey: isKey });
const isKey: Check = (value) => value instanceof CryptoKey;
const isToken: Check = (value) =>
  isRecord(value, { accessToken: isString, endsAt: isNumber, renewAt: isNumber, signer: isSigner });
const isUnanswered: Check = (value) => isRecord(value, { lock: isString, request: isString });

const FATE = { failure: (value: unknown) => value === undefined || isFailure(value) };

const REPLIES: Shapes<Reply> = {
  waiting: { milliseconds: isNumber },
  identity: {
    account: isAccount,
    map: isString,
    observing: isBoolean,
    unanswered: (value) => isListOf(value, isUnanswered),
    token: (value) => value === null || isToken(value),
  },
  token: {
    account: isSignedIn,
    token: isToken,
    proof: (value) => value === undefined || isString(value),
  },
  bare: FATE,
  unavailable: FATE,
  incompatible: {},
};
