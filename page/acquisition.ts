import { BearerWorkerError } from "../protocol/errors.ts";
import type { AcquireQuestion, Answer, Identity, Reply, TokenAnswer } from "../protocol/messages.ts";
import { tokenKey } from "../protocol/token-key.ts";
import type { ResourceMatch, ResourceMatcher } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";
import { within } from "./deadline.ts";
import type { FailedAcquisition } from "./failed-acquisition.ts";
import type { Settings } from "./options.ts";
import type { PaceSilent } from "./silent-pace.ts";
import type { TokenAcquired, TokenAttachment } from "./token-attachment.ts";
import type { AccessToken, Challenge, TokenRequest, TokenSource } from "./token-source.ts";

/** How long the identity library may take without the user. MSAL's own hidden iframe gives up after 10 seconds. */
export const SILENT_WITHIN = 30_000;
/** How long the worker may wait for an answer that does not need the user: a little longer, and a pause before. */
export const ANSWER_WITHIN = 45_000;
/** A token that lives longer than this many milliseconds can be sent. */
const ENOUGH = 10_000;
/** How long before its end a token is not sent any more. MSAL rounds the end to seconds, and it takes a while to arrive. */
const ENDING = 10_000;
/** How long before its end a token is renewed at the earliest. */
const RENEWAL = 300_000;
/** Stands for "nobody yet" where a request may sign its visitor in. */
const VISITOR = "?";

/** The page's side of an acquisition. */
export interface Acquisition {
  /** Whose page this is, as the worker is told. */
  readonly identity: () => Identity;
  /** Forgets the tokens that were given: the account has changed. */
  readonly forget: () => void;
  /** From now on the identity library is asked at this pace. */
  readonly setPace: (pace: PaceSilent) => void;
  /** What is known of the last token for each set of scopes. */
  readonly tokens: ReadonlyMap<string, TokenAcquired>;
  /**
   * The answer to a question for a token. This page's own map decides: a worker with another map gets nothing.
   *
   * @param reply tells the worker meanwhile how long it may take
   */
  readonly answer: (question: AcquireQuestion, reply: (message: Reply) => void) => Promise<Answer>;
}

/** A token, and the challenge that it answers. */
export interface GivenToken extends AccessToken {
  readonly answers: string | null;
  /** In milliseconds since the epoch. */
  readonly acquiredAt: number;
}

export function createAcquisition(
  source: TokenSource,
  { whenSignedOut, interactionTimeout }: Settings,
  match: ResourceMatcher,
  later: () => Promise<FailedAcquisition>,
  attachment: TokenAttachment,
): Acquisition {
  let mayTrySso = whenSignedOut === "sso";
  /** The last token for each set of scopes. MSAL takes one with five minutes left for expired; a request need not wait. */
  let given = new Map<string, GivenToken>();
  const tokens = new Map<string, TokenAcquired>();
  let paced: PaceSilent = (_key, silent) => silent(0);

  const identity = (): Identity => ({
    type: "identity",
    account: source.account() ?? (mayTrySso || whenSignedOut === "interact" ? VISITOR : null),
    observing: attachment.observing,
  });

  const mayInteract = ({ purpose, account }: AcquireQuestion): boolean => {
    if (account === VISITOR && whenSignedOut === "sso") return (mayTrySso = false);
    return purpose === "request";
  };

  const acquire = async (
    question: AcquireQuestion,
    resource: ResourceMatch,
    challenge: Challenge,
    reply: (message: Reply) => void,
  ): Promise<AccessToken> => {
    const id = tokenKey(question.account, resource);
    const request: TokenRequest = {
      scopes: [...resource.scopes].sort(),
      url: question.url,
      method: question.method,
      forceRefresh: question.purpose === "renewal" || question.challenge !== null,
      challenge,
      unanswered: 0,
    };
    const startedAt = performance.now();
    const { key, scopes } = resource;
    let interactive = false;
    const silently = (): Promise<AccessToken> =>
      paced(id + question.challenge, (unanswered) =>
        within(SILENT_WITHIN, source.acquireSilent({ ...request, unanswered }), "silent_timeout"),
      );
    const inTime = (acting: Promise<AccessToken | null>): Promise<AccessToken | null> => {
      reply({ type: "waiting", milliseconds: interactionTimeout + ANSWER_WITHIN });
      return within(interactionTimeout, acting, "interaction_timeout");
    };
    // What comes after an account has changed is not remembered.
    const known = given;
    const last = known.get(id);
    const token =
      isUsable(last) && !request.forceRefresh
        ? last
        : await silently().catch(async (error: unknown) => {
            if (!mayInteract(question)) throw error;
            interactive = true;
            return (await later()).recover(error, request, resource, silently, inTime);
          });
    known.set(tokenKey(token.account, resource), {
      answers: question.challenge,
      acquiredAt: Date.now(),
      ...token,
    });
    const acquired = {
      resource: key,
      scopes,
      fromCache: token === last || !!token.fromCache,
      interactive,
      duration: performance.now() - startedAt,
      expiresOn: token.expiresOn.getTime(),
    };
    tokens.set(question.scopes, acquired);
    attachment.emit("tokenacquired", acquired);
    return token;
  };

  return {
    identity,
    setPace: (pace) => (paced = pace),
    tokens,
    forget() {
      // Who has signed out is not signed in again by the provider's session.
      mayTrySso = false;
      given = new Map();
      tokens.clear();
    },
    async answer(asked, reply): Promise<Answer> {
      const url = parseUrl(asked.url, document.baseURI);
      const resource = url && match(url, asked.method);
      if (resource?.scopes.join(" ") !== asked.scopes) return { type: "bare" };
      const own = identity();
      // A worker that has just started does not know whose page this is.
      const account = asked.account || own.account || "";
      const last = given.get(tokenKey(account, resource));
      const challenge = await readChallenge(asked.challenge, last);
      if (!challenge) return { type: "bare" };
      const isKnown = asked.account || isUsable(last);
      const question = isKnown ? { ...asked, account } : asked;
      if (own.account !== question.account) return own;
      try {
        const token = await acquire(question, resource, challenge, reply);
        const { accessToken } = token;
        // MSAL takes a while to say who it is. What was at hand took no time in which that could change.
        if (token !== last && token.account !== source.account()) {
          // The page has switched meanwhile, or else the user picked another account at the provider.
          if (question.account !== identity().account) return identity();
          throw new BearerWorkerError("interaction_declined", "Another account");
        }
        return {
          type: "token",
          account: token.account,
          accessToken,
          ...timesOf(token),
          observing: attachment.observing,
        };
      } catch (error) {
        return await later().then(
          (loaded) => loaded.giveUp(error, question.purpose, resource, account === VISITOR),
          // Nothing can be loaded: there is no network.
          () => ({ type: "unavailable" }),
        );
      }
    },
  };
}

const isUsable = (token: AccessToken | undefined): token is AccessToken =>
  (token?.expiresOn.getTime() ?? 0) > Date.now() + ENOUGH;

/** When the worker sends it no more, and when it asks for its successor. */
function timesOf({ expiresOn, refreshOn }: AccessToken): Pick<TokenAnswer, "endsAt" | "renewAt"> {
  const end = expiresOn.getTime();
  const lifetime = end - Date.now();
  return {
    endsAt: end - Math.min(ENDING, lifetime * 0.3),
    renewAt: refreshOn?.getTime() ?? end - Math.min(RENEWAL, lifetime * 0.5),
  };
}

/** @returns `null` where a new token would not help, or nobody can tell */
const readChallenge = async (
  field: string | null,
  last: GivenToken | undefined,
): Promise<Challenge | null> =>
  field === null
    ? {}
    : await import("./challenge.ts").then(
        (loaded) => loaded.readChallenge(field, last),
        () => null,
      );
