/** Runs actions that exclude each other one after another. */
export interface Turns {
  take(act: () => Promise<void>): Promise<void>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(act) {
      const turn = last.then(act);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
