// A table that is told its rows again and again, and changes only what changed.

import { h } from "./dom.js";

/**
 * columns: { label, class, make(row) }, where make answers { node, update(row) } or update alone is
 * text(row). key: what tells a row from the others.
 */
export function table(caption, columns, key) {
  const body = h("tbody");
  const node = h("div", { class: "card table" }, h("table", {},
    h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col", class: c.class }, c.label)))),
    body));
  const known = new Map();

  function make(row) {
    const cells = columns.map((column) => {
      const cell = h("td", { class: column.class, "data-label": column.label });
      if (column.text) {
        return { cell, update: (now) => (cell.textContent !== column.text(now) ? (cell.textContent = column.text(now)) : 0) };
      }
      const made = column.make(row);
      cell.append(made.node);
      return { cell, update: made.update ?? (() => {}) };
    });
    return { node: h("tr", {}, cells.map((each) => each.cell)), update: (now) => cells.forEach((each) => each.update(now)) };
  }

  return {
    node,
    update(rows) {
      const seen = new Set();
      rows.forEach((row, i) => {
        const name = key(row);
        seen.add(name);
        if (!known.has(name)) known.set(name, make(row));
        const entry = known.get(name);
        entry.update(row);
        if (body.children[i] !== entry.node) body.insertBefore(entry.node, body.children[i] ?? null);
      });
      for (const [name, entry] of known) {
        if (!seen.has(name)) {
          entry.node.remove();
          known.delete(name);
        }
      }
    },
  };
}

/** A cell whose content is made anew when what it says changes. */
export function changing(text, render) {
  return () => {
    const node = h("span");
    let shown;
    return {
      node,
      update(row) {
        const now = text(row);
        if (now === shown) return;
        shown = now;
        node.replaceChildren(...[render(row)].flat());
      },
    };
  };
}
