/** The engines that the suite runs in, by the name of their project. */
export const ENGINES = ["chromium", "firefox", "webkit"] as const;

export type EngineName = (typeof ENGINES)[number];
