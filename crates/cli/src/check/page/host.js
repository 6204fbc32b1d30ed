// The host of the page: it answers what a shell answers, and notes what the contract does not allow.
const coded = (code, what) => Object.assign(new Error(`${code} ${what}`), { code });

export function hostFor(release, note) {
  const listeners = new Set();
  const until = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  /** What is sent has to get through `postMessage`. */
  const copied = (member, value) => {
    try {
      return structuredClone(value);
    } catch (error) {
      note("E135", `host.${member}`, error.message);
      throw error;
    }
  };
  const host = {
    contract: 1,
    navigate: async (path, options) => void copied("navigate", [path, options]),
    href: (path) => `#${path}`,
    hold: until,
    session: {
      get: async () => null,
      subscribe: until,
      signIn: async () => {
        throw coded("E413", "nobody can sign in on this page");
      },
    },
    notify: async (notice) => {
      copied("notify", notice);
      return false;
    },
    call: async (command, payload) => {
      copied("call", payload);
      throw coded("E220", `no microapp on this page offers ${command}`);
    },
    emit: async (event, detail) => {
      copied("emit", detail);
      if (!(release.events ?? []).includes(event)) note("E223", "host.emit", `sent ${event}`);
    },
    on: (_event, listener) => until(listener),
    setTitle: async (text) => void copied("setTitle", text),
    setBusy: async (busy) => void copied("setBusy", busy),
    locale: "en-GB",
    theme: "light",
    api: `${location.origin}/api/v1`,
    report: async (problem) => {
      if (copied("report", problem)?.kind === "panic") note("E207", "host.report", problem.message);
    },
  };
  return { host, end: () => listeners.clear() };
}
