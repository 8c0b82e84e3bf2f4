import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import type { AccessToken, SignInPopup, TokenRequest, TokenSource } from "../token-source.ts";
import { whenAborted } from "./aborted.ts";
import { LEAVING, type Need } from "./coordinator-state.ts";
import type { Environment } from "./environment.ts";
import type { Redirects } from "./redirects.ts";
import type { InteractionFunction, InteractionRequest } from "./interaction-request.ts";

export interface AskingParts {
  readonly ask: InteractionFunction;
  readonly source: TokenSource;
  /** The name of the app's lock. */
  readonly lock: string;
  readonly clock: Clock;
  readonly environment: Environment;
  /** `null` for a source that watches over its redirects itself. */
  readonly redirects: Redirects | null;
}

type Answer =
  /** The user acted. Without a token here, it can be acquired silently. */
  | { readonly type: "acquired"; readonly token: AccessToken | null }
  /** The question is not asked any more. `trouble` says why its last popup failed. */
  | { readonly type: "withdrawn"; readonly trouble: BearerWorkerErrorCode | null };

/**
 * Asks the user in a page that they see, unless another page of the app asks.
 *
 * @param withdrawn aborts when the question is not needed any more
 * @returns `taken` when another page asks, or the user does not see this one
 * @throws BearerWorkerError `interaction_declined`, or the error of `ask`
 */
export async function askUser(
  need: Need,
  withdrawn: AbortSignal,
  parts: AskingParts,
): Promise<Answer | { readonly type: "taken" }> {
  const { visibility, locks } = parts.environment;
  if (!visibility.isVisible()) return { type: "taken" };
  return await locks.request(parts.lock, { ifAvailable: true }, async (held) =>
    held ? await askOnce(need, withdrawn, parts) : { type: "taken" },
  );
}

/**
 * Asks the user once. The question is over when the user has answered it, when `withdrawn` aborts, or when the user does
 * not see this page any more. A hidden page still asks while its popup is open: on some systems the popup hides the page.
 *
 * @throws BearerWorkerError `interaction_declined`, or the error of `ask`
 */
async function askOnce(
  { request, resource, trouble: earlier, consent }: Need,
  withdrawn: AbortSignal,
  { ask, source, clock, environment: { visibility }, redirects }: AskingParts,
): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  let openPopups = 0;
  /** The last popup, if its window is known, and its outcome. */
  let latest: { readonly window: SignInPopup; readonly acquired: Promise<void> } | null = null;
  let trouble = earlier;

  const answered = new Promise<Answer>((resolve, reject) => {
    const withdraw = (): void => resolve({ type: "withdrawn", trouble });
    const withdrawWhenHidden = (): void => {
      if (!visibility.isVisible() && openPopups === 0) withdraw();
    };
    const act = (by: "popup" | "redirect"): Promise<void> => {
      openPopups += 1;
      const opened = (window: SignInPopup): void => void (latest = { window, acquired });
      const acquired: Promise<void> = acquireInteractive(
        source,
        request,
        by,
        { redirects, clock },
        signal,
        opened,
      ).then(
        (token) => resolve({ type: "acquired", token }),
        (error: unknown) => {
          openPopups -= 1;
          if (latest?.acquired === acquired) latest = null;
          if (error instanceof BearerWorkerError) trouble = error.code;
          if (by === "redirect") reject(error);
          // In a later task: `ask` may take the rejection for its answer.
          else signal.addEventListener("abort", clock.after(0, withdrawWhenHidden));
          throw error;
        },
      );
      // `ask` need not handle the rejection.
      acquired.catch(() => undefined);
      return acquired;
    };
    const decline = (): void => {
      reject(new BearerWorkerError("interaction_declined", `The user declined to sign in. ${ASKS_AGAIN}`));
    };
    const isPopupOpen = (): boolean => latest?.window.isOpen() ?? false;
    const popup = (): Promise<void> => {
      if (!latest?.window.isOpen()) return act("popup");
      latest.window.focus();
      return latest.acquired;
    };
    const redirect = (): Promise<void> => act("redirect");
    const { scopes } = request;
    const start = async (): Promise<boolean | void> =>
      await ask({
        resource,
        scopes,
        reason: reasonOf(source, request, consent),
        trouble: earlier,
        signal,
        popup,
        isPopupOpen,
        redirect,
        decline,
      });

    if (withdrawn.aborted) return withdraw();
    withdrawn.addEventListener("abort", withdraw, { signal });
    visibility.onChange(withdrawWhenHidden, signal);
    start().then((answer) => {
      if (answer === false) decline();
      else if (answer) resolve({ type: "acquired", token: null });
    }, reject);
  });
  return await answered.finally(() => over.abort());
}

function reasonOf(
  source: TokenSource,
  { challenge }: TokenRequest,
  consent: boolean,
): InteractionRequest["reason"] {
  if (Object.keys(challenge).length > 0) return "challenged";
  if (source.account() === null) return "signed-out";
  return consent ? "consent" : "session-ended";
}

/**
 * Opens a popup, or leaves the page. A page that has not left in time has stayed.
 *
 * @param over aborts when the question is over
 * @param opened takes the popup once it is open
 * @throws BearerWorkerError `redirecting` once the page is leaving
 */
async function acquireInteractive(
  source: TokenSource,
  request: TokenRequest,
  by: "popup" | "redirect",
  { redirects, clock }: Pick<AskingParts, "redirects" | "clock">,
  over: AbortSignal,
  opened: (popup: SignInPopup) => void,
): Promise<AccessToken> {
  const settled = new AbortController();
  try {
    if (by === "redirect") redirects?.leave(request.scopes, clock.elapsed());
    const end = AbortSignal.any([over, settled.signal]);
    const acquiring = source.acquireInteractive(request, by, end, opened);
    // A source that watches over its redirects may wait for an interaction of the app first.
    const isBounded = by === "redirect" && redirects !== null;
    const token = await (isBounded ? leavingInTime(acquiring, over, clock) : acquiring);
    if (token) return token;
    throw new BearerWorkerError(
      "redirecting",
      "The page is leaving for the identity provider, so the request ends. Make it again after the user has come back.",
    );
  } catch (cause) {
    const error = interactionError(cause);
    if (by === "redirect" && error.code !== "redirecting") redirects?.stayed();
    throw error;
  } finally {
    settled.abort();
  }
}

/** The user may stay, and no browser tells the page that it goes on. */
const leavingInTime = (
  acquiring: Promise<AccessToken | null>,
  over: AbortSignal,
  clock: Clock,
): Promise<AccessToken | null> => {
  const isOver = whenAborted(over).then(() => {
    over.throwIfAborted();
    return null;
  });
  return within(clock, LEAVING, Promise.race([acquiring, isOver]), notLeft);
};

const notLeft = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_failed",
    `The page has not left for the identity provider within ${LEAVING / 1_000} seconds. \`signIn()\` of the attachment tries again.`,
  );

export const interactionError = (cause: unknown): BearerWorkerError =>
  cause instanceof BearerWorkerError
    ? cause
    : new BearerWorkerError(
        "interaction_failed",
        "Signing the user in failed. See `cause` for the reason; `signIn()` of the attachment tries again.",
        { cause },
      );

/** The second sentence of each `interaction_declined`. */
export const ASKS_AGAIN =
  "The user is not asked again until they sign in: call `signIn()` of the attachment, or sign in with the identity library.";
