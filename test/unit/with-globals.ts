/** Puts values in the place of globals while `work` runs. */
export async function withGlobals<Result>(
  values: Readonly<Record<string, unknown>>,
  work: () => Result,
): Promise<Awaited<Result>> {
  const before = Object.keys(values).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, given] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value: given, configurable: true, writable: true });
  }
  try {
    return await work();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}

/** Loads code of the page that imports workbox-window, which needs `self`. */
export const loaded = <Module>(load: () => Promise<Module>): Promise<Module> =>
  withGlobals({ self: globalThis }, load);
