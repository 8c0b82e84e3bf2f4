import { create, createButton } from "./create-element.ts";
import { kindOf, type RequestRow } from "./request-row.ts";
import { drawCourse } from "./waits.ts";

/** The least time in view, in milliseconds: that of a wide panel. */
const IN_VIEW = 45_000;
/** The number of bars above which the oldest goes, and the same for events. A paused axis forgets nothing by its age. */
const MOST_MARKS = 300;
const FEWEST_LANES = 6;
const MOST_LANES = 24;
/** The least milliseconds between two bars of a lane, so that each can be seen. */
const GAP = 150;
const TICKS = ["now", "5 s", "10 s", "15 s", "20 s"];
const LEGEND = {
  page: "waits for the page",
  provider: "the provider",
  user: "the user",
  token: "token acquired",
};

export interface TimeAxis {
  readonly element: HTMLElement;
  /** The button that stops the axis, and lets it go on. */
  readonly pause: HTMLElement;
  /** Shows a request from its start on. Call it again when the request has its response. */
  show(row: RequestRow): void;
  addMarker(kind: string): void;
  clear(): void;
}

/** A bar, and the request that it stands for. */
interface Bar {
  readonly mark: HTMLElement;
  readonly row: RequestRow;
  readonly lane: number;
}

/**
 * A strip of time that ends now and moves to the left: a bar for each request, a line for each event. It stands still while
 * it is paused, while the pointer is on it and while it has the focus. The arrow keys go from bar to bar.
 */
export function createTimeAxis(stopped: AbortSignal): TimeAxis {
  const film = create("div", "film");
  const ticks = create("ol", "ticks", ...TICKS.map((text) => create("li", "", text)));
  ticks.ariaHidden = "true";
  const strip = create("div", "axis", film, ticks);
  film.role = "presentation";
  Object.assign(strip, { role: "listbox", tabIndex: 0, ariaLabel: "Requests over time" });
  strip.ariaOrientation = "horizontal";
  const about = create("p", "about soft");
  const legend = create(
    "ul",
    "legend",
    ...Object.entries(LEGEND).map(([wait, text]) => create("li", "", create("i", wait), text)),
  );
  const epoch = Date.now();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const bars: Bar[] = [];
  const markers = new Set<HTMLElement>();
  let chosen: Bar | undefined;
  let isPaused = false;
  let isMoving = false;
  let count = 0;

  const pause = createButton("Pause", () => {
    isPaused = !isPaused;
    pause.ariaPressed = `${isPaused}`;
    if (ticks.firstChild) ticks.firstChild.textContent = isPaused ? "paused" : "now";
  });
  pause.ariaPressed = "false";

  const move = (): void => {
    const now = Date.now();
    if (!isPaused && !strip.matches(":hover, :focus-visible")) {
      film.style.setProperty("--now", `${now - epoch}`);
      prune(now - IN_VIEW);
    }
    isMoving = film.childElementCount > 0 && !stopped.aborted;
    if (!isMoving) return;
    if (still.matches) setTimeout(move, 1_000);
    else requestAnimationFrame(move);
  };

  const prune = (before: number): void => {
    for (const marker of markers) if (Number(marker.dataset["at"]) < before) dropMarker(marker);
    for (const bar of bars.filter((each) => endOf(each) < before)) dropBar(bar);
  };
  const dropMarker = (marker: HTMLElement): void => {
    markers.delete(marker);
    marker.remove();
  };
  const dropBar = (bar: Bar): void => {
    if (bar === chosen) choose(undefined);
    bars.splice(bars.indexOf(bar), 1);
    bar.mark.remove();
  };

  const place = (mark: HTMLElement, at: number): void => {
    mark.style.setProperty("--at", `${at - epoch}`);
    film.append(mark);
    if (!isMoving) move();
  };

  const freeLane = (from: number): number => {
    const ends = Array<number>(MOST_LANES).fill(0);
    for (const bar of bars) ends[bar.lane] = Math.max(ends[bar.lane] ?? 0, endOf(bar) + GAP);
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.indexOf(Math.min(...ends)) : free;
    strip.style.setProperty(
      "--lanes",
      `${Math.max(FEWEST_LANES, lane + 1, ...bars.map((bar) => bar.lane + 1))}`,
    );
    return lane;
  };

  const choose = (bar: Bar | undefined): void => {
    chosen?.mark.setAttribute("aria-selected", "false");
    chosen = bar;
    bar?.mark.setAttribute("aria-selected", "true");
    if (bar) strip.setAttribute("aria-activedescendant", bar.mark.id);
    else strip.removeAttribute("aria-activedescendant");
    about.textContent = bar?.row.summary() ?? "";
  };
  const reveal = (): void => {
    for (const { row } of bars) row.element.classList.toggle("chosen", row === chosen?.row);
    chosen?.row.element.scrollIntoView({ block: "nearest" });
  };
  const barAt = ({ target }: Event): Bar | undefined =>
    bars.find(({ mark }) => target instanceof Node && mark.contains(target));

  strip.onpointerover = (event) => choose(barAt(event) ?? chosen);
  strip.onclick = (event) => {
    choose(barAt(event) ?? chosen);
    reveal();
  };
  strip.onfocus = () => choose(chosen ?? bars.at(-1));
  strip.onkeydown = (event) => {
    const at = chosen ? bars.indexOf(chosen) : bars.length;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (event.key === "Enter") reveal();
    else if (next === undefined) return;
    else choose(bars[Math.min(Math.max(next, 0), bars.length - 1)]);
    event.preventDefault();
  };

  return {
    element: create("div", "time", strip, about, legend),
    pause,
    show(row) {
      let bar = bars.find((each) => each.row === row);
      const { request, phases } = row;
      const { startedAt } = request;
      if (!bar) {
        const mark = create("span", "course");
        Object.assign(mark, { role: "option", id: `bar-${++count}` });
        bar = { mark, row, lane: freeLane(startedAt) };
        bars.push(bar);
        if (bars.length > MOST_MARKS && bars[0]) dropBar(bars[0]);
        mark.style.setProperty("--lane", `${bar.lane}`);
        place(mark, startedAt);
      }
      const { mark } = bar;
      const isPending = !("status" in request);
      mark.className = `course ${isPending ? "pending" : kindOf(request)}`;
      mark.style.setProperty("--duration", `${row.duration()}`);
      drawCourse(mark, phases, startedAt + row.duration());
      mark.ariaLabel = row.summary();
      if (bar === chosen) about.textContent = row.summary();
    },
    addMarker(kind) {
      const marker = create("span", `event ${kind}`);
      marker.ariaHidden = "true";
      marker.dataset["at"] = `${Date.now()}`;
      markers.add(marker);
      for (const old of [...markers].slice(0, -MOST_MARKS)) dropMarker(old);
      place(marker, Date.now());
    },
    clear() {
      choose(undefined);
      bars.length = 0;
      markers.clear();
      film.replaceChildren();
    },
  };
}

const endOf = ({ row }: Bar): number => row.request.startedAt + row.duration();
