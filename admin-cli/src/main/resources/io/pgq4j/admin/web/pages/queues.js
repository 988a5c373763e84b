// All queues, and one of them.

import { badge, code, count, duration, empty, h, number, perSecond, setText, to, visible } from "./dom.js";
import { points, recentBatches } from "./live.js";
import { lineCell, plot } from "./plot.js";
import { changing, table } from "./table.js";
import { consumerTable } from "./consumers.js";
import { batchTable } from "./batches.js";

const STOPPED = {
  paused: ["calm", "paused"],
  external: ["calm", "ticked from outside"],
  behind: ["bad", "behind: needs pgq.rebase"],
};

function state(queue) {
  if (STOPPED[queue.stopped]) return STOPPED[queue.stopped];
  if (queue.lag > Math.max(10, 3 * queue.max_lag)) return ["bad", "not ticked"];
  if (queue.refuses) return ["warn", "takes no events"];
  if (queue.overdue > 60 && queue.blocked !== "ticker") return ["warn", `rotation blocked by ${queue.blocked}`];
  return ["good", "ticking"];
}

const stateCell = changing((queue) => state(queue).join(), (queue) => badge(...state(queue)));

/** Rows with what belongs to them: their consumers, and when they were sampled. */
function withConsumers({ queues, consumers, time }) {
  return queues.map((queue) => {
    const own = consumers.filter((consumer) => consumer.queue === queue.name);
    const sum = (field) => own.reduce((all, consumer) => all + (consumer[field] ?? 0), 0);
    const lag = own.reduce((most, consumer) => Math.max(most, consumer.lag ?? 0), 0);
    return { ...queue, sampled: time, consumers: own.filter((c) => c.registered && !c.member).length,
      slowest: own.length ? lag : null, dead: sum("dead"), retries: sum("retries") + sum("held") };
  });
}

function tile(label) {
  const value = h("dd", {});
  return { node: h("div", { class: "tile" }, h("dt", {}, label), value), set: (text, mood) => {
    setText(value, text);
    value.className = mood ?? "";
  } };
}

export function queues() {
  const tiles = ["Events per second", "Waiting for a tick", "Slowest consumer", "To be retried", "Dead letters"].map(tile);
  const list = table("Queues", [
    { label: "Queue", class: "name", make: (row) => ({
      node: h("a", { href: to("queue", { name: row.name }) }, visible(row.name)) }) },
    { label: "State", make: stateCell },
    { label: "Events per second", class: "num wide", make: lineCell("rate", "accent", (q) => [q.name], perSecond, 1) },
    { label: "Tick lag", class: "num wide", make: lineCell("lag", "second", (q) => [q.name], duration, 0.1) },
    { label: "Consumers", class: "num", text: (queue) => number(queue.consumers) },
    { label: "Slowest", class: "num", text: (queue) => duration(queue.slowest) },
    { label: "Retries", class: "num", text: (queue) => count(queue.retries) },
    { label: "Dead", class: "num", make: changing((q) => q.dead, (q) => (q.dead
      ? h("a", { class: "bad", href: to("failures", { queue: q.name }) }, count(q.dead)) : "0")) },
  ], (queue) => queue.name);
  const none = empty("There is no queue yet.", "Create one: ", code("pgq-admin create-queue jobs"), ", or in SQL: ", code("select pgq.create_queue('jobs');"));
  const node = h("div", {}, h("dl", { class: "tiles" }, tiles.map((each) => each.node)), list.node, none);
  none.hidden = list.node.hidden = true;
  return {
    title: "Queues",
    node,
    update({ sample }) {
      const rows = withConsumers(sample);
      const sum = (field) => rows.reduce((all, row) => all + (row[field] ?? 0), 0);
      const slowest = rows.reduce((most, row) => Math.max(most, row.slowest ?? 0), 0);
      tiles[0].set(perSecond(rows.every((row) => row.rate == null) ? null : sum("rate")));
      tiles[1].set(number(sum("pending")));
      tiles[2].set(duration(slowest), slowest > 60 ? "warn" : "");
      tiles[3].set(number(sum("retries")));
      tiles[4].set(number(sum("dead")), sum("dead") ? "bad" : "");
      none.hidden = rows.length > 0;
      list.node.hidden = rows.length === 0;
      list.update(rows);
    },
  };
}

const BLOCKED = {
  consumer: "the slowest consumer still needs what the next table holds",
  transaction: "a transaction that wrote to the next table is open",
  lock: "somebody reads or locks the next table, a dump perhaps",
  ticker: "nothing; the ticker has to do it, does it run?",
  unknown: "not looked into",
};

function facts(queue) {
  return [
    ["Last tick", `${queue.tick} – ${duration(queue.tick_age)} ago`],
    ["Ticks after", `${number(queue.max_count)} events or ${duration(queue.max_lag)}; idle: ${duration(queue.idle)}`],
    ["Waiting for a tick", number(queue.pending)],
    ["Delayed events", count(queue.delayed)],
    ["Table", `${queue.table + 1} of ${queue.tables}, since ${duration(queue.rotation_age)}, of ${duration(queue.rotation)}`],
    ["Rotation", queue.overdue == null ? "on time"
      : `overdue for ${duration(queue.overdue)}: ${BLOCKED[queue.blocked] ?? queue.blocked}`],
  ];
}

export function queue({ name }) {
  const rates = plot("Events per second", perSecond, "accent");
  const lags = plot("Tick lag", duration, "second");
  const mood = h("span");
  const values = h("dl", { class: "facts card" });
  const readers = consumerTable(false);
  const noReaders = empty("Nobody consumes this queue.", "Register a consumer: ", code(`pgq-admin register ${visible(name)} NAME`), ". Events are kept until the tables rotate.");
  const recent = batchTable(false);
  const noBatches = empty("No batches were seen.", "They show here as consumers open and finish them.");
  const gone = empty("There is no queue of that name any more.", h("a", { href: to("") }, "To all queues"));
  const content = h("div", { class: "stack" },
    h("div", { class: "plots" }, rates.node, lags.node), values,
    h("h2", {}, "Consumers"), readers.node, noReaders,
    h("h2", {}, "Recent batches"), recent.node, noBatches);
  content.hidden = gone.hidden = true;
  return {
    title: name,
    tools: h("div", { class: "tools" }, mood,
      h("a", { class: "button", href: to("events", { queue: name }) }, "Events"),
      h("a", { class: "button", href: to("failures", { queue: name }) }, "Failures")),
    node: h("div", {}, content, gone),
    update({ sample }) {
      const queue = sample.queues.find((each) => each.name === name);
      content.hidden = !queue;
      gone.hidden = Boolean(queue);
      if (!queue) return;
      rates.update(points("rate", name), sample.time, 1);
      lags.update(points("lag", name), sample.time, 0.1);
      const [how, word] = state(queue);
      if (mood.textContent !== word) mood.replaceChildren(badge(how, word));
      const now = facts(queue);
      if (!values.children.length) values.append(...now.map(([label]) => h("div", {}, h("dt", {}, label), h("dd", {}))));
      now.forEach(([, text], i) => setText(values.children[i].lastChild, text));
      const own = sample.consumers.filter((c) => c.queue === name).map((c) => ({ ...c, sampled: sample.time }));
      noReaders.hidden = own.length > 0;
      readers.node.hidden = own.length === 0;
      readers.update(own);
      const seen = recentBatches().filter((batch) => batch.queue === name).slice(0, 20);
      noBatches.hidden = seen.length > 0;
      recent.node.hidden = seen.length === 0;
      recent.update(seen);
    },
  };
}
