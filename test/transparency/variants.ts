import type { Variant } from "./variant.ts";
import { BODY_VARIANTS } from "./variants-of-bodies.ts";
import { ELEMENT_VARIANTS } from "./variants-of-elements.ts";
import { FETCH_VARIANTS } from "./variants-of-fetches.ts";
import { REDIRECT_VARIANTS } from "./variants-of-redirects.ts";
import { RESPONSE_VARIANTS } from "./variants-of-responses.ts";
import { TIMING_VARIANTS } from "./variants-of-timings.ts";

/** Every variant, under a name of its own. */
export const VARIANTS: readonly Variant[] = [
  ...FETCH_VARIANTS,
  ...BODY_VARIANTS,
  ...REDIRECT_VARIANTS,
  ...RESPONSE_VARIANTS,
  ...ELEMENT_VARIANTS,
  ...TIMING_VARIANTS,
];
