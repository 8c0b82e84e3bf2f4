import { startMovingAxis } from "./moving-axis.js";

/** After a pause this long, in milliseconds, a new group of requests begins. */
const PAUSE = 1000;
const MOST_ENTRIES = 300;

/** Where the token came from, in words. */
const ORIGINS = { memory: "from memory", page: "asked the page", none: "no token" };

const bursts = document.querySelector("#bursts");
const empty = bursts.firstElementChild;
const templates = {
  burst: document.querySelector("#timeline-burst").content.firstElementChild,
  entry: document.querySelector("#timeline-entry").content.firstElementChild,
};

/** Draws what the worker reports: requests that come together share one waterfall. */
export function startTimeline(attachment) {
  const axis = startMovingAxis(document.querySelector(".axis"));

  attachment.addEventListener("request", ({ detail }) => {
    const { startedAt, tokenTime, responseTime, token } = detail;
    add(requestEntry(detail), startedAt, startedAt + responseTime);
    axis.addRequest(startedAt, tokenTime, responseTime, token);
    count(token);
  });
  attachment.addEventListener("tokenacquired", ({ detail }) => {
    const { scopes, fromCache, interactive, duration } = detail;
    const source = interactive
      ? "after the user acted"
      : fromCache
        ? "from MSAL's cache"
        : "from the provider";
    addMarker("acquired", `Token for ${scopes.join(" ")}, ${source}, ${Math.round(duration)} ms`);
    count("acquired");
  });
  attachment.addEventListener("tokenfailed", ({ detail }) => {
    const { scopes, code, reason, outcome } = detail;
    const fate = outcome === "bare" ? "the request goes out without" : "the request fails";
    addMarker(
      "failed",
      `No token for ${scopes.join(" ")}: ${[code, reason].filter(Boolean).join(", ")}; ${fate}`,
    );
  });
  attachment.addEventListener("interactionrequired", ({ detail }) =>
    addMarker("interaction", `The user has to act, for ${detail.scopes.join(" ")}`),
  );
  document.querySelector('[data-action="clear-timeline"]').addEventListener("click", clear);

  function addMarker(kind, text) {
    const marker = document.createElement("li");
    marker.className = `marker ${kind}`;
    marker.textContent = text;
    add(marker, Date.now(), Date.now());
    axis.addMarker(kind, Date.now());
  }

  function clear() {
    current = undefined;
    bursts.replaceChildren(empty);
    for (const total of document.querySelectorAll("[data-total] dd")) total.textContent = "0";
    axis.clear();
  }
}

/** The group that is being added to. Times are in milliseconds since the epoch. */
let current;

function add(item, from, to) {
  if (!current || (!current.waiting && from > current.to + PAUSE)) current = startBurst(from, to);
  current.from = Math.min(current.from, from);
  current.to = Math.max(current.to, to);
  current.requests += item.matches("[data-timeline-entry]") ? 1 : 0;
  current.tokens += item.matches(".acquired") ? 1 : 0;
  // Requests that wait for the user belong together, however long that takes.
  if (item.matches(".marker")) current.waiting = item.matches(".interaction");
  current.list.prepend(item);
  describe(current);
  removeOldest();
}

function removeOldest() {
  for (const old of [...bursts.querySelectorAll("li")].slice(MOST_ENTRIES)) old.remove();
  for (const burst of bursts.querySelectorAll(".burst:not(:has(li))")) burst.remove();
}

function startBurst(from, to) {
  const element = templates.burst.cloneNode(true);
  empty.remove();
  bursts.prepend(element);
  return { element, from, to, requests: 0, tokens: 0, waiting: false, list: element.querySelector("ol") };
}

/** Bars are placed by CSS, from when the group began and how long it lasted. */
function describe({ element, from, to, requests, tokens, waiting }) {
  element.style.setProperty("--from", sinceLoad(from));
  element.style.setProperty("--span", Math.max(1, to - from));
  element.querySelector("h3").textContent = [
    new Date(from).toLocaleTimeString("en"),
    plural(requests, "request"),
    plural(tokens, "token acquired", "tokens acquired"),
    waiting ? "waiting for the user" : `${to - from} ms`,
  ].join(" · ");
}

function requestEntry({
  method,
  url,
  resource,
  token,
  tokenTime,
  responseTime,
  status,
  replayed,
  startedAt,
}) {
  const entry = templates.entry.cloneNode(true);
  const write = (part, text) => (entry.querySelector(`.${part}`).textContent = text);
  Object.assign(entry.dataset, { token, status, replayed });
  write("request", `${method} ${shorten(url)}`);
  write("status", status || "no status");
  if (!status) entry.title = "A network error, or a response whose status the browser keeps from the worker";
  write("total", `${responseTime} ms`);
  write("origin", ORIGINS[token]);
  write("replay", replayed ? "replayed" : "");
  write("matched", `${tokenTime > 0 ? `token ${tokenTime} ms · ` : ""}${shorten(resource)}`);
  entry.style.setProperty("--start", sinceLoad(startedAt));
  entry.style.setProperty("--token", tokenTime);
  entry.style.setProperty("--network", responseTime - tokenTime);
  return entry;
}

function count(what) {
  const total = document.querySelector(`[data-total="${what}"] dd`);
  total.textContent = Number(total.textContent) + 1;
}

/** Small enough for CSS to calculate with. */
const sinceLoad = (time) => Math.round(time - performance.timeOrigin);

const shorten = (url) => url.replace(`${location.origin}/`, "/").replace(/^https?:\/\//, "");

const plural = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
