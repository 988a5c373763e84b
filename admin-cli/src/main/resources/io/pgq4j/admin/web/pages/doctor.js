// What the doctor finds, each with the command that cures it.

import { ask } from "./api.js";
import { badge, empty, h, visible } from "./dom.js";

const MOODS = { error: "bad", warning: "warn" };

export function doctor() {
  const asking = new AbortController();
  const node = h("div", { class: "stack", "aria-live": "polite" });

  async function examine() {
    node.replaceChildren(h("p", { class: "note" }, "Examining…"));
    try {
      const { findings } = await ask("doctor", {}, { signal: asking.signal });
      node.replaceChildren(...(findings.length ? findings.map(card)
        : [empty("Nothing is wrong.", "Ticker, consumers, rotation, transactions, settings and watched tables were examined.")]));
    } catch (error) {
      if (error.name !== "AbortError") node.replaceChildren(h("p", { class: "banner", role: "alert" }, error.message));
    }
  }

  examine();
  return {
    title: "Doctor",
    tools: h("div", { class: "tools" }, h("button", { type: "button", onclick: examine }, "Examine again")),
    node,
    close: () => asking.abort(),
  };
}

function card(finding) {
  const copy = h("button", { type: "button", onclick: async () => {
    await navigator.clipboard.writeText(finding.cure);
    copy.textContent = "Copied";
  } }, "Copy");
  return h("article", { class: `card finding ${MOODS[finding.severity]}` },
    h("div", { class: "finding-head" }, badge(MOODS[finding.severity], finding.severity), h("span", { class: "note" }, visible(finding.object))),
    h("h2", {}, visible(finding.what)),
    h("p", { class: "note" }, visible(finding.why)),
    h("div", { class: "cure" }, h("pre", { tabindex: "0", "aria-label": "command" }, visible(finding.cure)), navigator.clipboard && copy));
}
