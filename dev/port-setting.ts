import { DEFAULT_PORT } from "./loopback-listener.ts";

/** Three ports follow each other: those of site, provider and API. */
const HIGHEST = 65_533;

/**
 * Reads the site's port from the variable PORT of the environment; 0 stands for free ports.
 *
 * @throws TypeError when PORT is no port
 */
export function portOf({ PORT }: NodeJS.ProcessEnv): number {
  if (PORT === undefined) return DEFAULT_PORT;
  const port = /^\d+$/.test(PORT) ? Number(PORT) : NaN;
  if (port <= HIGHEST) return port;
  throw new TypeError(
    `PORT is "${PORT}". Set it to a number from 1 to ${HIGHEST}, or to 0 for free ports, or omit it for ${DEFAULT_PORT}.`,
  );
}
