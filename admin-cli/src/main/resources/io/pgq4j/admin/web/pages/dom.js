// Elements and texts. Whatever comes from the database becomes a text node; nothing here takes HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element: attributes as they are, `on…` as listeners, children as nodes or texts. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Sets a text only where it changes, so that a selection survives. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A text with what would be invisible, or turn the line around, made visible. */
export function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) =>
    c === "\n" || c === "\t" || c === "\u200d" ? c : `\\u{${c.codePointAt(0).toString(16)}}`);
}

/** A hash to one of the pages. */
export function to(page, parameters = {}) {
  const set = Object.entries(parameters).filter(([, value]) => value != null && value !== "");
  const query = new URLSearchParams(set).toString();
  return `#/${page}${query ? "?" + query : ""}`;
}

const NUMBER = new Intl.NumberFormat("en");

export function number(value) {
  return value == null ? "–" : NUMBER.format(value);
}

/** A count that the database stopped at 10,000. */
export function count(value) {
  return value === 10000 ? "10,000+" : number(value);
}

export function perSecond(rate) {
  if (rate == null) return "–";
  return `${rate >= 100 ? NUMBER.format(Math.round(rate)) : rate.toFixed(1)}/s`;
}

const UNITS = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];

/** Two units at most: 3 m 20 s. */
export function duration(seconds) {
  if (seconds == null) return "–";
  if (seconds < 1) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const first = UNITS.findIndex(([, size]) => whole >= size);
  const [unit, size] = UNITS[first];
  const rest = UNITS[first + 1] && Math.floor((whole % size) / UNITS[first + 1][1]);
  return `${Math.floor(whole / size)} ${unit}${rest ? ` ${rest} ${UNITS[first + 1][0]}` : ""}`;
}

export function bytes(size) {
  if (size < 1024) return `${size} B`;
  const power = Math.min(3, Math.floor(Math.log2(size) / 10));
  return `${(size / 1024 ** power).toFixed(1)} ${["B", "kB", "MB", "GB"][power]}`;
}

const pad = (value, digits = 2) => String(value).padStart(digits, "0");

export function clock(millis) {
  const time = new Date(millis);
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

/** Date and time here; in UTC when pointed at. */
export function moment(millis) {
  if (millis == null) return h("span", {}, "–");
  const time = new Date(millis);
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return h("time", { datetime: time.toISOString(), title: time.toISOString() },
    `${day} ${clock(millis)}.${pad(time.getMilliseconds(), 3)}`);
}

/** An empty state: what is missing, and what to do. */
export function empty(title, ...advice) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), h("p", {}, advice));
}

export function code(text) {
  return h("code", {}, text);
}

/** A word with a colour that says how good that is: good, warn, bad or calm. */
export function badge(mood, text) {
  return h("span", { class: `badge ${mood}` }, text);
}
