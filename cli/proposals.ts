import type { CommandContext } from "./command.ts";
import { jsonLines } from "./output.ts";
import type { Proposals } from "./project/site-location.ts";

/** Prints the commands to choose from. @returns that the command did nothing */
export function propose(
  { proposals }: Proposals,
  command: string,
  { json }: { readonly json?: boolean | undefined },
  { version, print }: CommandContext,
): false {
  if (json) print(...jsonLines({ directory: null, version, ok: false, files: [], proposals }));
  else
    print(
      proposals.length === 1
        ? "Found a folder that may be served as the root of your site. No file was changed. To use it, run:"
        : "Found several folders that may be served as the root of your site. No file was changed. To use one, run:",
      "",
      ...proposals.map(({ directory, reason }) => `  bearer-worker ${command} ${directory}    (${reason})`),
    );
  return false;
}
