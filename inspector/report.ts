/** The parts of a report, each in words. */
export interface ReportParts {
  readonly browser: string;
  readonly worker: readonly string[];
  readonly tokens: readonly string[];
  readonly requests: readonly string[];
}

/** Ids of applications and tenants stand in scopes, and may stand in keys of the map. */
const IDS = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;

/** A report for an issue, as Markdown. Its parts hold no token, no query and no URL of a request; ids are left out here. */
export const reportText = ({ browser, worker, tokens, requests }: ReportParts): string =>
  [
    "### bearer-worker",
    `Browser: ${browser}`,
    ...worker,
    "#### Tokens",
    ...(tokens.length > 0 ? tokens : ["none"]),
    "#### Requests, the newest first",
    ...requests,
  ]
    .join("\n")
    .replace(IDS, "<id>");
