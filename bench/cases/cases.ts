import type { Subject } from "../subjects/subject.ts";
import { boundAtOnce, boundInTurn } from "./bound-tokens.ts";
import { pageBytes, workerBytes } from "./bytes.ts";
import type { Case } from "./case.ts";
import { coldMatched, coldUnmatched } from "./cold.ts";
import { GROWTH, HOSTILE } from "./growth.ts";
import { herd } from "./herd.ts";
import { download, upload } from "./large-bodies.ts";
import { atOnce, inTurn, inTurnRemote } from "./matched.ts";
import { noToken } from "./no-token.ts";
import { pageLoad } from "./page-load.ts";
import { firstVisit, hardReload, reload, restartedWorker } from "./start.ts";
import { unmatched, unmatchedRemote } from "./unmatched.ts";
import { workerMemory } from "./worker-memory.ts";

/** All cases, in the order of the tables. */
const CASES: readonly Case[] = [
  unmatched,
  unmatchedRemote,
  inTurn,
  atOnce,
  inTurnRemote,
  noToken,
  download,
  upload,
  workerMemory,
  // From here on axa-oidc has no token: the first case stops its worker. So does the browser during half a minute without it.
  coldUnmatched,
  coldMatched,
  boundInTurn,
  boundAtOnce,
  herd,
  firstVisit,
  reload,
  hardReload,
  restartedWorker,
  pageLoad,
  workerBytes,
  pageBytes,
  ...GROWTH,
  ...HOSTILE,
];

/**
 * @param only the name of a result, or of a group such as `growth`; without it, all cases are chosen
 * @param before the version before; it takes part in the cases that include it
 * @throws Error that lists the names
 */
export function casesFor(only: string | undefined, before: Subject | undefined): readonly Case[] {
  const names = CASES.flatMap(({ metrics }) => metrics.map(({ name }) => name));
  const exact = only !== undefined && names.includes(only);
  const chosen = CASES.filter(
    ({ metrics }) =>
      only === undefined || metrics.some(({ name }) => (exact ? name === only : name.startsWith(`${only}/`))),
  );
  if (chosen.length === 0) throw new Error(`There is no case "${only}". There are: ${names.join(", ")}.`);
  return chosen.map((one) =>
    before && one.includesBefore ? { ...one, subjects: [...one.subjects, before.name] } : one,
  );
}
