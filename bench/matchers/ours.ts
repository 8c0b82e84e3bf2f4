import { resolveResourceMap } from "../../protocol/resource-map.ts";
import { compileResourceMap } from "../../protocol/resource-matcher.ts";
import type { PrepareMatcher } from "./matcher.ts";

/** The function that the worker calls for every request. */
export const ours: PrepareMatcher = (keys) => {
  const map = new Map(keys.map((key) => [key, ["read"]]));
  const match = compileResourceMap(resolveResourceMap(map, location.href));
  return (url) => match(new URL(url), "GET") !== null;
};
