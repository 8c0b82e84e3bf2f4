import { parseArgs } from "node:util";
import { keepPopupOpen } from "./long-popup.ts";
import { describeResult, isClean, resultAsJson } from "./report.ts";
import { runSoak } from "./run-soak.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1e6)) },
    intensity: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const intensity = Number(values.intensity);
if (!(minutes > 0) || !(intensity > 0) || !Number.isInteger(seed)) {
  console.error(
    "Usage: npm run soak -- [--minutes <number>] [--seed <integer>] [--intensity <number>] [--json]",
  );
  process.exit(2);
}
const POPUP_OPEN_FOR = 122_000;
console.error(`A popup stays open for ${POPUP_OPEN_FOR / 1000} s …`);
await keepPopupOpen(POPUP_OPEN_FOR);
const startedAt = Date.now();
console.error(`Soaking for ${minutes} minutes with --seed ${seed} --intensity ${intensity} …`);
const result = await runSoak({
  milliseconds: minutes * 60_000,
  seed,
  intensity,
  onProgress: (text) => console.error(`${Math.round((Date.now() - startedAt) / 1000)} s: ${text}`),
});
console.log(values.json ? resultAsJson(result) : describeResult(result));
process.exit(isClean(result) ? 0 : 1);
