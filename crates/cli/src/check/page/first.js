// Runs before everything else on the page: notes what nobody catches, and which timers run.
(() => {
  const native = { setTimeout, clearTimeout, setInterval, clearInterval, requestAnimationFrame };
  for (const name of Object.keys(native)) native[name] = native[name].bind(window);
  /** Where in the release the caller is, as far as the stack says. */
  const place = () => {
    const lines = (new Error().stack ?? "").split("\n");
    const line = lines.find((line) => line.includes("/apps/")) ?? "";
    return line.replace(/^.*\/apps\/[^/]+\/[^/]+\//, "").replace(/\)$/, "") || "somewhere";
  };
  const running = new Map();
  const noted = { errors: [], started: 0, lastStarted: "", running };
  const begin = (kind, id, ms) => {
    noted.started += 1;
    noted.lastStarted = `${kind} by ${place()}`;
    running.set(id, { kind, ms, place: place() });
    return id;
  };
  const end = (clear) => (id) => {
    running.delete(id);
    clear(id);
  };
  window.setInterval = (work, ms, ...rest) => begin("setInterval", native.setInterval(work, ms, ...rest), ms);
  window.setTimeout = (work, ms, ...rest) => {
    const done = (...given) => {
      running.delete(id);
      work(...given);
    };
    const id = native.setTimeout(typeof work === "function" ? done : work, ms, ...rest);
    return begin("setTimeout", id, ms);
  };
  window.requestAnimationFrame = (work) => {
    noted.started += 1;
    noted.lastStarted = `requestAnimationFrame by ${place()}`;
    return native.requestAnimationFrame(work);
  };
  window.clearInterval = end(native.clearInterval);
  window.clearTimeout = end(native.clearTimeout);
  const note = (code, what, where) => noted.errors.push({ code, what, place: where || "the page" });
  const file = (address) => address?.split("/").at(-1);
  addEventListener("error", (event) => {
    if (event.message) note("E137", event.message, `${file(event.filename)}:${event.lineno}:${event.colno}`);
  });
  addEventListener("unhandledrejection", ({ reason }) => note("E137", `unhandled: ${reason?.message ?? reason}`, place()));
  addEventListener("securitypolicyviolation", (event) => {
    note("E134", `${event.effectiveDirective} refuses ${event.blockedURI || "it"}`, file(event.sourceFile));
  });
  window.__check = { native, noted };
})();
