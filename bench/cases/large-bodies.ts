import type { Case } from "./case.ts";

const BYTES = 100_000_000;
const SUBJECTS = [
  "no-worker",
  "constant-header",
  "pass-through",
  "smallest-worker",
  "axa-oidc",
  "bearer-worker",
];

/** A response of 100 MB, read as a stream. */
export const download: Case = {
  metrics: [
    { name: "download/first-byte", title: "100 MB download, first byte", unit: "ms" },
    { name: "download", title: "100 MB download", unit: "ms" },
  ],
  subjects: SUBJECTS,
  rounds: 5,
  async measure(subject, bench) {
    const tab = await bench.tab(subject);
    const { firstByte, whole, bytes } = await tab.run<{ firstByte: number; whole: number; bytes: number }>(
      `download("${bench.urlFor(subject, `&bytes=${BYTES}`)}")`,
    );
    bench.expectRequests(subject, 1);
    if (bytes !== BYTES) throw new Error(`${subject} received ${bytes} bytes in place of ${BYTES}.`);
    return [firstByte, whole];
  },
};

/** A request with a body of 100 MB. */
export const upload: Case = {
  metrics: [{ name: "upload", title: "100 MB upload", unit: "ms" }],
  subjects: SUBJECTS,
  rounds: 5,
  async measure(subject, bench) {
    const tab = await bench.tab(subject);
    const time = await tab.run<number>(`upload("${bench.urlFor(subject)}", ${BYTES})`);
    bench.expectRequests(subject, 1);
    return [time];
  },
};
