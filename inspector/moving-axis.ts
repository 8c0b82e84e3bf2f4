import { create } from "./create-element.ts";

/** The least time in view, in milliseconds: that of a wide panel. */
const IN_VIEW = 45_000;
const LANES = 6;
const TICKS = ["now", "5 s", "10 s", "15 s", "20 s"];

export interface MovingAxis {
  readonly element: HTMLElement;
  /** Times are in milliseconds, `startedAt` since the epoch. */
  addRequest(kind: string, startedAt: number, responseTime: number): void;
  addMarker(kind: string): void;
  clear(): void;
}

/** A strip of time that ends now and moves to the left: a bar for each request, a line for each event. */
export function createMovingAxis(stopped: AbortSignal): MovingAxis {
  const film = create("div", "film");
  const ticks = create("ol", "ticks", ...TICKS.map((text) => create("li", "", text)));
  const element = create("div", "axis", film, ticks);
  // The list below has the same content in words.
  element.ariaHidden = "true";
  const epoch = Date.now();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** Until when each is taken. */
  const lanes = Array<number>(LANES).fill(0);
  let isMoving = false;

  const move = (): void => {
    film.style.setProperty("--now", `${Date.now() - epoch}`);
    isMoving = film.childElementCount > 0 && !stopped.aborted;
    if (!isMoving) return;
    if (still.matches) setTimeout(move, 1_000);
    else requestAnimationFrame(move);
  };

  const add = (className: string, at: number, values: Record<string, number>): void => {
    const mark = create("i", className);
    for (const [name, value] of Object.entries({ at: at - epoch, ...values })) {
      mark.style.setProperty(`--${name}`, `${value}`);
    }
    film.append(mark);
    setTimeout(() => mark.remove(), IN_VIEW);
    if (!isMoving) move();
  };

  return {
    element,
    addRequest(kind, startedAt, responseTime) {
      const free = lanes.findIndex((end) => end <= startedAt);
      const lane = free < 0 ? lanes.indexOf(Math.min(...lanes)) : free;
      lanes[lane] = startedAt + Math.max(responseTime, 150);
      add(`bar ${kind}`, startedAt, { duration: responseTime, lane });
    },
    addMarker: (kind) => add(`event ${kind}`, Date.now(), {}),
    clear: () => film.replaceChildren(),
  };
}
