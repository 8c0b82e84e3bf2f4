import { describe, received } from "./received.js";
import { showCode } from "./code.js";

const template = document.querySelector("#request-card");

/** A card with a request, a button that sends it, and what came of it. */
export function createCard(request) {
  const card = template.content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`.${name}`);
  card.dataset.request = request.name;
  part("title").textContent = request.title;
  part("note").textContent = request.note ?? "";
  showCode(part("code"), bodyOf(request.send));

  let element;
  const button = part("send");
  button.setAttribute("aria-label", `Send: ${request.title}`);

  let latest = 0;

  /** Shows nothing any more of what came before. */
  function clear() {
    latest++;
    if (element) request.end?.(element);
    element = request.element?.();
    part("stage").replaceChildren(...(element ? [element] : []));
    delete card.dataset.status;
    part("status").textContent = "not sent";
    part("time").textContent = part("seen").textContent = "";
  }

  async function send() {
    const turn = ++latest;
    card.dataset.status = "pending";
    part("status").textContent = "waiting";
    part("time").textContent = part("seen").textContent = "";
    const result = await outcome(request, element);
    if (turn !== latest) return;
    card.dataset.status = result.status;
    part("status").textContent = result.status === "error" ? "network error" : result.status;
    part("time").textContent = `${result.milliseconds} ms`;
    part("seen").textContent = result.seen;
  }

  clear();
  button.addEventListener("click", send);
  return { card, request, send, clear };
}

async function outcome({ send, settles, target }, element) {
  const since = Date.now();
  const start = performance.now();
  const sent = await settled(send(element), settles).catch(() => null);
  const milliseconds = Math.round(performance.now() - start);
  const entry = await received(target, since).catch(() => undefined);
  // Elements do not tell a status, so theirs is the one that the API noted.
  const status = sent?.status || entry?.status || "error";
  return { status: String(status), milliseconds, seen: describe(entry) };
}

function settled(sent, event) {
  if (!event) return sent;
  return new Promise((resolve, reject) => {
    sent.addEventListener(event, () => resolve(sent), { once: true });
    sent.addEventListener("error", reject, { once: true });
  });
}

/** A function's body as it is in the source, without what only this page needs. */
function bodyOf(send) {
  const source = String(send).replace(/^(?:async )?(?:send)?\([^)]*\)\s*(?:=>)?\s*/, "");
  if (!source.startsWith("{")) return source;
  return source
    .slice(1, -1)
    .replace(/\n {6}/g, "\n")
    .replace(/\n *return \w+;/, "")
    .trim();
}
