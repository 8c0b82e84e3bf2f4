/** Milliseconds that stay in view, at least: what a wide screen shows. */
const IN_VIEW = 25_000;
const LANES = 6;

/** A strip of time that ends now and moves to the left: a bar for each request, a line for each event. */
export function startMovingAxis(axis) {
  const film = axis.querySelector(".film");
  const epoch = Date.now();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const lanes = Array(LANES).fill(0);
  let moving = false;

  function add(className, at, duration, tokenTime = 0) {
    const mark = document.createElement("i");
    mark.className = className;
    mark.style.setProperty("--at", at - epoch);
    mark.style.setProperty("--duration", duration);
    mark.style.setProperty("--token", tokenTime);
    film.append(mark);
    setTimeout(() => mark.remove(), IN_VIEW);
    if (!moving) move();
    return mark;
  }

  function move() {
    film.style.setProperty("--now", Date.now() - epoch);
    moving = film.childElementCount > 0;
    if (!moving) return;
    if (still.matches) setTimeout(move, 1000);
    else requestAnimationFrame(move);
  }

  return {
    addRequest(startedAt, tokenTime, responseTime, token) {
      const lane = freeLane(lanes, startedAt);
      lanes[lane] = startedAt + Math.max(responseTime, 150);
      add(`bar ${token}`, startedAt, responseTime, tokenTime).style.setProperty("--lane", lane);
    },
    addMarker: (kind, at) => void add(`event ${kind}`, at, 0),
    clear: () => film.replaceChildren(),
  };
}

/** The first lane that is free at a time, else the one that will be free first. */
function freeLane(lanes, time) {
  const free = lanes.findIndex((end) => end <= time);
  return free === -1 ? lanes.indexOf(Math.min(...lanes)) : free;
}
