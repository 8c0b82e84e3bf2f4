import { erase, write } from "./texts.js";

/** For how many milliseconds a message is shown. */
const SHOWN_FOR = 5_000;

const line = document.querySelector("#announcement");
const spoken = document.querySelector("#spoken");
let timer;

/** Shows a message for a while, in a line of its own that screen readers read out. */
export function announce(name, values) {
  write(line, name, values);
  line.scrollIntoView({ block: "nearest" });
  clearTimeout(timer);
  timer = setTimeout(() => erase(line), SHOWN_FOR);
}

/** Announces a visible change to users of screen readers. */
export function say(name, values) {
  write(spoken, name, values);
  // A change of language does not repeat the message.
  delete spoken.dataset.text;
}

addEventListener("keydown", ({ key }) => key === "Escape" && erase(line));
