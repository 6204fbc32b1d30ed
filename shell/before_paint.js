// An operator's token is for the console alone: whoever comes here from there in the same tab does not bring it along for
// microapps to find.
try {
  sessionStorage.removeItem("menagerie/console/token");
} catch {
  // Storage is blocked, also for the console.
}

// Before the first paint: the theme that was chosen on an earlier visit, and whether this is the front page, which has a
// search field of its own. A header that grew later would push the page down under the shopper's finger.
try {
  const theme = localStorage.getItem("menagerie/theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
document.documentElement.toggleAttribute("data-front", /^#?\/?(\?|$)/.test(location.hash));

// Until the shell listens: the skip link leads to the content and not to an address, and what is searched for is not lost.
const meanwhile = (kind, selector, act) =>
  addEventListener(
    kind,
    (event) => {
      if (globalThis.shellListens || !event.target.closest?.(selector)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );
meanwhile("click", ".skip", () => document.getElementById("main").focus());
meanwhile("submit", "#search", () => {
  const words = document.getElementById("shop-search").value.trim();
  location.hash = words ? `#/?q=${encodeURIComponent(words)}` : "#/";
});

// What the shell cannot say of itself: that it does not come, does not parse, or does not start.
const shellScript = () => document.querySelector("script[type=module]");

// A rollout of the shell goes by what visitors see.
const tellOfShell = (kind) => {
  try {
    const config = document.querySelector("meta[name=menagerie-config]").content;
    const { url, token } = JSON.parse(config).reports;
    let visitor;
    try {
      visitor = localStorage.getItem("menagerie/visitor");
    } catch {
      // Storage is blocked: one visitor for this page.
    }
    visitor ??= crypto.randomUUID();
    const [app, version] = new URL(shellScript().src).pathname.split("/").slice(-3);
    const mounts = [{ app, version, kind, ms: 0 }];
    navigator.sendBeacon(url, JSON.stringify({ token, visitor, mounts }));
  } catch {
    // Nobody asks, or nobody may be told.
  }
};

// `shell.js` calls this as well. `kind` is what a rollout is told: "failed", "panicked", or nothing.
globalThis.shellFailed = (error, kind) => {
  const show = () => {
    const notice = document.getElementById("shell-failure");
    if (!notice) return;
    notice.hidden = false;
    const reason = notice.querySelector("[data-reason]");
    if (reason) reason.textContent = `E240 ${error?.message ?? error}`;
    notice.querySelector("button")?.addEventListener("click", () => location.reload());
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
  else show();
  if (kind) tellOfShell(kind);
};

// A connection that broke is nobody's fault, nor is a server that fails; a script that is another one, or is refused, is the
// release's.
const scriptIsMissing = async ({ src, integrity }) => {
  let isAway = true;
  try {
    await fetch(src, { integrity, cache: "reload" });
  } catch {
    isAway = await fetch(src).then(({ status }) => status === 429 || status >= 500, () => true);
  }
  globalThis.shellFailed("shell.js could not be loaded", isAway ? undefined : "failed");
};

addEventListener(
  "error",
  ({ target, filename, error }) => {
    const script = shellScript();
    if (!script) return;
    if (target === script) scriptIsMissing(script);
    else if (filename === script.src && error instanceof SyntaxError) globalThis.shellFailed(error, "failed");
  },
  true,
);
