// What consumers failed at: dead letters, which can be sent back, and events that are tried again.

import { ask, tell } from "./api.js";
import { count, empty, h, moment, number, to, visible } from "./dom.js";
import { eventRow } from "./event.js";
import { live } from "./live.js";
import { changing, table } from "./table.js";

const link = (row, text) => h("a", { href: to("failures", { queue: row.queue, consumer: row.name }) }, text);

/** Consumers that have something here. */
function overview() {
  const list = table("Consumers with failures", [
    { label: "Queue", class: "name", make: (row) => ({ node: h("span", {}, visible(row.queue)) }) },
    { label: "Consumer", class: "name", make: (row) => ({ node: link(row, visible(row.name)) }) },
    { label: "Dead letters", class: "num", make: changing((row) => row.dead, (row) => h("span", { class: row.dead ? "bad" : "" }, count(row.dead))) },
    { label: "To be retried", class: "num", text: (row) => count(row.retries) },
    { label: "Held behind one of their key", class: "num", text: (row) => count(row.held) },
  ], (row) => JSON.stringify([row.queue, row.name]));
  const none = empty("Nothing has failed.", "Events that a consumer fails at show here, while they are tried again and when they are given up.");
  none.hidden = list.node.hidden = true;
  return {
    title: "Failures",
    node: h("div", {}, list.node, none),
    update({ sample }) {
      const rows = sample.consumers.filter((c) => c.dead || c.retries || c.held);
      none.hidden = rows.length > 0;
      list.node.hidden = rows.length === 0;
      list.update(rows);
    },
  };
}

export function failures(parameters, session) {
  return parameters.queue ? one(parameters, session) : overview();
}

function one({ queue, consumer, after }, session) {
  const asking = new AbortController();
  const node = h("div", { class: "stack" });
  const said = h("p", { class: "said", role: "status" });

  async function show() {
    try {
      const page = await ask("failures", { queue, consumer, after }, { signal: asking.signal });
      node.replaceChildren(said, ...dead(page), ...waiting(page));
    } catch (error) {
      if (error.name !== "AbortError") node.replaceChildren(said, h("p", { class: "banner", role: "alert" }, error.message));
    }
  }

  async function requeue(whose, event) {
    try {
      const { requeued } = await tell("requeue", { queue, consumer: whose, event });
      said.textContent = requeued === 1 ? "One event was sent back." : `${number(requeued)} events were sent back.`;
      show();
    } catch (error) {
      said.textContent = error.message;
    }
  }

  /** All of a consumer's, or of several, are asked for twice. */
  function requeueAll(whose) {
    const dialog = h("dialog", { class: "dialog", onclose: () => {
      if (dialog.returnValue === "yes") requeue(whose);
      dialog.remove();
    } }, h("h2", {}, "Send all back?"),
    h("p", {}, `All dead letters of ${visible(whose)} on ${visible(queue)} go back to it, and are tried anew.`),
    h("form", { method: "dialog" }, h("button", { value: "no", autofocus: true }, "Cancel"), h("button", { class: "primary", value: "yes" }, "Send back")));
    document.body.append(dialog);
    dialog.showModal();
  }

  function dead(page) {
    const title = h("h2", {}, "Dead letters");
    if (!page.dead.length) return [title, empty("There are no dead letters.", "Events that were given up after their last attempt show here.")];
    const registered = (name) => live.sample?.consumers.some((c) => c.queue === queue && c.name === name && c.registered);
    const all = session.writes && consumer && registered(consumer)
      && h("button", { type: "button", onclick: () => requeueAll(consumer) }, "Send all back");
    return [h("div", { class: "head" }, title, all),
      !session.writes && h("p", { class: "note" }, "They can be sent back where the console was started with --allow-writes."),
      h("div", { class: "card list" }, page.dead.map((letter) => eventRow(letter, [visible(letter.consumer), " ", moment(letter.last)], [
        h("div", { class: "reason" }, h("pre", {}, visible(letter.reason))),
        h("p", { class: "note" }, `${number(letter.attempts)} attempts, first failed `, moment(letter.first), ", given up ", moment(letter.last), "."),
        session.writes && h("p", {}, h("button", { type: "button", onclick: () => requeue(letter.consumer, letter.id) }, "Send back")),
      ]))),
      page.next && h("div", { class: "pager" }, h("a", { class: "button", href: to("failures", { queue, consumer, after: page.next }) }, "Earlier ones")),
    ].filter(Boolean);
  }

  function waiting(page) {
    const title = h("h2", {}, "To be tried again");
    if (!page.waiting.length) return [title, empty("Nothing waits.", "Events that come back after a failure, and delayed ones, show here.")];
    return [title, h("div", { class: "card list" }, page.waiting.map((event) => eventRow(event,
      [event.consumer == null ? "everyone" : visible(event.consumer), " ", moment(event.again)], [
        h("p", { class: "note" }, event.key == null ? "Comes back " : `Held with key ${visible(event.key)}, tried again from `, moment(event.again),
          event.first ? [", first failed ", moment(event.first)] : "", "."),
      ]))), page.waiting.length >= 100 && h("p", { class: "note" }, "The first hundred.")].filter(Boolean);
  }

  show();
  return {
    title: consumer ? `Failures of ${consumer} on ${queue}` : `Failures on ${queue}`,
    tools: h("div", { class: "tools" }, h("a", { class: "button", href: to("failures") }, "All failures")),
    node,
    close: () => asking.abort(),
  };
}
