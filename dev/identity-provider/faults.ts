import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { KoaContextWithOIDC } from "oidc-provider";
import { breakConnection } from "../break-connection.ts";
import { readForm } from "./form-body.ts";
import { stateOf, type Middleware } from "./middleware.ts";
import type { Tenant } from "./tenant.ts";

/**
 * How an endpoint misbehaves: an Entra error in JSON, a proxy's error page, throttling, a connection that breaks,
 * one that stays open and silent, or a right answer that comes late.
 */
type FaultKind = (typeof FAULT_KINDS)[number];
export const FAULT_KINDS = ["500-json", "500-html", "429", "reset", "hang", "slow"] as const;

type FaultyEndpoint = (typeof FAULTY_ENDPOINTS)[number];
export const FAULTY_ENDPOINTS = ["authorize", "token"] as const;

export interface FaultOptions {
  /** The number of requests that meet the fault. Default: all, until the fault is cleared. */
  readonly count?: number;
  /** `Retry-After` of a 429, in seconds. Default: 1. Null omits the header. */
  readonly retryAfterSeconds?: number | null;
  /** The delay of a slow answer, in milliseconds. Default: 1,000. */
  readonly delayMs?: number;
}

export interface Faults {
  readonly set: (endpoint: FaultyEndpoint, kind: FaultKind, options?: FaultOptions) => void;
  /** Ends the fault of one endpoint, or of both. Connections that a fault has left silent are closed. */
  readonly clear: (endpoint?: FaultyEndpoint) => void;
  readonly middleware: Middleware;
}

interface Fault {
  readonly kind: FaultKind;
  readonly retryAfterSeconds: number | null;
  readonly delayMs: number;
  remaining: number;
}

export function createFaults({ routes }: Tenant): Faults {
  const faults = new Map<FaultyEndpoint, Fault>();
  /** A browser has six connections for an origin, and waits for one of them without end. */
  const silent = new Set<Socket>();

  function next({ method, path }: KoaContextWithOIDC): Fault | undefined {
    if (method === "OPTIONS") return undefined;
    const fault = faults.get(path === routes.token ? "token" : "authorize");
    const isFaulty = path === routes.token || path === routes.authorization;
    return isFaulty && fault && fault.remaining-- > 0 ? fault : undefined;
  }

  return {
    set(endpoint, kind, { count = Infinity, retryAfterSeconds = 1, delayMs = 1_000 } = {}) {
      faults.set(endpoint, { kind, retryAfterSeconds, delayMs, remaining: count });
    },
    clear(endpoint) {
      if (endpoint) faults.delete(endpoint);
      else faults.clear();
      for (const socket of silent) socket.destroy();
      silent.clear();
    },
    async middleware(ctx, proceed) {
      const fault = next(ctx);
      if (fault?.kind === "slow") await pause(fault.delayMs);
      if (!fault || fault.kind === "slow") return void (await proceed());
      stateOf(ctx).fault = { kind: fault.kind, form: await readForm(ctx.req) };
      if (fault.kind === "hang") silent.add(ctx.req.socket);
      answerWith(fault, ctx);
    },
  };
}

function answerWith({ kind, retryAfterSeconds }: Fault, ctx: KoaContextWithOIDC): void {
  ctx.set("Access-Control-Allow-Origin", ctx.get("Origin") || "*");
  switch (kind) {
    case "500-json":
      ctx.status = 500;
      ctx.body = { error: "server_error", error_description: "AADSTS90033: A transient error has occurred." };
      return;
    case "500-html":
      ctx.status = 500;
      ctx.type = "html";
      ctx.body = "<!doctype html><title>502</title><h1>Our services aren't available right now</h1>";
      return;
    case "429":
      ctx.status = 429;
      ctx.set("Access-Control-Expose-Headers", "Retry-After");
      if (retryAfterSeconds !== null) ctx.set("Retry-After", String(retryAfterSeconds));
      ctx.body = { error: "temporarily_unavailable", error_description: "AADSTS90055: Too many requests." };
      return;
    case "reset":
      ctx.respond = false;
      breakConnection(ctx.req.socket);
      return;
    case "hang":
      // The socket stays open until the client gives up, the fault is cleared or the provider closes.
      ctx.respond = false;
      return;
    case "slow":
    // The endpoint answers as usual, after its delay.
  }
}
