const line = document.querySelector("#announcement");
let timer;

/** Tells the user something for a while, in a line at the foot of the window that screen readers read out. */
export function announce(text) {
  clearTimeout(timer);
  line.textContent = text;
  timer = setTimeout(() => (line.textContent = ""), 10_000);
}
