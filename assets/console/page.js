// The page of the operators' microapps: mounts the one whose route the address has, against its hash, and is never silent.
const places = [...document.querySelectorAll(".place")].map((element) => {
  const { name, routes, entry, integrity, module } = element.dataset;
  return { element, props: { name, domElement: element }, routes: routes.split(" "), entry, integrity, module };
});
const state = document.getElementById("state");
/** What is said here, in the language of the page. */
const says = state.dataset;
const [loading] = state.children;

const fits = (route, path) => {
  const [wanted, given] = [route.split("/"), path.split("/")];
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith("{") || part === given[at]);
};

/** Where the address leads; to the first one, which says that there is nothing, where it leads nowhere. */
const wanted = () => {
  const path = location.hash.replace(/^#\/?/, "/").split("?")[0].replace(/(?!^)\/+$/, "");
  return places.find(({ routes }) => routes.some((route) => fits(route, path))) ?? places.find(atFront) ?? places[0];
};
const atFront = ({ routes }) => routes.includes("/");

const preload = (rel, href, attributes) => {
  const link = document.createElement("link");
  const loaded = new Promise((resolve, reject) => {
    Object.assign(link, { rel, href, crossOrigin: "anonymous", ...attributes });
    link.onload = resolve;
    link.onerror = () => reject(new Error(says.lost));
    document.head.append(link);
  });
  return loaded.finally(() => link.remove());
};

/** The entry module. One that failed stays failed under its address: the next try has another. */
const load = async (place) => {
  const attempt = (place.attempts = (place.attempts ?? -1) + 1);
  const href = `${place.entry}${attempt ? `?r=${attempt}` : ""}`;
  // The entry fetches it again, against its hash; by then it is here.
  if (place.module && !attempt) preload("preload", place.module, { as: "fetch" }).catch(() => {});
  await preload("modulepreload", href, { integrity: place.integrity });
  return (place.app = await import(href));
};

const node = (tag, text, attributes) => Object.assign(document.createElement(tag), { textContent: text }, attributes);

/** How long it may take until it stands, in milliseconds. */
const PATIENCE = 20_000;
const late = () =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(says.late)), PATIENCE));

/** What is mounted. */
let shown;
/** Whether anything has been: from then on the focus goes along. */
let stood = false;

const leave = async () => {
  const place = shown;
  shown = undefined;
  if (place) await place.app.unmount(place.props).catch(() => {});
};

const asking = document.getElementById("leave");
for (const button of asking.querySelectorAll("button")) button.onclick = () => asking.close(button.value);

/** Whether what is shown has something that is not saved: it holds the page then, as the browser would ask it. */
const holds = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));

/** Whether that may go. */
const ask = () =>
  new Promise((answer) => {
    // Escape is no.
    asking.returnValue = "";
    asking.onclose = () => answer(asking.returnValue === "go");
    asking.showModal();
  });

/** The address of what is shown. */
let here;

const show = async () => {
  let place = shown;
  let agreed = false;
  /** Whether what is shown stays after all; whoever agreed that it goes is asked once. */
  const stays = async () => {
    if (agreed || !shown || !holds()) return false;
    agreed = await ask();
    // It never heard of another address.
    if (!agreed) history.replaceState(null, "", here);
    return !agreed;
  };
  try {
    if (place && wanted() !== place && (await stays())) return;
    if (place && wanted() === place) {
      here = location.href;
      return await place.app.update(place.props);
    }
    if (!place) {
      state.replaceChildren(loading);
      state.hidden = false;
    }
    // What was here stays while the next one loads, and somebody may type there; the address may have changed by then.
    do {
      place = wanted();
      if (!place.app) await Promise.race([load(place), late()]);
    } while (wanted() !== place);
    // Somebody who is back where they were is not led away; the next turn tells it.
    if (place === shown || (await stays())) return;
    await leave();
    shown = place;
    here = location.href;
    await Promise.race([place.app.mount(place.props), late()]);
    state.hidden = true;
    if (stood) {
      scrollTo(0, 0);
      place.element.querySelector("h1")?.focus();
    }
    stood = true;
  } catch (error) {
    if (shown && shown !== place && (wanted() === shown || (await stays()))) return;
    await stopped(says.failed, error, place);
  }
};

const stopped = async (what, error, place) => {
  const text = String(error?.message ?? error);
  await leave();
  if (place) place.app = undefined;
  const again = node("button", says.again, { type: "button", onclick: go });
  state.replaceChildren(node("h1", what), node("p", text), again);
  state.hidden = false;
};

/** One after the other: what is unmounted is gone before the next one is mounted. */
let moving = Promise.resolve();
const go = () => (moving = moving.then(show));

// The router has the hash: skipping must not be an address.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("hashchange", go);
// A panicked instance answers no more; a fresh one does.
addEventListener("menagerie:report", ({ detail }) => {
  if (detail?.kind === "panic" && shown) stopped(says.stopped, new Error(detail.message), shown);
});
go();
