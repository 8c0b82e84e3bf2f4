import { createHash } from "node:crypto";

/** Markup that is already safe to send. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Insertion = string | Markup | readonly Markup[];

/** Builds markup from a template; strings that are put in are escaped, markup is not. */
export function html(parts: TemplateStringsArray, ...insertions: Insertion[]): Markup {
  return new Markup(parts.map((part, index) => part + render(insertions[index] ?? "")).join(""));
}

/** A whole page, and the value of its Content-Security-Policy. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** A page with a title and one card. By its policy it loads nothing, and only `script` may run in it. */
export function page(title: string, content: Markup, script?: string): Page {
  const { text } = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href="data:," />
      <title>${title}</title>
      ${element("style", STYLE)}
      <main>
        <p class="tenant"><span aria-hidden="true"></span>Contoso</p>
        <h1>${title}</h1>
        ${content}
      </main>
      <p class="note">A local identity provider for development. Nothing you do here leaves this machine.</p>
      ${script === undefined ? "" : element("script", script)}
    </html>`;
  const policy = [
    "default-src 'none'",
    "base-uri 'none'",
    "img-src data:",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${script === undefined ? "'none'" : hashOf(script)}`,
  ];
  return { html: text, policy: policy.join("; ") };
}

const element = (name: "style" | "script", content: string): Markup =>
  new Markup(`<${name}>${content}</${name}>`);

/** Allows one inline script or style. @see https://www.w3.org/TR/CSP3/#framework-directive-source-list */
const hashOf = (content: string): string =>
  `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

function render(insertion: Insertion): string {
  if (typeof insertion === "string") return escape(insertion);
  return insertion instanceof Markup ? insertion.text : insertion.map(({ text }) => text).join("");
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root {
  --ink: #1b2733; --soft: #5a6b7b; --line: #d8e0e8; --card: #fff; --ground: #eef3f7; --accent: #0f5fa6; --on-accent: #fff;
  color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, "Segoe UI", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8eef4; --soft: #9fb0c0; --line: #34424f; --card: #1a242e; --ground: #10171e; --accent: #6cb6f5; --on-accent: #08121b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; padding: 1rem; display: grid; align-content: center; justify-items: center; gap: 1rem; }
main {
  width: 100%; max-width: 27.5rem; padding: 1.75rem; border-radius: 0.75rem; background: var(--card);
  border: 1px solid var(--line); box-shadow: 0 0.5rem 2rem rgb(20 40 60 / 8%);
}
h1 { margin: 0 0 0.25rem; font-size: 1.5rem; line-height: 1.25; font-weight: 600; }
p { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
.tenant { display: flex; align-items: center; gap: 0.5rem; margin-bottom: 1.25rem; font-weight: 600; }
.tenant span { width: 1.125rem; height: 1.125rem; border-radius: 0.25rem; background: linear-gradient(135deg, #0f4c81, #38b2ac); }
.note { max-width: 27.5rem; margin: 0; font-size: 0.8125rem; text-align: center; }
form { display: grid; gap: 0.625rem; }
ul { margin: 0 0 1rem; padding: 0 0 0 1.25rem; }
li { margin: 0.25rem 0; overflow-wrap: anywhere; }
button {
  font: inherit; color: inherit; cursor: pointer; min-height: 2.75rem; padding: 0.5rem 1rem; border-radius: 0.5rem;
  border: 1px solid var(--line); background: transparent;
}
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.account { display: grid; grid-template-columns: auto 1fr auto; gap: 0 0.75rem; align-items: center; text-align: left; }
.account b { font-weight: 600; }
.account small { grid-column: 2 / -1; color: var(--soft); overflow-wrap: anywhere; }
.account i {
  grid-row: span 2; width: 2.25rem; height: 2.25rem; border-radius: 50%; display: grid; place-content: center;
  background: var(--accent); color: var(--on-accent); font-style: normal; font-weight: 600;
}
.account em { grid-row: 1; grid-column: 3; font-size: 0.8125rem; font-style: normal; color: var(--soft); }
@media (max-width: 24rem) { main { padding: 1.25rem; } button.account { padding: 0.5rem 0.75rem; } }
`;
