import { say } from "./announce.js";
import { showCode } from "./code.js";
import { describe, received } from "./received.js";
import { erase, has, milliseconds, translate, write } from "./texts.js";

const template = document.querySelector("#request-card");

/** A card with a request, a button that sends it, and its result. */
export function createCard(request) {
  const card = template.content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`.${name}`);
  card.dataset.request = request.name;
  write(part("title"), `request.${request.name}`);
  const note = request.note ?? `note.${request.name}`;
  if (has(note)) write(part("note"), note);
  showCode(part("code"), bodyOf(request.send));

  let element;
  const button = part("send");
  write(button, "send");
  part("title").id = `title-${request.name}`;
  button.id = `send-${request.name}`;
  button.setAttribute("aria-labelledby", `${button.id} ${part("title").id}`);

  const more = part("more");
  more.id = `more-${request.name}`;
  more.setAttribute("aria-labelledby", `${more.id} ${part("title").id}`);
  more.addEventListener("click", () => {
    const isOpen = card.toggleAttribute("data-open");
    more.setAttribute("aria-expanded", String(isOpen));
  });

  let latest = 0;

  /** Removes the results of earlier requests. */
  function clear() {
    latest++;
    if (element) request.end?.(element);
    element = request.element?.();
    if (element) translate(element);
    part("stage").replaceChildren(...(element ? [element] : []));
    delete card.dataset.status;
    write(part("status"), "status.none");
    erase(part("time"));
    erase(part("seen"));
  }

  /** @returns whether the request succeeded and was not sent again meanwhile */
  async function send() {
    const turn = ++latest;
    card.dataset.status = "pending";
    write(part("status"), "status.pending");
    erase(part("time"));
    erase(part("seen"));
    const { status, time, seen } = await outcome(request, element);
    if (turn !== latest) return false;
    card.dataset.status = status;
    write(part("status"), status === "error" ? "status.error" : "status.code", { status });
    write(part("time"), "time", { time: milliseconds(time) });
    write(part("seen"), ...seen);
    return status.startsWith("2");
  }

  clear();
  button.addEventListener("click", async () => {
    const turn = latest + 1;
    await send();
    if (turn === latest)
      say(
        "said",
        Object.fromEntries(
          ["title", "status", "time", "seen"].map((name) => [name, () => part(name).textContent]),
        ),
      );
  });
  return { card, request, send, clear };
}

async function outcome({ send, settles, target }, element) {
  const since = Date.now();
  const start = performance.now();
  const sent = await settled(send(element), settles).catch(() => null);
  const time = Math.round(performance.now() - start);
  const entry = await received(target, since).catch(() => undefined);
  // Elements do not expose a status, so the card shows the status in the API's log.
  const status = sent?.status || entry?.status || "error";
  return { status: String(status), time, seen: describe(entry) };
}

function settled(sent, event) {
  if (!event) return sent;
  return new Promise((resolve, reject) => {
    sent.addEventListener(event, () => resolve(sent), { once: true });
    sent.addEventListener("error", reject, { once: true });
  });
}

/** A function's body as in the source, without the parts that only this page needs. */
function bodyOf(send) {
  const source = String(send).replace(/^(?:async )?(?:send)?\([^)]*\)\s*(?:=>)?\s*/, "");
  if (!source.startsWith("{")) return source;
  return source
    .slice(1, -1)
    .replace(/\n {6}/g, "\n")
    .replace(/\n *return \w+;/, "")
    .trim();
}
