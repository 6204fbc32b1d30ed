// <menagerie-bot>: the chat on any page (docs/embed.md). Draws the launcher, keeps what the page asks for, and
// fetches the chat itself when it is opened. The server puts in where the live release lies.
const release = /*%RELEASE%*/ {};
const base = new URL(release.base ?? "./", import.meta.url).href;
const shop = new URL(import.meta.url).origin;

/** What holds as it was when the element came onto the page, … */
const KEPT = ["agent", "agent-id", "agent-integrity", "chat-icon", "mode", "session-id", "storage-option"];
/** … and what may change at any time. */
const FREE = ["chat-title", "intent", "language-code", "max-query-length", "session-ttl", "url-allowlist", "user-id"];
const METHODS = [
  "clearStorage", "closeChat", "openChat", "renderCustomCard", "renderCustomText", "sendQuery", "setContext",
  "showMinChat", "startNewSession",
];
const WORDS = {
  en: { lang: "en", open: "Open chat", close: "Close chat", loading: "The chat is coming …", failed: "The chat could not be loaded.", retry: "Try again" },
  de: { lang: "de", open: "Chat öffnen", close: "Chat schließen", loading: "Der Chat kommt …", failed: "Der Chat konnte nicht geladen werden.", retry: "Noch einmal versuchen" },
};
const CHAT = "M12 3.8c-4.8 0-8.7 3.3-8.7 7.4 0 2.4 1.3 4.5 3.4 5.9-.1 1.1-.6 2.2-1.5 3.1 1.7-.1 3.2-.7 4.4-1.7.8.1 1.6.2 2.4.2 4.8 0 8.7-3.4 8.7-7.5S16.8 3.8 12 3.8z";
const DOWN = "m6 9.5 6 6 6-6";
/** What has not come after so many milliseconds is given up. */
const PATIENCE = 20_000;

/* The page's rules reach the element itself, and nothing inside it: what it inherits ends here. */
const STYLE =
  ":host{all:initial!important;display:contents!important}" +
  ":host([hidden]){display:none!important}" +
  ".frame{all:initial;position:fixed;inset:auto 0 0 auto;inline-size:0;block-size:0;margin:0;padding:0;border:0;overflow:visible;background:none;z-index:2147483000;color-scheme:inherit;" +
  "--color-accent:#0d6159;--color-on-accent:#fffdf9;--color-focus:#b4540a}" +
  "@media (prefers-color-scheme:dark){.frame:not([data-theme=light]){--color-accent:#63cfc0;--color-on-accent:#201c18;--color-focus:#ffb657}}" +
  ".frame[data-theme=dark]{--color-accent:#63cfc0;--color-on-accent:#201c18;--color-focus:#ffb657}" +
  ".frame::backdrop{display:none}" +
  "button{font:inherit}" +
  ".launcher{position:fixed;inset-block-end:calc(20px + env(safe-area-inset-bottom));inset-inline-end:calc(20px + env(safe-area-inset-right));display:grid;place-items:center;box-sizing:border-box;inline-size:60px;block-size:60px;padding:0;border:1px solid transparent;border-radius:50%;" +
  "background:var(--df-messenger-button-titlebar-color,var(--color-accent));color:var(--df-messenger-button-titlebar-font-color,var(--color-on-accent));box-shadow:0 1px 3px #0003,0 12px 28px -6px #0005;cursor:pointer;transition:transform .12s}" +
  ".launcher:hover{transform:translateY(-2px)}" +
  ":focus-visible{outline:3px solid var(--color-focus);outline-offset:2px}" +
  "svg{inline-size:30px;block-size:30px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}" +
  ".wait{position:fixed;inset-block-end:calc(96px + env(safe-area-inset-bottom));inset-inline-end:20px;display:grid;gap:16px;place-content:center;justify-items:center;box-sizing:border-box;inline-size:min(400px,calc(100vw - 40px));block-size:min(660px,calc(100vh - 120px));padding:24px;border:1px solid #8886;border-radius:24px;background:Canvas;color:CanvasText;font:16px/1.5 system-ui,sans-serif;text-align:center;box-shadow:0 2px 6px #0002,0 28px 64px -8px #0005}" +
  ".wait button{min-block-size:44px;padding:8px 24px;border:1px solid;border-radius:99px;background:none;color:inherit;cursor:pointer}" +
  ".wait[hidden]{display:none}" +
  "@media (max-width:36rem),(max-height:30rem){.wait{inset:0;inline-size:auto;block-size:100dvh;border:0;border-radius:0}.open .wait[hidden]~.launcher{display:none}}" +
  "@media (prefers-reduced-motion:reduce){.launcher{transition:none}}";

const own = new CSSStyleSheet();
own.replaceSync(STYLE);

const fault = (code, what) => Object.assign(new Error(`${code} ${what}`), { code });

let tokens;
/** The design tokens, in pixels: the page's own size of text is not ours. */
const readTokens = () =>
  (tokens ??= (async () => {
    const answer = await fetch(`${base}tokens.css`, {
      integrity: release.files["tokens.css"], credentials: "omit", signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw new Error(`tokens.css: HTTP ${answer.status}`);
    const css = (await answer.text()).replaceAll(":root", ".frame").replace(/([\d.]+)rem/g, (_, size) => `${size * 16}px`);
    return new CSSStyleSheet().replace(css);
  })().catch((error) => {
    tokens = undefined;
    throw error;
  }));

let entry;
let attempts = 0;
/** The chat's entry module, against its hash. A module that failed stays failed under its address: the next try has another. */
const load = () =>
  (entry ??= (async () => {
    const href = `${base}${release.entry}${attempts ? `?r=${attempts}` : ""}`;
    attempts += 1;
    const link = document.createElement("link");
    await new Promise((resolve, reject) => {
      Object.assign(link, { rel: "modulepreload", href, integrity: release.files[release.entry], crossOrigin: "anonymous" });
      link.onload = resolve;
      link.onerror = () => reject(fault("E215", "the chat did not come"));
      setTimeout(link.onerror, PATIENCE);
      document.head.append(link);
    }).finally(() => link.remove());
    return import(href);
  })().catch((error) => {
    entry = undefined;
    throw error;
  }));

/** Fetches what will be needed into the browser's cache, and runs nothing of it. */
const prefetch = () => {
  if (navigator.connection?.saveData) return;
  for (const file in release.files) {
    fetch(`${base}${file}`, { integrity: release.files[file], priority: "low" }).then((answer) => answer.arrayBuffer()).catch(() => {});
  }
};

const dress = (element, attributes, children) => {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
};
const node = (tag, attributes, ...children) => dress(document.createElement(tag), attributes, children);
const shape = (tag, attributes, ...children) =>
  dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const picture = (d) => shape("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, shape("path", { d }));

/** Elements on the page, so that two of one agent keep their conversations apart. One that was just replaced is in it still. */
const here = new Set();

class MenagerieBot extends HTMLElement {
  static observedAttributes = [...KEPT, ...FREE, "expand", "theme"];

  #calls = [];
  #heard;
  #drawn;
  #mounting;
  #key;
  #kept;
  #announced = false;
  /** What was asked for while it was not on the page. */
  #early = [];

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    // And before this element was one of ours: `(bot.calls ??= []).push(["openChat"])`.
    const early = Object.hasOwn(this, "calls") ? this.calls : [];
    delete this.calls;
    if (Array.isArray(early)) this.#early = early;
  }

  /** Takes calls at any time: before the script has come it is a list, then it does what is pushed. */
  get calls() {
    return { push: (...calls) => calls.forEach(([method, ...rest]) => METHODS.includes(method) && this[method](...rest)) };
  }

  get #locale() {
    return this.getAttribute("language-code") || document.documentElement.lang || navigator.language;
  }

  get #words() {
    return /^de\b/i.test(this.#locale) ? WORDS.de : WORDS.en;
  }

  connectedCallback() {
    if (!this.#drawn) this.#draw();
    // Moving an element closes what is on top of the page.
    const { frame } = this.#drawn;
    try {
      frame.showPopover?.();
    } catch {
      // It shows already, or its page is not shown at all.
    }
    if (this.#announced) return;
    this.#announced = true;
    this.calls.push(...this.#early.splice(0));
    queueMicrotask(() => this.#dispatch("df-messenger-loaded", {}));
    if (this.hasAttribute("expand")) this.#open("expand");
    (window.requestIdleCallback ?? setTimeout)(() => {
      if (!this.isConnected || this.#mounting) return;
      this.#sweep();
      if (!this.hasAttribute("wait-open")) prefetch();
    });
  }

  /** What the browser keeps longer than it may goes, though nobody opens the chat, which reads it as strictly. */
  #sweep() {
    const kept = `menagerie/personal/bot/1/${this.#key}`;
    const ttl = this.getAttribute("session-ttl");
    if (this.getAttribute("storage-option") !== "localStorage") return;
    try {
      const age = Date.now() / 1000 - JSON.parse(localStorage[kept]).at;
      if (Math.abs(age) > Math.min(ttl > 0 ? ttl : 1800, 86399)) localStorage.removeItem(kept);
    } catch {
      // Nothing is kept, or storage is blocked.
    }
  }

  disconnectedCallback() {
    // Moved, or removed? That shows when whoever does it is done.
    queueMicrotask(() => !this.isConnected && this.#drop());
  }

  attributeChangedCallback(name) {
    if (!this.#drawn) return;
    this.#label();
    if (name === "expand") {
      if (this.hasAttribute("expand")) this.#open(name);
      return;
    }
    const { chat, host } = this.#drawn;
    if (this.#heard) load().then((app) => app.update({ name: this.#key, domElement: chat, host, route: host.route }), () => {});
  }

  #draw() {
    const name = this.id || this.getAttribute("agent-id") || this.getAttribute("agent") || "petstore";
    let key = name;
    for (let n = 2; [...here].some((other) => other.isConnected && other.#key === key); n += 1) key = `${name}#${n}`;
    this.#key = key;
    here.add(this);
    const launcher = node("button", { class: "launcher", part: "launcher", type: "button" }, picture(CHAT));
    launcher.addEventListener("click", () => (this.#drawn.open ? this.closeChat() : this.openChat()));
    const chat = node("div", { class: "chat" });
    const wait = node("div", { class: "wait", part: "wait", hidden: "", role: "status" });
    const frame = node("div", { class: "frame", popover: "manual" }, chat, wait, launcher);
    this.#drawn = { frame, chat, wait, launcher, open: false, host: this.#host(), listeners: new Set(), rest: undefined };
    this.shadowRoot.adoptedStyleSheets = [own];
    this.shadowRoot.replaceChildren(frame);
    wait.addEventListener("keydown", ({ key }) => key === "Escape" && this.closeChat());
    this.#label();
  }

  #label() {
    const { launcher, frame, open } = this.#drawn;
    launcher.setAttribute("aria-label", open ? this.#words.close : this.#words.open);
    launcher.setAttribute("aria-expanded", open);
    launcher.replaceChildren(picture(open ? DOWN : CHAT));
    frame.classList.toggle("open", open);
    frame.lang = this.#words.lang;
    const theme = this.getAttribute("theme");
    frame.dataset.theme = theme;
    frame.style.colorScheme = theme === "light" || theme === "dark" ? theme : "light dark";
  }

  #show(open) {
    // The last answer may go with the focus in it, though the chat was not open.
    if (this.#drawn.open === open && !this.shadowRoot.activeElement) return;
    this.#drawn.open = open;
    this.#label();
    // Whoever is somewhere else on the page stays there.
    const active = document.activeElement;
    const lost = this.#heard && (!active || active === document.body);
    if (!open && (lost || this.shadowRoot.activeElement)) this.#drawn.launcher.focus();
  }

  #read(names) {
    return Object.fromEntries(names.map((name) => [name, this.getAttribute(name)]));
  }

  #dispatch(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  /** What the chat is given in place of the shell's services. It never touches the page's address or title. */
  #host() {
    const none = async () => undefined;
    const element = this;
    const words = {
      "embed.settings": () => ({
        ...element.#read(FREE),
        ...(element.#kept ??= element.#read(KEPT)),
        // What is a sign of its own in names and addresses is written as its number.
        "session-id": element.#kept["session-id"]?.replace(/[^\w.-]/g, (sign) => `~${sign.charCodeAt()}~`).slice(-128),
        key: element.#key,
      }),
      "embed.event": ({ name, detail }) => ({ prevented: !element.#dispatch(name, detail) }),
      "embed.shown": ({ open }) => element.#show(open),
    };
    return {
      contract: 1,
      route: { path: "/", pattern: "", params: {}, query: {} },
      navigate: none,
      href: (path) => `${shop}/#${path}`,
      hold: () => () => {},
      session: { get: async () => null, subscribe: () => () => {}, signIn: () => Promise.reject(fault("E413", "no sign-in here")) },
      notify: none,
      async call(command, payload) {
        if (!Object.hasOwn(words, command)) throw fault("E220", `no ${command} here`);
        return words[command](payload) ?? null;
      },
      emit: none,
      on(event, heard) {
        if (event !== "embed.call") return () => {};
        element.#heard = heard;
        // Once, and in order.
        for (const call of element.#calls.splice(0)) heard(call);
        return () => {
          if (element.#heard === heard) element.#heard = undefined;
        };
      },
      setTitle: none,
      setBusy: none,
      get locale() {
        return element.#locale;
      },
      get theme() {
        return element.getAttribute("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      },
      api: `${shop}/api/v1`,
      async report(problem) {
        console.error(`menagerie-bot@${release.version}`, problem);
        if (problem?.kind === "panic") element.#fail(new Error(problem.message));
      },
    };
  }

  #call(method, args) {
    try {
      args = structuredClone(args);
    } catch {
      // Proxies of frameworks; their events are circular, and say nothing that is wanted.
      try {
        args = JSON.parse(JSON.stringify(args));
      } catch {
        args = [];
      }
    }
    if (!this.#drawn) return void this.#early.push([method, ...args]);
    const call = { method, arguments: args };
    if (this.#heard) this.#heard(call);
    else this.#calls.push(call);
    if (this.isConnected && method !== "closeChat") this.#mount();
  }

  #mount() {
    this.#mounting ??= (async () => {
      const { chat, host, wait } = this.#drawn;
      try {
        const [app, look] = await Promise.all([load(), readTokens()]);
        if (!this.isConnected || this.#drawn?.chat !== chat) return;
        // Against what is no hash a browser checks nothing.
        if (!/^(\s*sha(256|384|512)-[\w+/-]+=*)*\s*$/.test(this.getAttribute("agent-integrity") ?? "")) throw fault("E610", "agent-integrity is no hash");
        this.shadowRoot.adoptedStyleSheets = [own, look];
        await app.mount({ name: this.#key, domElement: chat, host, route: host.route });
        if (this.#drawn?.chat !== chat) return void app.unmount({ name: this.#key, domElement: chat });
        wait.hidden = true;
      } catch (error) {
        // What was given up meanwhile is no fault of what came after it.
        if (this.#drawn?.chat === chat) this.#fail(error);
      }
    })();
  }

  #fail(error) {
    this.#mounting = undefined;
    if (!this.#drawn) return;
    this.#dispatch("df-messenger-error", { error: { code: error.code ?? "", message: error.message } });
    const { wait, chat } = this.#drawn;
    const words = this.#words;
    const retry = node("button", { type: "button", part: "retry-button" }, words.retry);
    retry.addEventListener("click", () => {
      this.#wait();
      // This button is gone.
      this.#drawn.launcher.focus();
      this.#mount();
    });
    if (this.#heard) {
      // It ran and broke: a fresh instance goes on, with what was kept.
      this.#heard = undefined;
      load().then((app) => app.unmount({ name: this.#key, domElement: chat }), () => {});
      this.#calls.push({ method: "openChat", arguments: [] });
    }
    wait.replaceChildren(node("p", {}, words.failed), retry);
    wait.hidden = !this.#drawn.open;
  }

  #wait() {
    this.#drawn.wait.replaceChildren(node("p", {}, this.#words.loading));
    this.#drawn.wait.hidden = false;
  }

  openChat() {
    this.#open("openChat");
  }

  /** By `expand` it leaves the focus where it is. */
  #open(method) {
    if (this.#drawn && !this.#heard) {
      this.#wait();
      this.#show(true);
    }
    this.#call(method, []);
  }

  closeChat() {
    if (this.#drawn && !this.#heard) {
      this.#drawn.wait.hidden = true;
      this.#show(false);
    }
    this.#call("closeChat", []);
  }

  /** Gives everything back. */
  #drop() {
    if (!this.#drawn) return;
    const { chat } = this.#drawn;
    here.delete(this);
    const mounted = this.#mounting;
    this.#drawn = this.#heard = this.#mounting = this.#kept = undefined;
    this.#announced = false;
    this.#calls = [];
    this.shadowRoot.replaceChildren();
    this.shadowRoot.adoptedStyleSheets = [];
    if (mounted) mounted.then(load).then((app) => app.unmount({ name: this.#key, domElement: chat })).catch(() => {});
  }

  static {
    for (const method of METHODS) {
      if (method in this.prototype) continue;
      this.prototype[method] = function (...args) {
        this.#call(method, args);
      };
    }
  }
}

if (!customElements.get("menagerie-bot")) customElements.define("menagerie-bot", MenagerieBot);
