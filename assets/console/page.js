// The page of the operators' console: mounts the microapp that it names, against its hash, and is never silent.
const place = document.getElementById("app");
const state = document.getElementById("state");
const { entry, integrity } = place.dataset;
const page = { name: "console", domElement: place };

/** The entry module. One that failed stays failed under its address: the next try has another. */
const load = async (attempt) => {
  const href = `${entry}${attempt ? `?r=${attempt}` : ""}`;
  const link = document.createElement("link");
  await new Promise((resolve, reject) => {
    Object.assign(link, { rel: "modulepreload", href, integrity, crossOrigin: "anonymous" });
    link.onload = resolve;
    link.onerror = () => reject(new Error("E215 its files could not be fetched, or are not what they should be"));
    document.head.append(link);
  }).finally(() => link.remove());
  return import(href);
};

const node = (tag, text, attributes) => Object.assign(document.createElement(tag), { textContent: text }, attributes);

/** How long it may take until it stands, in milliseconds. */
const PATIENCE = 20_000;
const late = () =>
  new Promise((_, reject) => setTimeout(() => reject(new Error("E205 it did not mount within 20 s")), PATIENCE));

let attempts = 0;
let app;

const start = async () => {
  state.replaceChildren(node("p", "The console is loading …"));
  state.hidden = false;
  try {
    const starting = load(attempts++).then((loaded) => (app = loaded).mount(page));
    await Promise.race([starting, late()]);
    state.hidden = true;
  } catch (error) {
    await stopped("The console could not be started", error);
  }
};

const stopped = async (what, error) => {
  const text = String(error?.message ?? error);
  await app?.unmount(page).catch(() => {});
  app = undefined;
  const again = node("button", "Start it again", { type: "button", onclick: start });
  state.replaceChildren(node("h1", what), node("p", text), again);
  state.hidden = false;
};

// The router has the hash: skipping must not be an address.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("hashchange", () => app?.update(page));
// A panicked instance answers no more; a fresh one does.
addEventListener("menagerie:report", ({ detail }) => {
  if (detail?.kind === "panic" && app) stopped("The console stopped (E207)", new Error(detail.message));
});
start();
