/** Hands the provider's answer to the page that asked. */
import { finish } from "/bound-tokens.js";

await finish();
