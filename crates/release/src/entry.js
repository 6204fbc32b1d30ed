// The entry module of a wasm microapp (contract 1): one compiled module per page, one instance per mount.
const release = /*@release*/;
/*@create*/
/*@guard*/
const { name, version, module, styles, files } = release;
/** Live instances, by the element or, without one, the name that they were mounted under. */
const instances = new Map();
let compiled;
let sheets;
/** Whether an instance was mounted: what that runs is compiled then. */
let warm = false;
/** By language: what the wasm says in it. */
const texts = new Map();
/** For commands while nothing is mounted. It is no mount's, so it does not end. */
let commandHost;

/** A file of this release. A query on our own address (Retry) goes along, so that nothing stale is used. */
const address = (file) => {
  const url = new URL(file, import.meta.url);
  url.search = new URL(import.meta.url).search;
  return url.href;
};

const fetched = async (file) => {
  const response = await fetch(address(file), { integrity: files[file].integrity });
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`);
  return response;
};

/** A file of this release, for the microapp to fetch. */
const file = (name) => files[name] && { address: address(name), integrity: files[name].integrity };

/** Keeps the promise of a success, forgets that of a failure. */
const remember = (promise, forget) => {
  promise.catch(forget);
  return promise;
};

const compile = () =>
  (compiled ??= remember(WebAssembly.compileStreaming(fetched(module)), () => (compiled = undefined)));

const readSheets = () =>
  (sheets ??= remember(
    Promise.all(styles.map(async (file) => new CSSStyleSheet().replace(await (await fetched(file)).text()))),
    () => (sheets = undefined),
  ));

/** The language of the page, without its region. */
const languageOf = (host) => `${host?.locale ?? ""}`.toLowerCase().split("-")[0];

/** What the wasm says in a language; nothing where it has only its own, or the file cannot be had. */
const readTexts = (language) => {
  const name = `locale.${language}.json`;
  if (!files[name]) return undefined;
  if (!texts.has(language)) {
    const read = async () => (await fetched(name)).json();
    texts.set(language, read().catch((error) => void (texts.delete(language), console.warn(error))));
  }
  return texts.get(language);
};

/** Puts the style sheets on the page or shadow root that `element` is in; the answer takes them off again. */
const adopt = (element, list) => {
  const adopted = element.getRootNode().adoptedStyleSheets;
  adopted.push(...list);
  return () => {
    // One that is gone already (-1) is looked for behind the last.
    for (const sheet of list) adopted.splice(adopted.indexOf(sheet) >>> 0, 1);
  };
};

/** The element that single-spa's own helpers would use. */
const ownElement = (appName) => {
  const id = `single-spa-application:${appName}`;
  let element = document.getElementById(id);
  if (!element) {
    element = document.createElement("div");
    element.id = id;
    document.body.append(element);
  }
  return element;
};

/** A page without our shell gets a host of its own; pages with one never fetch it. */
const standInHost = async (props) => {
  const href = address("host.js");
  const link = document.createElement("link");
  await new Promise((resolve, reject) => {
    Object.assign(link, { rel: "modulepreload", href, integrity: files["host.js"].integrity });
    link.crossOrigin = "anonymous";
    link.onload = resolve;
    link.onerror = () => reject(new Error("host.js could not be had"));
    document.head.append(link);
  }).finally(() => link.remove());
  return (await import(href)).host({ ...props, release, command });
};

const start = async (host) => {
  const language = languageOf(host);
  const [wasm, said] = await Promise.all([compile(), readTexts(language)]);
  let die;
  const died = new Promise((_, reject) => (die = reject));
  died.catch(() => {});
  const stopped = once((message) => {
    die(Object.assign(new Error(message), { name: "Panic" }));
    host.report({ kind: "panic", message });
  });
  const app = create(guardian(stopped));
  app.initSync({ module: wasm });
  app.microapp_on_panic(stopped);
  const instance = { app, host };
  if (said) app.microapp_speak?.(language, said);
  /** What the instance answers, or its panic: a panicked instance never answers. */
  instance.run = (call) => Promise.race([died, new Promise((resolve) => resolve(call(app)))]);
  return instance;
};

export async function bootstrap(props) {
  commandHost = props?.host ?? commandHost;
  await Promise.all([compile(), readSheets(), readTexts(languageOf(commandHost))]);
}

export async function mount(props) {
  const key = props.domElement ?? props.name ?? name;
  const mounting = { undo: [] };
  instances.set(key, mounting);
  const domElement = props.domElement ?? ownElement(props.name ?? name);
  // Whoever has left may have taken its element off the page.
  const stillWanted = () => {
    if (instances.get(key) !== mounting || !domElement.getRootNode().adoptedStyleSheets)
      throw new Error(`${name} was unmounted while it mounted`);
  };
  mounting.domElement = domElement;
  mounting.owned = !props.domElement;
  const host = props.host ?? (await standInHost({ ...props, domElement }));
  commandHost ??= props.host;
  if (!props.host) mounting.undo.push(() => host.dispose());
  const list = await readSheets();
  const instance = await start(host);
  // In a task of its own: code that runs for the first time is slow, and a page that is busy for long answers nobody.
  // A tab that nobody sees keeps nobody waiting, and its timers are slow.
  const cold = !warm && !document.hidden;
  if (cold) await new Promise((resume) => setTimeout(resume));
  warm = true;
  stillWanted();
  mounting.undo.push(adopt(domElement, list));
  mounting.instance = instance;
  const route = props.route ?? host.route ?? { path: "/", pattern: "/", params: {}, query: {} };
  const given = { ...props, cold: cold && props.first, file, name: props.name ?? name, domElement, route, host };
  await instance.run((app) => app.microapp_mount(given));
  if (instances.get(key) !== mounting) await instance.run((app) => app.microapp_unmount());
  stillWanted();
}

export async function update(props) {
  const mounted = instances.get(props.domElement ?? props.name ?? name);
  if (!mounted?.instance) return;
  const { host } = mounted.instance;
  await mounted.instance.run((app) => app.microapp_update({ host, route: host.route, ...props }));
}

export async function unmount(props) {
  const key = props.domElement ?? props.name ?? name;
  const mounted = instances.get(key);
  if (!mounted) return;
  instances.delete(key);
  try {
    if (mounted.instance) await mounted.instance.run((app) => app.microapp_unmount());
  } finally {
    mounted.domElement?.replaceChildren();
    mounted.domElement?.classList.remove(`m-${name}`, "m-root");
    if (mounted.owned) mounted.domElement.remove();
    for (const undo of mounted.undo.reverse()) undo();
  }
}

export async function unload() {
  compiled = undefined;
  sheets = undefined;
}

export async function command(command, payload) {
  const mounted = [...instances.values()].find(({ instance }) => instance);
  const instance = mounted?.instance ?? (await start((commandHost ??= await standInHost({ name }))));
  return instance.run((app) => app.microapp_command(command, payload, instance.host));
}
