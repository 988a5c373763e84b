// Lines over the last minutes, as SVG.

import { clock, h, setText, svg } from "./dom.js";
import { points as pointsOf, WINDOW } from "./live.js";

/** Straight runs of points; where nothing was seen for a while, or is unknown, there is a gap. */
function runs(points) {
  const result = [];
  let run = null;
  points.forEach(([time, value], i) => {
    if (value == null) {
      run = null;
      return;
    }
    const gap = i > 0 && time - points[i - 1][0] > 15_000;
    if (!run || gap) result.push((run = []));
    run.push([time, value]);
  });
  return result;
}

function path(points, x, y) {
  return points.map(([time, value], i) =>
    `${i ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join("");
}

function draw(line, area, points, { end, top, width, height, pad }) {
  const x = (time) => width - pad - ((end - time) / (WINDOW * 1000)) * (width - 2 * pad);
  const y = (value) => height - pad - (value / top) * (height - 2 * pad);
  const parts = runs(points);
  line.setAttribute("d", parts.map((part) => path(part, x, y)).join(""));
  area.setAttribute("d", parts.map((part) =>
    `${path(part, x, y)}L${x(part.at(-1)[0]).toFixed(1)} ${height - pad}L${x(part[0][0]).toFixed(1)} ${height - pad}Z`).join(""));
  return { x, y };
}

const known = (points) => points.filter(([, value]) => value != null);
const highest = (points) => known(points).reduce((most, [, value]) => Math.max(most, value), 0);

/** A small line in a row; the words are in its label. */
export function sparkline(name, format, colour) {
  const size = { width: 112, height: 26, pad: 2 };
  const line = svg("path", { class: "line" });
  const area = svg("path", { class: "area" });
  const node = svg("svg",
    { class: `spark ${colour}`, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", preserveAspectRatio: "none" },
    area, line);
  return {
    node,
    update(points, end, floor) {
      draw(line, area, points, { ...size, end, top: Math.max(highest(points), floor) });
      node.setAttribute("aria-label", `${name}: ${format(points.at(-1)?.[1])}, at most ${format(highest(points))}`);
    },
  };
}

/** A line with the number it ends at. */
export function lineCell(kind, colour, names, format, floor) {
  return (row) => {
    const [queue, consumer] = names(row);
    const spark = sparkline(kind === "rate" ? "Events per second" : "Lag", format, colour);
    const value = h("span", { class: "value" });
    return {
      node: h("span", { class: "measured" }, spark.node, value),
      update(now) {
        spark.update(pointsOf(kind, queue, consumer), now.sampled, floor);
        setText(value, format(now[kind]));
      },
    };
  };
}

/** The next round number above. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

/** A plot with axes; pointing at it tells the value there. */
export function plot(title, format, colour) {
  const size = { width: 560, height: 150, pad: 6 };
  const line = svg("path", { class: "line" });
  const area = svg("path", { class: "area" });
  const grid = svg("path", { class: "grid", d: "M6 6H554M6 75H554M6 144H554" });
  const cursor = svg("path", { class: "cursor" });
  const picture = svg("svg",
    { class: `plot ${colour}`, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", preserveAspectRatio: "none" },
    grid, area, line, cursor);
  const now = h("strong", { class: "plot-now" });
  const marks = ["top", "middle", "start", "end"].map((place) => h("span", { class: `mark ${place}` }));
  const tip = h("span", { class: "tip", hidden: true });
  const frame = h("div", { class: "plot-frame" }, picture, marks, tip);
  let shown = { points: [], end: 0 };

  function point(event) {
    const box = picture.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const time = shown.end - (1 - share) * WINDOW * 1000;
    const near = known(shown.points).reduce((best, each) =>
      !best || Math.abs(each[0] - time) < Math.abs(best[0] - time) ? each : best, null);
    if (!near) return;
    const x = shown.scale.x(near[0]);
    cursor.setAttribute("d", `M${x.toFixed(1)} ${size.pad}V${size.height - size.pad}`);
    tip.hidden = false;
    tip.textContent = `${clock(near[0])}  ${format(near[1])}`;
    tip.style.left = `${(x / size.width) * 100}%`;
    tip.classList.toggle("left", x > size.width * 0.7);
  }

  frame.addEventListener("pointermove", point);
  frame.addEventListener("pointerleave", () => {
    tip.hidden = true;
    cursor.removeAttribute("d");
  });
  return {
    node: h("figure", { class: "card figure" }, h("figcaption", {}, title, now), frame),
    update(points, end, floor) {
      const top = ceiling(Math.max(highest(points), floor));
      const latest = points.at(-1)?.[1];
      shown = { points, end, scale: draw(line, area, points, { ...size, end, top }) };
      now.textContent = format(latest);
      [format(top), format(top / 2), clock(end - WINDOW * 1000), clock(end)].forEach((text, i) => (marks[i].textContent = text));
      picture.setAttribute("aria-label",
        `${title}, last ${WINDOW / 60} minutes: now ${format(latest)}, at most ${format(highest(points))}`);
    },
  };
}
