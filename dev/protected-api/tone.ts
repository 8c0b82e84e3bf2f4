import type { Representation } from "./byte-range.ts";

const SECONDS = 20 * 60;
const SAMPLES_PER_SECOND = 8_000;
const PITCH = 400;

/** Twenty minutes of one note, in 10 MB: more than players load ahead. */
export const TONE: Representation = {
  type: "audio/wav",
  content: wave(SECONDS * SAMPLES_PER_SECOND),
  etag: '"tone-1"',
};

/** Pulse-code modulation, mono, 8 bits a sample. */
function wave(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  header.writeUInt32LE(SAMPLES_PER_SECOND, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples, 40);
  const length = SAMPLES_PER_SECOND / PITCH;
  const period = Uint8Array.from(
    { length },
    (_, index) => 128 + 60 * Math.sin((2 * Math.PI * index) / length),
  );
  return Buffer.concat([header, Buffer.alloc(samples, period)]);
}
