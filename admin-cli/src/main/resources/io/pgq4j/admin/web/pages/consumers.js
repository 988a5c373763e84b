// Who consumes, where that runs, and how it fares.

import { badge, code, count, duration, empty, h, number, perSecond, to, visible } from "./dom.js";
import { lineCell } from "./plot.js";
import { changing, table } from "./table.js";

const MOODS = {
  running: "good", waiting: "good", working: "good", paused: "calm", stopped: "calm", new: "calm",
  backing_off: "warn", circuit_open: "warn", failed: "bad",
};

/** What it does, as far as somebody told. */
function state(consumer) {
  if (!consumer.registered) return ["calm", "not registered any more", null];
  if (consumer.bootstrap != null) return ["calm", "bootstrap", null];
  if (consumer.paused != null) return ["calm", "paused", consumer.paused];
  if (consumer.state == null) return ["calm", consumer.batch ? "has a batch" : "unknown", consumer.seen];
  const ended = consumer.state === "stopped" || consumer.state === "failed";
  if (!consumer.connected && !ended) return ["bad", "gone", null];
  return [MOODS[consumer.state] ?? "calm", consumer.state.replace("_", " "), consumer.state_age];
}

const stateCell = changing(
  (consumer) => JSON.stringify([state(consumer).slice(0, 2), consumer.error]),
  (consumer) => {
    const [mood, word] = state(consumer);
    const error = consumer.error && h("details", { class: "why" },
      h("summary", {}, "last error"), h("pre", {}, visible(consumer.error)));
    return [badge(mood, word), error].filter(Boolean);
  });

const place = (consumer) => (consumer.host ? `${visible(consumer.host)}:${consumer.process}` : "–");

export function consumerTable(withQueue) {
  const columns = [
    { label: "Consumer", class: "name", make: (row) => ({ node: h("span", {}, visible(row.name)) }) },
    { label: "State", make: stateCell },
    { label: "For", class: "num", text: (consumer) => duration(state(consumer)[2]) },
    { label: "Where", text: place },
    { label: "Runs for", class: "num", text: (consumer) => duration(consumer.running) },
    { label: "Events per second", class: "num wide", make: lineCell("rate", "accent", (c) => [c.queue, c.name], perSecond, 1) },
    { label: "Lag", class: "num wide", make: lineCell("lag", "second", (c) => [c.queue, c.name], duration, 0.1) },
    { label: "Pending", class: "num", text: (consumer) => number(consumer.pending) },
    { label: "Retries", class: "num", text: (consumer) => count(consumer.retries == null ? null : consumer.retries + consumer.held) },
    { label: "Dead", class: "num", make: changing((c) => c.dead, (c) => (c.dead
      ? h("a", { class: "bad", href: to("failures", { queue: c.queue, consumer: c.name }) }, count(c.dead)) : number(c.dead))) },
  ];
  if (withQueue) {
    columns.unshift({ label: "Queue", class: "name", make: (row) => ({
      node: h("a", { href: to("queue", { name: row.queue }) }, visible(row.queue)) }) });
  }
  return table("Consumers", columns, (consumer) => JSON.stringify([consumer.queue, consumer.name]));
}

export function consumers() {
  const list = consumerTable(true);
  const none = empty("Nobody consumes yet.", "Register a consumer: ", code("pgq-admin register QUEUE NAME"), ", or start one, which does it.");
  none.hidden = list.node.hidden = true;
  return {
    title: "Consumers",
    node: h("div", {}, list.node, none),
    update({ sample }) {
      none.hidden = sample.consumers.length > 0;
      list.node.hidden = !none.hidden;
      list.update(sample.consumers.map((consumer) => ({ ...consumer, sampled: sample.time })));
    },
  };
}
