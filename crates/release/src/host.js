// The host of a page without our shell: own notices, window events. On the stand-alone page
// (`stand-alone` on the element) it also has a hash router; on a foreign page it never touches
// address or title.

/** @param {{ name: string, domElement?: Element, release: object, command: Function }} props */
export function host({ name, domElement, release, command }) {
  const cleanUp = [];
  const ownPage = domElement?.hasAttribute("stand-alone") ?? false;
  const listen = (target, type, listener) => {
    target.addEventListener(type, listener);
    const off = () => target.removeEventListener(type, listener);
    cleanUp.push(off);
    return off;
  };
  const hashAddress = () => location.hash.replace(/^#\/?/, "/");
  const root = document.documentElement;

  const href = (path) => (ownPage ? `#${path}` : path);
  const navigate = async (path, { replace = false } = {}) => {
    if (!ownPage) {
      const event = new CustomEvent("menagerie:navigate", { cancelable: true, detail: { app: name, path, replace } });
      window.dispatchEvent(event);
    } else if (replace) location.replace(`#${path}`);
    else location.hash = path;
  };

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  /** The release's route that `path` fits, with its parameters; its first route where none does. */
  const match = (path) => {
    const routes = release.routes ?? [];
    const parts = (path) => path.split("/").filter(Boolean).map(decoded);
    const given = parts(path);
    for (const pattern of path ? routes : []) {
      const wanted = parts(pattern);
      const fits = wanted.every((part, at) => (part.startsWith("{") ? given[at] : part === given[at]));
      if (!fits || wanted.length !== given.length) continue;
      const named = wanted.flatMap((part, at) => (part.startsWith("{") ? [[part.slice(1, -1), given[at]]] : []));
      return { path, pattern, params: Object.fromEntries(named) };
    }
    return { path: path || routes[0] || "/", pattern: "", params: {} };
  };

  let notices;
  const notify = async ({ level = "info", text, action, path }) => {
    if (!notices?.isConnected) {
      notices = document.createElement("div");
      notices.setAttribute("role", "status");
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        `:host{position:fixed;inset:auto 1rem 1rem;z-index:2147483000;display:grid;gap:.5rem;justify-items:center;pointer-events:none}
         p{all:initial;font:16px/1.4 system-ui;background:#1d2230;color:#fff;padding:.75rem 1rem;border-radius:.5rem;pointer-events:auto;max-width:34rem}
         a,button{all:unset;cursor:pointer;margin-inline-start:1rem;text-decoration:underline}
         a:focus-visible,button:focus-visible{outline:2px solid}`,
      );
      notices.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
      document.body.append(notices);
      cleanUp.push(() => notices.remove());
      // Screen readers say what comes into a region that they know.
      await new Promise((done) => setTimeout(done, 100));
    }
    const notice = document.createElement("p");
    notice.textContent = text;
    notice.dataset.level = level;
    let answered;
    const answer = new Promise((resolve) => (answered = resolve));
    const end = (taken) => {
      notice.remove();
      answered(taken);
    };
    // What went wrong stays until it was read.
    const stays = level === "error" || level === "warning";
    const gone = stays ? 0 : setTimeout(end, 6000, false);
    cleanUp.push(() => {
      clearTimeout(gone);
      end(false);
    });
    if (action || stays) {
      const button = document.createElement(path ? "a" : "button");
      if (path) button.href = href(path);
      button.textContent = action ?? "OK";
      button.onclick = (event) => {
        if (path && !ownPage) {
          event.preventDefault();
          navigate(path);
        }
        end(Boolean(action));
      };
      notice.append(button);
    }
    notices.shadowRoot.append(notice);
    return answer;
  };

  return {
    contract: 1,
    get route() {
      const [path, query = ""] = (ownPage ? hashAddress() : "").split("?");
      return { ...match(path.replace(/(?<=.)\/+$/, "")), query: Object.fromEntries(new URLSearchParams(query)) };
    },
    navigate,
    href,
    hold(ask) {
      return listen(window, "beforeunload", (event) => {
        if (ask()) event.preventDefault();
      });
    },
    session: {
      get: async () => null,
      subscribe: () => () => {},
      signIn: async () => {
        throw Object.assign(new Error("E413 this page has no sign-in"), { code: "E413" });
      },
    },
    notify,
    async call(called, payload) {
      if (release.commands?.includes(called)) return command(called, payload);
      throw Object.assign(new Error(`E220 no microapp on this page offers ${called}`), { code: "E220" });
    },
    async emit(event, detail) {
      window.dispatchEvent(new CustomEvent(`menagerie:${event}`, { detail }));
    },
    on: (event, listener) => listen(window, `menagerie:${event}`, ({ detail }) => listener(detail)),
    async setTitle(text) {
      if (ownPage) document.title = text;
    },
    async setBusy(busy) {
      domElement?.setAttribute("aria-busy", String(busy));
    },
    get locale() {
      return root.lang || navigator.language;
    },
    get theme() {
      return root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    },
    api: new URL("/api/v1", import.meta.url).href,
    async report(problem) {
      console.error(`${name}@${release.version}`, problem);
      window.dispatchEvent(new CustomEvent("menagerie:report", { detail: problem }));
    },
    /** Gives everything back. Only the entry module calls it. */
    dispose() {
      for (const undo of cleanUp.splice(0).reverse()) undo();
    },
  };
}
