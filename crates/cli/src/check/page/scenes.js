// What `menagerie check` does on a page. Each scene has a page of its own; the program outside asks for it, counts what is
// alive in between, and reads the outcome.
import { Microapp, pause, quiet } from "./microapp.js";
import { differences, looks, moveIn, names, neighbours, strangers } from "./styles.js";

const { noted } = window.__check;
const MOST_DIFFERENCES = 3;

/** Every route: mount, update, unmount. */
async function lifecycle(subject, where) {
  const app = new Microapp(subject, where);
  if (await app.start()) {
    for (const pattern of app.routes) {
      if (await app.mount(pattern)) {
        await quiet(app.domElement);
        await app.update(pattern);
      }
      await app.unmount(pattern);
    }
  }
  return app.outcome();
}

/** The page without what may come and stay: the address of a module that was fetched. */
const page = () => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll("link[rel=modulepreload]").forEach((link) => link.remove());
  return copy.outerHTML;
};

let cycled;
const cycles = {
  async begin(subject) {
    cycled = new Microapp(subject, "");
    const went = await cycled.start();
    cycled.before = { page: page(), sheets: document.adoptedStyleSheets.length, running: new Set(noted.running.keys()) };
    return went;
  },
  async run(count) {
    const pattern = cycled.routes[0];
    for (let round = 0; round < count; round += 1) {
      if (!(await cycled.mount(pattern))) break;
      if (!(await cycled.unmount(pattern))) break;
    }
    await pause(300);
    const { before, note } = cycled;
    const after = `after ${count} mounts`;
    if (page() !== before.page) note("E131", after, `the page is another: ${changed(before.page, page())}`);
    const sheets = document.adoptedStyleSheets.length - before.sheets;
    if (sheets > 0) note("E131", after, `${sheets} style sheets are left`);
    for (const [id, { kind, ms, place }] of noted.running) {
      if (!before.running.has(id) && kind === "setInterval") note("E131", place, `a ${kind} of ${ms} ms runs on`);
    }
    const { started } = noted;
    await pause(500);
    if (noted.started > started) note("E131", after, `timers go on being set: ${noted.lastStarted}`);
    const mounts = cycled.steps.filter(({ step }) => step === "mount").map(({ ms }) => ms).sort((a, b) => a - b);
    cycled.measured = `the middle one in ${Math.round(mounts[mounts.length >> 1] ?? 0)} ms`;
    const outcome = cycled.outcome();
    cycled = undefined;
    return outcome;
  },
};

/** Around the first place where two texts differ. */
const changed = (before, after) => {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  return after.slice(Math.max(0, at - 20), at + 60).replace(/\s+/g, " ") || "something is missing at its end";
};

const noteAll = (app, code, place, found) => {
  for (const what of found.slice(0, MOST_DIFFERENCES)) app.note(code, place, what);
  if (found.length > MOST_DIFFERENCES) app.note(code, place, `and ${found.length - MOST_DIFFERENCES} more elements`);
};

/** Neighbours look the same with the microapp and after it; it looks the same with rude neighbours. */
async function styles(subject) {
  const app = new Microapp(subject, "");
  const sheets = (subject.release.styles ?? []).map(async (file) => (await fetch(subject.base + file)).text());
  const found = names((await Promise.all(sheets)).join("\n"));
  const stranger = strangers(found.classes);
  document.body.append(stranger);
  if (!(await app.start())) return app.outcome();
  const pattern = app.routes[0];
  const before = looks(stranger);
  let elements = 0;
  if (await app.mount(pattern)) {
    await quiet(app.domElement);
    noteAll(app, "E132", "while it is mounted", differences(before, looks(stranger)));
    for (let element = app.domElement; element; element = element.parentElement) element.dataset.ancestor = "";
    const first = looks(app.domElement);
    elements = first.size;
    await pause(250);
    const steady = looks(app.domElement);
    for (const [name, css] of Object.entries(neighbours(found))) {
      for (const place of ["before", "after"]) {
        const moveOut = moveIn(css, place);
        noteAll(app, "E133", `a neighbour's ${name}`, differences(first, looks(app.domElement), steady));
        moveOut();
      }
    }
  }
  await app.unmount(pattern);
  noteAll(app, "E132", "after it was unmounted", differences(before, looks(stranger)));
  app.measured = `${elements} elements of its own, ${before.size} around it`;
  return app.outcome();
}

/** On a page that has no shell: without a host, without an element. */
async function foreign(subject) {
  const app = new Microapp(subject, "on a page without a shell");
  if (!(await app.load())) return app.outcome();
  const before = { title: document.title, address: location.href, entries: history.length, page: page() };
  const props = { name: subject.release.name };
  if ((await app.bootstrap()) && (await app.step("mount", "/", () => app.run("mount", props)))) {
    const own = document.getElementById(`single-spa-application:${props.name}`);
    if (own) await quiet(own);
    if (document.title !== before.title) app.note("E136", "document.title", `it is ${document.title} now`);
    if (location.href !== before.address) app.note("E136", "location", `it is ${location.href} now`);
    if (history.length !== before.entries) app.note("E136", "history", "it has more entries than before");
    await app.step("unmount", "/", () => app.run("unmount", props));
    if (page() !== before.page) app.note("E131", "after unmount", `the page is another: ${changed(before.page, page())}`);
  }
  return app.outcome();
}

window.__check.scenes = { lifecycle, cycles, styles, foreign };
