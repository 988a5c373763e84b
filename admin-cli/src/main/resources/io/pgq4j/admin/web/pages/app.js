// The frame: login, pages by the address' hash, the state of the connection, and keys.

import { ask, tell } from "./api.js";
import { clock, h, setText, to, visible } from "./dom.js";
import { connect, live, onLive } from "./live.js";
import { queue, queues } from "./queues.js";
import { consumers } from "./consumers.js";
import { batches } from "./batches.js";
import { failures } from "./failures.js";
import { doctor } from "./doctor.js";
import { events } from "./events.js";

/** Each page draws itself into a node and answers { title, node, update(live), close() }. */
const PAGES = [
  { path: "", label: "Queues", draw: queues },
  { path: "consumers", label: "Consumers", draw: consumers },
  { path: "batches", label: "Batches", draw: batches },
  { path: "failures", label: "Failures", draw: failures },
  { path: "events", label: "Events", draw: events },
  { path: "doctor", label: "Doctor", draw: doctor },
];
const KEYS = [
  ["1 – " + PAGES.length, "the pages"],
  ["j, k", "next and previous row"],
  ["Enter", "open the row"],
  ["/", "to the first field of the page"],
  ["r", "ask again"],
  ["?", "this help"],
  ["Esc", "close"],
];

const main = document.getElementById("main");
const rail = document.getElementById("rail");
let page = null;
let session = null;

/** The event that led here is missing on the first page: that one leaves the focus alone. */
function route(event) {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const entry = PAGES.find((each) => each.path === path);
  page?.close?.();
  page = path === "queue" ? queue(parameters, session) : (entry ?? PAGES[0]).draw(parameters, session);
  const heading = h("h1", { tabindex: "-1" }, visible(page.title));
  main.replaceChildren(h("div", { class: "head" }, heading, page.tools), banner, page.node);
  document.title = `${visible(page.title)} – pgq4j`;
  for (const link of rail.children) {
    const here = link.hash === to(entry?.path ?? "");
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (event) {
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  if (live.sample) page.update?.(live);
}

const banner = h("div", { class: "banner", role: "alert", hidden: true });

function showConnection() {
  const pulse = document.getElementById("pulse");
  pulse.className = `pulse ${live.away ? "bad" : live.sample ? "good" : ""}`;
  setText(pulse, live.away ? "away" : live.sample ? "live" : "connecting");
  banner.hidden = !live.away;
  if (live.away) {
    const since = live.since ? ` What you see is from ${clock(live.since)}.` : "";
    setText(banner, `${live.away}${since} It is tried again every second.`);
  }
}

const help = h("dialog", { class: "dialog", "aria-labelledby": "help-title" },
  h("h2", { id: "help-title" }, "Keyboard"),
  h("dl", { class: "keys" }, KEYS.map(([key, sense]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, sense)])),
  h("form", { method: "dialog" }, h("button", {}, "Close")));

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const digit = Number(event.key);
  if (digit >= 1 && digit <= PAGES.length) location.hash = to(PAGES[digit - 1].path);
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") main.querySelector("input, select")?.focus();
  else if (event.key === "r") route(event);
  else if (event.key === "?") help.showModal();
  else return;
  event.preventDefault();
}

/** Moves the focus over what can be opened. */
function step(by) {
  const rows = [...main.querySelectorAll("tbody a, summary")].filter((each) => each.checkVisibility());
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

function login() {
  const error = h("p", { class: "error", role: "alert" });
  const token = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  const form = h("form", { class: "card login", onsubmit: async (event) => {
    event.preventDefault();
    try {
      session = await tell("login", {}, token.value);
      start();
    } catch (e) {
      error.textContent = e.message;
      token.select();
    }
  } }, h("h1", {}, "pgq4j"), h("label", { for: "token" }, "Token of this console"), token, error,
  h("button", { class: "primary" }, "Open"));
  main.replaceChildren(form);
  token.focus();
}

function start() {
  document.body.classList.add("ready");
  document.getElementById("database").textContent = visible(session.database);
  rail.append(...PAGES.map(({ path, label }, i) =>
    h("a", { href: to(path), "aria-keyshortcuts": i + 1 }, label, h("kbd", { "aria-hidden": "true" }, i + 1))));
  document.body.append(help);
  document.getElementById("help").addEventListener("click", () => help.showModal());
  addEventListener("hashchange", route);
  addEventListener("keydown", onKey);
  onLive(showConnection);
  onLive(() => live.sample && page.update?.(live));
  route();
  showConnection();
  connect();
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

try {
  session = await ask("session");
  if (session.known) start();
  else login();
} catch (error) {
  main.replaceChildren(h("p", { class: "banner", role: "alert" }, error.message));
}
