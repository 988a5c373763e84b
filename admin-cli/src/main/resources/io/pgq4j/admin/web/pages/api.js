// Questions to the server, and its answers; an error is a sentence.

export async function ask(path, parameters = {}, { signal } = {}) {
  return answer(await reach(url(path, parameters), { signal }));
}

/** What changes something; the header is what no other site can send. */
export async function tell(path, parameters = {}, body = "") {
  return answer(await reach(url(path, parameters),
    { method: "POST", body, headers: { "X-Pgq-Console": "1", "Content-Type": "text/plain" } }));
}

function url(path, parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value != null && value !== "");
  return `api/${path}?${new URLSearchParams(set)}`;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The console does not answer; is pgq-admin web still running?");
  }
}

async function answer(response) {
  const json = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(json.error ?? `The console answers ${response.status}.`);
  return json;
}
