import { BoundedMap } from "../protocol/bounded-map.ts";
import type { ProofSigner } from "../protocol/answers.ts";
import type { ProofProblem } from "../protocol/request-notices.ts";
import type { Clock } from "./clock.ts";

/** How many resource servers are remembered. A wildcard host can stand for any number. */
const SERVERS_KEPT = 100;
/** A server's clock that differs by fewer milliseconds is no reason to refuse a proof. Its `Date` has whole seconds. */
const DIFFERENCE = 5_000;

interface Server {
  /** The newest nonce, if it has sent any. */
  readonly nonce: string | null;
  /** The milliseconds by which its clock is ahead. 0 until it has refused a proof. */
  readonly ahead: number;
}

const UNKNOWN: Server = { nonce: null, ahead: 0 };

/** The newest nonce and the time of each resource server, which proofs have to carry. In memory, by origin. */
export class DpopServers {
  readonly #servers = new BoundedMap<string, Server>(SERVERS_KEPT);
  readonly #clock: Pick<Clock, "now">;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** The nonce and the time for the next proof. */
  next(origin: string): { readonly nonce: string | null; readonly now: number } {
    const { nonce, ahead } = this.#of(origin);
    return { nonce, now: this.#clock.now() + ahead };
  }

  /**
   * Takes in the nonce of a response. Any response can bring a new one.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9449#section-8.2
   */
  noteNonce(origin: string, { headers }: Response): void {
    const nonce = headers.get("DPoP-Nonce");
    if (nonce !== null) this.#servers.set(origin, { ...this.#of(origin), nonce });
  }

  /**
   * Takes in a response that refuses a proof. If its time differs from that of the proof, the next proof has its time. A server
   * on another origin has to expose its `Date`.
   *
   * @returns the problem, which is that of the clocks if they differ
   */
  noteProblem(
    problem: ProofProblem,
    origin: string,
    { headers }: Response,
    signer: ProofSigner | undefined,
  ): ProofProblem {
    if (problem !== "dpop_proof_refused") return problem;
    const known = this.#of(origin);
    const ahead = Date.parse(headers.get("Date") ?? "") - this.#clock.now();
    // A page signs with the time of its device. `!(x >= y)` also catches NaN.
    if (!(Math.abs(ahead - (signer === "page" ? 0 : known.ahead)) >= DIFFERENCE)) return problem;
    this.#servers.set(origin, { ...known, ahead });
    return "dpop_clock_differs";
  }

  #of(origin: string): Server {
    return this.#servers.get(origin) ?? UNKNOWN;
  }
}

/** Whether another proof can help, once the nonce or the time of the response that refused the last one is noted. */
export const canReplaceProof = (
  problem: ProofProblem,
  { headers }: Response,
  signer: ProofSigner | undefined,
): boolean =>
  problem === "dpop_clock_differs"
    ? signer !== "page"
    : problem === "dpop_nonce_missing" && headers.has("DPoP-Nonce");
