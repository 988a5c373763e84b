// What the server sends each second, and what it was for the last three minutes.

export const WINDOW = 180;

/** sample: the last one; away: why there is none now, null while there is. */
export const live = { sample: null, away: null, since: null };

const listeners = new Set();
const series = new Map();
const batches = new Map();
let source = null;
let last = 0;
let changed = false;

/** Calls back after each change, at most once a frame; answers how to end that. */
export function onLive(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Points [time, value] of a queue or a consumer: kind is rate or lag. */
export function points(kind, queue, consumer = "") {
  return series.get(key(kind, queue, consumer)) ?? [];
}

/** The batches that were seen, the latest first. */
export function recentBatches() {
  return [...batches.values()].sort((a, b) => b.opened - a.opened);
}

const key = (kind, queue, consumer) => JSON.stringify([kind, queue, consumer]);

/** Listens while the page is seen: one that lies behind others costs nothing. */
export function connect() {
  document.addEventListener("visibilitychange", open);
  open();
}

function open() {
  if (document.hidden) {
    source?.close();
    source = null;
  } else if (!source) {
    source = new EventSource(`api/live?after=${last}`);
    source.addEventListener("sample", (event) => take(event, sampled));
    source.addEventListener("away", (event) => take(event, wentAway));
    source.addEventListener("error", lost);
  }
}

function take(event, action) {
  last = event.lastEventId;
  action(JSON.parse(event.data));
  change();
}

function lost() {
  if (source?.readyState === EventSource.CLOSED) {
    source = null;
    setTimeout(open, 2000);
  }
  live.away = "The console does not answer; is pgq-admin web still running?";
  change();
}

function wentAway({ error }) {
  live.away = error;
}

function change() {
  if (changed) return;
  changed = true;
  requestAnimationFrame(() => {
    changed = false;
    listeners.forEach((listener) => listener(live));
  });
}

function sampled(sample) {
  const before = live.sample;
  live.sample = sample;
  live.away = null;
  live.since = sample.time;
  const earlier = new Map(before?.queues.map((queue) => [queue.name, queue]));
  for (const queue of sample.queues) {
    queue.rate = perSecond(sample, before, queue.last_event, earlier.get(queue.name)?.last_event);
    add(sample.time, "rate", queue.name, "", queue.rate);
    add(sample.time, "lag", queue.name, "", queue.lag);
  }
  const done = new Map(before?.consumers.map((c) => [key("", c.queue, c.name), c.done]));
  const ids = new Map(sample.queues.map((queue) => [queue.name, queue.last_event]));
  for (const consumer of sample.consumers) {
    consumer.done = consumer.pending == null ? null : ids.get(consumer.queue) - consumer.pending;
    const was = done.get(key("", consumer.queue, consumer.name));
    consumer.rate = perSecond(sample, before, consumer.done, was);
    add(sample.time, "rate", consumer.queue, consumer.name, consumer.rate);
    add(sample.time, "lag", consumer.queue, consumer.name, consumer.lag);
  }
  for (const batch of sample.batches) batches.set(batch.batch, batch);
  if (batches.size > 400) {
    recentBatches().slice(300).forEach((batch) => batches.delete(batch.batch));
  }
}

function perSecond(sample, before, now, then) {
  if (now == null || then == null || sample.time <= before.time) return null;
  return Math.max(0, (now - then) / ((sample.time - before.time) / 1000));
}

function add(time, kind, queue, consumer, value) {
  const name = key(kind, queue, consumer);
  let list = series.get(name);
  if (!list) series.set(name, (list = []));
  list.push([time, value]);
  while (list[0][0] < time - WINDOW * 1000) list.shift();
}
