import {
  isAccount,
  isBoolean,
  isListOf,
  isNullOr,
  isNumber,
  isRecord,
  isSignedIn,
  isString,
  readMessage,
  type Shapes,
} from "./check-message.ts";
import type { PageNotice, Reply } from "./messages.ts";

/** Reads a page's message to a worker; `null` for all that is malformed, of another version or not ours. */
export const readPageNotice = (data: unknown): PageNotice | null => readMessage(NOTICES, data);

/** Reads a page's answer on a question's port; `null` as above. */
export const readReply = (data: unknown): Reply | null => readMessage(REPLIES, data);

const NOTICES: Shapes<PageNotice> = {
  announce: { account: isAccount, observing: isBoolean },
  claim: {},
};

const isToken = isRecord({ accessToken: isString, endsAt: isNumber, renewAt: isNumber });

const REPLIES: Shapes<Reply> = {
  waiting: { milliseconds: isNumber },
  identity: {
    account: isAccount,
    observing: isBoolean,
    unanswered: isListOf(isRecord({ lock: isString, request: isString })),
    token: isNullOr(isToken),
  },
  token: { account: isSignedIn, token: isToken },
  bare: {},
  unavailable: {},
  incompatible: {},
};
