// Fields that know the queues there are.

import { h, visible } from "./dom.js";

/** A choice of queue; chosen is told when it changes. */
export function queueField(value, chosen) {
  const node = h("select", { id: "queue", onchange: chosen });
  let names = null;

  function fill(next) {
    if (String(next) === String(names)) return;
    names = next;
    const now = node.value || value || "";
    node.replaceChildren(h("option", { value: "" }, "choose…"),
      ...names.map((name) => h("option", { value: name, selected: name === now }, visible(name))));
  }

  fill(value ? [value] : []);
  return {
    node,
    get value() {
      return node.value;
    },
    update(sample) {
      const all = sample.queues.map((queue) => queue.name);
      fill(value && !all.includes(value) ? [value, ...all] : all);
    },
  };
}
