// Batches that were opened lately, and how long they took.

import { badge, clock, duration, empty, h, number, to, visible } from "./dom.js";
import { recentBatches } from "./live.js";
import { changing, table } from "./table.js";

const MOODS = { open: "accent", finished: "good", abandoned: "warn" };

export function batchTable(withQueue) {
  const columns = [
    { label: "Batch", class: "num", text: (batch) => batch.batch },
    { label: "Consumer", class: "name", make: (row) => ({ node: h("span", {}, visible(row.consumer)) }) },
    { label: "Opened", class: "num", text: (batch) => clock(batch.opened) },
    { label: "Took", class: "num", text: (batch) => duration(batch.took) },
    { label: "Events, about", class: "num", text: (batch) => number(batch.events) },
    { label: "Tick", class: "num", make: (row) => ({
      node: h("a", { href: to("events", { queue: row.queue, from: "tick", at: row.to }) }, row.to) }) },
    { label: "", make: changing((batch) => batch.end, (batch) => badge(MOODS[batch.end], batch.end)) },
  ];
  if (withQueue) {
    columns.splice(1, 0, { label: "Queue", class: "name", make: (row) => ({
      node: h("a", { href: to("queue", { name: row.queue }) }, visible(row.queue)) }) });
  }
  return table("Recent batches", columns, (batch) => batch.batch);
}

export function batches() {
  const list = batchTable(true);
  const none = empty("No batches were seen.", "They show here as consumers open and finish them; the database itself forgets them soon.");
  none.hidden = list.node.hidden = true;
  return {
    title: "Recent batches",
    node: h("div", {}, list.node, none),
    update() {
      const seen = recentBatches().slice(0, 100);
      none.hidden = seen.length > 0;
      list.node.hidden = seen.length === 0;
      list.update(seen);
    },
  };
}
