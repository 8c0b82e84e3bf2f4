import { Bench } from "../bench.ts";
import { startBenchSite } from "../bench-site.ts";
import { loopbackCertificate } from "../../dev/loopback-certificate.ts";
import { BOUND_SUBJECTS } from "../subjects/bound-tokens.ts";
import type { Case } from "./case.ts";

let secure: Promise<Bench> | undefined;

/** The same equipment with https, since MSAL makes proofs for https alone. */
async function secureBench({ chromium }: Bench): Promise<Bench> {
  secure ??= startBenchSite(BOUND_SUBJECTS, "", loopbackCertificate()).then(
    (site) => new Bench(chromium, site, BOUND_SUBJECTS),
  );
  return await secure;
}

async function finish(): Promise<void> {
  await (await secure)?.site.close();
  secure = undefined;
}

/** Requests to protected resources with tokens that are bound to a key. The API checks each proof. */
function requests(how: "inTurn" | "atOnce", count: number): Omit<Case, "metrics" | "rounds"> {
  return {
    subjects: BOUND_SUBJECTS.map(({ name }) => name),
    finish,
    async measure(subject, bench) {
      const https = await secureBench(bench);
      const tab = await https.tab(subject);
      const time = await tab.run<number>(`${how}("${https.urlFor(subject)}", ${count})`);
      https.expectRequests(subject, count);
      return [time];
    },
  };
}

export const boundInTurn: Case = {
  ...requests("inTurn", 25),
  metrics: [{ name: "bound", title: "DPoP over https, 100 in turn", unit: "ms" }],
  rounds: 8,
  slices: 4,
};

export const boundAtOnce: Case = {
  ...requests("atOnce", 100),
  metrics: [{ name: "bound/parallel", title: "DPoP over https, 100 in parallel", unit: "ms" }],
  rounds: 8,
};
