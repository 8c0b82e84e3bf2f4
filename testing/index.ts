export { TestTokenSource, type TestTokenSourceOptions } from "./test-token-source.ts";
