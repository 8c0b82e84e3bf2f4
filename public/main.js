/** Assembles the demo. The site's own part is shop.js, and the code for tokens is attach-tokens.js or attach-bound-tokens.js. */
import { startAccountBar } from "./account-bar.js";
import { announce, say } from "./announce.js";
import { isBound } from "./binding.js";
import { showCode } from "./code.js";
import { startLanguageSwitch } from "./language-switch.js";
import { createCard } from "./request-card.js";
import { requests } from "./shop.js";
import { currentUser, forgetUser, onUserChange, userKnown } from "./sign-in.js";
import { milliseconds, write } from "./texts.js";
import { resumeTrouble, startTrouble } from "./trouble.js";

startLanguageSwitch();
const cards = requests.map(createCard);
document.querySelector("#cards").append(...cards.map(({ card }) => card));
const file = isBound() ? "attach-bound-tokens.js" : "attach-tokens.js";
const { attachment } = await import(`./${file}`);
// Before anything waits: the first of these requests are made while the page has no worker yet.
const resume = resumeTrouble((name) => cardOf(name).send());
const source = await (await fetch(`/${file}`)).text();
document.querySelector(".source figcaption code").textContent = file;
showCode(document.querySelector("#attach-source"), source.trim());

Object.assign(document.querySelector("bearer-inspector"), {
  attachment,
  // A small screen shows the requests first, and the inspector as a sheet over them when it is opened.
  open: !matchMedia("(max-width: 64rem)").matches,
  account: () => currentUser()?.username,
});

try {
  await userKnown;
  startAccountBar();
  // The next user must not see this user's results.
  onUserChange(clearCards);
  onUserChange(() => offer("next.send"));
  on("send-all", sendAll);
  on("send-hundred", sendHundred);
  startTrouble({
    send: (name) => cardOf(name).send(),
    isOpen: (name) => cardOf(name).card.dataset.status === "200",
    wasMade: () => offer("requests.signed-in"),
    startOver,
  });
  await resume(await attachment);
} catch ({ code, message }) {
  const problem = document.querySelector("#problem");
  problem.querySelector("[data-message]").textContent = code ? `${message} (${code})` : message;
  problem.hidden = false;
}

function on(action, listener) {
  document.querySelector(`[data-action="${action}"]`).addEventListener("click", listener);
}

function cardOf(name) {
  return cards.find(({ request }) => request.name === name);
}

/** Offers the user the one thing to do next. */
function offer(text) {
  write(document.querySelector("#next"), text);
}

function clearCards() {
  for (const { clear } of cards) clear();
}

async function startOver() {
  await forgetUser();
  clearCards();
}

async function sendAll() {
  const usual = cards.filter(({ request }) => !request.special);
  const outcomes = await Promise.all(usual.map(({ send }) => send()));
  const good = outcomes.filter(Boolean).length;
  say("all.done", { good, all: outcomes.length });
  // A real tenant has no trouble to offer.
  const hasTrouble = document.querySelector("[data-trouble]") !== null;
  offer(hasTrouble && good === outcomes.length ? "next.trouble" : "requests.signed-in");
}

async function sendHundred() {
  const all = 100;
  announce("hundred.sent", { all });
  const start = performance.now();
  const responses = await Promise.allSettled(Array.from({ length: all }, () => fetch("/api/orders")));
  const time = milliseconds(Math.round(performance.now() - start));
  const good = responses.filter(({ value }) => value?.ok).length;
  announce("hundred.done", { good, all, time });
}
