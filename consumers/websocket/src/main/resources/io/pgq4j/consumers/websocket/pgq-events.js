/**
 * Follows a queue of pgq4j's websocket consumer; connects again, and goes on where it was.
 *
 *   const events = follow("wss://events.example/events", {
 *     queue: "jobs",
 *     token: () => fetch("/token").then(answer => answer.text()),
 *     filter: { types: ["UPDATE"], where: { state: ["running", "done"] } },
 *     onEvent: event => show(event.data),
 *     onGap: () => load(),           // events may be missing: look at the state as a whole
 *     onState: (state, reason) => {} // "live", "waiting" to connect again, or "closed" for good
 *   });
 *   events.close();
 *
 * `after` goes on where another page has stopped, at its `events.at`.
 */
export function follow(url, options) {
  const { queue, token, filter = {}, onEvent, onGap = () => {}, onState = () => {} } = options;
  const SILENCE = 50_000, FIRST_PAUSE = 500, LONGEST_PAUSE = 30_000;
  const FOR_GOOD = [1000, 4400, 4404]; // and 4401, unless a function can bring another token
  const self = { at: options.after, close: () => end(1000, "closed by the page") };
  let socket, timer, failures = 0, ended = false;

  async function connect() {
    let pass;
    try {
      pass = await (typeof token === "function" ? token() : token);
    } catch (error) {
      return again(String(error));
    }
    if (ended) return;
    const mine = socket = new WebSocket(url);
    const current = handler => event => mine === socket && handler(event);
    mine.onopen = current(() => mine.send(JSON.stringify({ ...filter, queue, token: pass, after: self.at })));
    mine.onmessage = current(message => take(JSON.parse(message.data)));
    mine.onclose = current(({ code, reason }) =>
      FOR_GOOD.includes(code) || (code === 4401 && typeof token !== "function")
        ? end(code, reason)
        : again(reason || `connection lost (${code})`));
    watch();
  }

  function take({ events = [], gap, at }) {
    if (failures >= 0) onState("live");
    failures = -1;
    if (gap) onGap(gap);
    events.forEach(onEvent);
    self.at = at;
    watch();
  }

  function watch() {
    clearTimeout(timer);
    timer = setTimeout(() => again("nothing heard for too long"), SILENCE);
  }

  function again(reason) {
    drop();
    if (ended) return;
    failures++;
    onState("waiting", reason);
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
    timer = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  }

  function end(code, reason) {
    if (ended) return;
    ended = true;
    drop();
    onState("closed", reason);
  }

  function drop() {
    clearTimeout(timer);
    const old = socket;
    socket = undefined;
    old?.close();
  }

  connect();
  return self;
}
