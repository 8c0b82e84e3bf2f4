import { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
import {
  type AcquireQuestion,
  type Answer,
  type Identity,
  type Reply,
  type TokenAnswer,
  tokenKey,
} from "../protocol/messages.ts";
import type { ResourceMatch, ResourceMatcher } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";
import type { Challenge } from "./challenge.ts";
import { within } from "./deadline.ts";
import type { Interaction } from "./interaction.ts";
import type { Settings } from "./options.ts";
import type { PaceSilent } from "./silent-pace.ts";
import type { TokenAcquired, TokenAttachment } from "./token-attachment.ts";
import type { AccessToken, TokenRequest, TokenSource } from "./token-source.ts";

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
/** For how long a new token that is refused like the last one shows that no token will do. */
const FINAL = 60_000;
/** How often the user may have to act for one request: for a sign-in, then for a consent. */
const INTERACTIONS = 2;
/** Stands for "nobody yet" where a request may sign its visitor in. */
const VISITOR = "?";

/** With these a request ends as a network error: a token may well be had a moment later. With all others it goes bare. */
const UNAVAILABLE: readonly BearerWorkerErrorCode[] = [
  "invalid_options",
  "redirecting",
  "silent_failed",
  "silent_timeout",
  "unsupported_token_type",
];

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

/** A token, the challenge that it answers, and until when another one like it is final. */
interface GivenToken extends AccessToken {
  readonly challenge: string | null;
  readonly finalUntil: number;
}

export function createAcquisition(
  source: TokenSource,
  { whenSignedOut, interactionTimeout }: Settings,
  match: ResourceMatcher,
  interaction: () => Promise<Interaction>,
  attachment: TokenAttachment,
): Acquisition {
  let mayTrySso = whenSignedOut === "sso";
  /** The last token for each set of scopes. MSAL takes one with five minutes left for expired; a request need not wait. */
  const given = new Map<string, GivenToken>();
  const tokens = new Map<string, TokenAcquired>();
  let paced: PaceSilent = (_key, silent) => silent(0);

  const identity = (): Identity => ({
    type: "identity",
    account: source.account() ?? (mayTrySso || whenSignedOut === "interact" ? VISITOR : null),
    observing: attachment.observing,
  });

  const mayInteract = ({ purpose, account }: AcquireQuestion): boolean => {
    if (account === VISITOR && mayTrySso) return (mayTrySso = false);
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
    let interactions = 0;
    const last = given.get(id);
    let token: AccessToken | null =
      isUsable(last) && !request.forceRefresh ? { ...last, fromCache: true } : null;
    while (!token) {
      try {
        token = await paced(id + question.challenge, (unanswered) =>
          within(SILENT_WITHIN, source.acquireSilent({ ...request, unanswered }), "silent_timeout"),
        );
      } catch (error) {
        const needsUser = mayInteract(question) && codeOf(error) === "interaction_required";
        if (!needsUser || interactions++ === INTERACTIONS) throw error;
        attachment.emit("interactionrequired", { resource: key, scopes });
        reply({ type: "waiting", milliseconds: interactionTimeout + ANSWER_WITHIN });
        const acting = interaction().then((loaded) => loaded.run(request, key));
        token = await within(interactionTimeout, acting, "interaction_timeout");
      }
    }
    const finalUntil = Date.now() + FINAL;
    given.set(tokenKey(token.account, resource), { ...token, challenge: question.challenge, finalUntil });
    const acquired = {
      resource: key,
      scopes,
      fromCache: token.fromCache ?? false,
      interactive: interactions > 0,
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
      given.clear();
      tokens.clear();
    },
    async answer(asked, reply): Promise<Answer> {
      const url = parseUrl(asked.url, document.baseURI);
      const resource = url && match(url, asked.method);
      const challenge = await readChallenge(asked.challenge);
      if (resource?.scopes.join(" ") !== asked.scopes || !challenge) return { type: "bare" };
      // A worker that has just started does not know whose page this is.
      const account = asked.account || source.account() || "";
      const isKnown = asked.account !== "" || isUsable(given.get(tokenKey(account, resource)));
      const question = isKnown ? { ...asked, account } : asked;
      if (identity().account !== question.account) return identity();
      const last = given.get(tokenKey(account, resource));
      const isFinal = last?.challenge === question.challenge && Date.now() < last.finalUntil;
      if (question.challenge && isFinal) return { type: "bare" };
      try {
        const token = await acquire(question, resource, challenge, reply);
        const { accessToken } = token;
        if (token.account !== source.account()) {
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
        const code = question.account === VISITOR ? "signed_out" : codeOf(error);
        const type = UNAVAILABLE.includes(code) ? "unavailable" : "bare";
        if (question.purpose === "request") {
          attachment.emit("tokenfailed", {
            resource: resource.key,
            scopes: resource.scopes,
            code,
            reason: reasonOf(error),
            outcome: type,
          });
        }
        return { type };
      }
    },
  };
}

const isUsable = (token: AccessToken | undefined): token is AccessToken =>
  token !== undefined && token.expiresOn.getTime() > Date.now() + ENOUGH;

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
const readChallenge = async (field: string | null): Promise<Challenge | null> =>
  field === null
    ? {}
    : await import("./challenge.ts").then(
        (loaded) => loaded.readChallenge(field),
        () => null,
      );

const codeOf = (error: unknown): BearerWorkerErrorCode =>
  error instanceof BearerWorkerError
    ? error.code
    : reasonOf(error) === "no_account_error"
      ? "signed_out"
      : "silent_failed";

/** The identity library's own code: MSAL's messages are links, and others may hold anything. */
function reasonOf(error: unknown): string | null {
  const { errorCode, cause } = Object(error) as { errorCode?: unknown; cause?: unknown };
  return typeof errorCode === "string" ? errorCode : cause === undefined ? null : reasonOf(cause);
}
