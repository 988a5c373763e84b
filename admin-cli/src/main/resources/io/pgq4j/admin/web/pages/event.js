// One event: a line that opens into all it holds.

import { bytes, h, moment, visible } from "./dom.js";

/** A row that opens; more: pairs of label and value, and nodes, that belong to it besides. */
export function eventRow(event, aside, more = []) {
  const row = h("details", { class: "event" },
    h("summary", {},
      h("span", { class: "id" }, event.id),
      h("span", { class: "type" }, visible(event.type ?? "")),
      h("span", { class: "preview" }, preview(event)),
      h("span", { class: "aside" }, aside)));
  row.addEventListener("toggle", () => {
    if (row.open && row.children.length === 1) row.append(h("div", { class: "inside" }, more, fields(event)));
  });
  return row;
}

function preview({ data }) {
  return data == null ? "null" : visible(data.slice(0, 200).replace(/\s+/g, " "));
}

function fields(event) {
  const pairs = [
    ["Time", moment(event.time)],
    event.txid && ["Transaction", event.txid],
    event.retry && ["Retries so far", String(event.retry)],
    event.only && ["Only for", visible(event.only)],
    ...["extra1", "extra2", "extra3", "extra4"].map((name) => event[name] != null && [name, value(event[name])]),
    ["Data", event.data == null ? "null" : value(event.data, event.size)],
  ];
  return h("dl", { class: "fields" }, pairs.filter(Boolean).map(([label, content]) =>
    h("div", {}, h("dt", {}, label), h("dd", {}, content))));
}

function value(text, size) {
  const cut = size > new TextEncoder().encode(text).length;
  return [h("pre", { tabindex: "0", "aria-label": "content" }, pretty(text)),
    cut && h("p", { class: "note" }, `${bytes(size)} in all; this is its beginning.`)];
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|([{[])\s*([}\]])?|([}\]])|(,)|([^\s{}[\],:"]+)|:/g;
const DEEPEST = 40;

/** JSON with line breaks, every number as it was written; other text as it is. */
export function pretty(text) {
  try {
    const json = JSON.parse(text);
    if (json === null || typeof json !== "object") return visible(text);
  } catch {
    return visible(text);
  }
  const out = document.createDocumentFragment();
  let depth = 0;
  const line = () => "\n" + "  ".repeat(Math.min(depth, DEEPEST));
  for (const [whole, string, colon, open, close, end, comma, word] of text.matchAll(TOKEN)) {
    if (string) out.append(h("span", { class: colon ? "key" : "string" }, visible(string)), colon ? ": " : "");
    else if (open) {
      out.append(open);
      if (close) out.append(close);
      else {
        depth++;
        out.append(line());
      }
    } else if (end) {
      depth--;
      out.append(line() + end);
    } else if (comma) out.append("," + line());
    else if (word) out.append(h("span", { class: "word" }, word));
    else out.append(whole);
  }
  return out;
}
