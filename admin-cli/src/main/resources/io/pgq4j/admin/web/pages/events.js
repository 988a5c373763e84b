// The events of a queue, a page at a time.

import { ask } from "./api.js";
import { code, empty, h, moment, number, to, visible } from "./dom.js";
import { eventRow } from "./event.js";
import { live } from "./live.js";
import { queueField } from "./field.js";

const FROM = [["", "the newest"], ["time", "a time on"], ["id", "an event id on"], ["tick", "a tick: its batch"]];

const pad = (value) => String(value).padStart(2, "0");

/** As a field for date and time has it, in local time. */
function local(millis) {
  const t = new Date(millis);
  return `${t.getFullYear()}-${pad(t.getMonth() + 1)}-${pad(t.getDate())}T${pad(t.getHours())}:${pad(t.getMinutes())}:${pad(t.getSeconds())}`;
}

export function events(parameters) {
  const asking = new AbortController();
  const queue = queueField(parameters.queue, () => form.requestSubmit());
  const from = h("select", { id: "from", onchange: place }, FROM.map(([value, label]) =>
    h("option", { value, selected: value === (parameters.from ?? "") }, label)));
  const at = h("input", { id: "at", required: true });
  const type = h("input", { id: "type", value: parameters.type ?? "", placeholder: "any", autocomplete: "off", spellcheck: "false" });
  const text = h("input", { id: "text", value: parameters.text ?? "", placeholder: "anything", autocomplete: "off", spellcheck: "false" });
  const atField = field("At", at);
  const form = h("form", { class: "card filters", role: "search", onsubmit: (event) => {
    event.preventDefault();
    const now = { queue: queue.value, from: from.value, type: type.value, text: text.value,
      at: from.value === "time" ? new Date(at.value).getTime() : from.value && at.value };
    const address = to("events", now);
    if (location.hash === address) dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = address;
  } }, field("Queue", queue.node), field("From", from), atField, field("Type is", type), field("Data contains", text),
  h("button", { class: "primary" }, "Show"));
  const list = h("div", { class: "results", "aria-live": "polite" });

  function field(label, input) {
    return h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  }

  function place() {
    const timed = from.value === "time";
    atField.hidden = at.disabled = from.value === "";
    at.type = timed ? "datetime-local" : "text";
    at.step = "1";
    at.inputMode = "numeric";
    at.pattern = timed ? "" : "[0-9]{1,18}";
    at.value = "";
    if (parameters.from === from.value && parameters.at) at.value = timed ? local(Number(parameters.at)) : parameters.at;
    else if (timed) at.value = local(Date.now() - 600_000);
  }

  async function show() {
    if (!parameters.queue) {
      list.replaceChildren(empty("Choose a queue.", "Its events show here, the newest first; they are kept until its tables rotate."));
      return;
    }
    list.replaceChildren(h("p", { class: "note" }, "Looking…"));
    try {
      const page = await ask("events", parameters, { signal: asking.signal });
      list.replaceChildren(...rows(page));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren(h("p", { class: "banner", role: "alert" }, error.message));
    }
  }

  function rows(page) {
    const filtered = parameters.type || parameters.text || parameters.from;
    const next = page.next && h("a", { class: "button", href: to("events", { ...parameters, after: page.next }) },
      page.events.length ? "Next page" : "Look further");
    const first = parameters.after && h("a", { class: "button", href: to("events", { ...parameters, after: null }) }, "First page");
    const told = h("p", { class: "note" }, `${number(page.events.length)} shown, ${number(page.scanned)} looked at.`);
    if (!page.events.length) {
      const what = page.next ? "None of these 5,000 fit." : filtered || parameters.after ? "No more events fit." : "This queue holds no events.";
      const hint = page.next ? "There are more." : filtered ? "Try fewer conditions, or an earlier start." : ["Insert one: ", code(`pgq-admin insert ${visible(parameters.queue)} TYPE DATA`)];
      return [empty(what, hint), h("div", { class: "pager" }, first, next)];
    }
    return [h("div", { class: "card list" }, page.events.map((event) => eventRow(event, moment(event.time)))),
      h("div", { class: "pager" }, first, next, told)];
  }

  place();
  show();
  return {
    title: "Events",
    node: h("div", { class: "stack" }, form, list),
    update: () => queue.update(live.sample),
    close: () => asking.abort(),
  };
}
