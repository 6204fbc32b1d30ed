// One release on this page, taken through its lifecycle as a shell does, each step within its deadline.
import { hostFor } from "./host.js";

const { native, noted } = window.__check;
/** As the shell has them (docs/contract.md, "Never silent"), in milliseconds. */
const DEADLINES = { load: 10_000, bootstrap: 4_000, mount: 3_000, update: 3_000, unmount: 3_000 };
/** What a step that is late or fails is called. */
const CODES = {
  load: ["E201", "E217"],
  bootstrap: ["E208", "E209"],
  mount: ["E205", "E206"],
  update: ["E212", "E213"],
  unmount: ["E210", "E211"],
};

export const pause = (ms) => new Promise((done) => native.setTimeout(done, ms));

/** A lifecycle: a function, or several. As in the shell, what is none does not count. */
const functions = (entry, name) => [entry?.[name]].flat().filter((work) => typeof work === "function");

/** A path that fits `pattern`, as the shell would tell of it. */
export const route = (pattern, query = {}) => {
  const params = {};
  const path = pattern.replace(/\{([^}]+)\}/g, (_, name) => {
    params[name] = "1";
    return "1";
  });
  return { path, pattern, params, query };
};

export class Microapp {
  steps = [];
  findings = [];

  constructor({ release, base }, where) {
    Object.assign(this, { release, base, where });
    this.slot = document.getElementById("slot");
    this.note = this.note.bind(this);
  }

  get routes() {
    const { routes } = this.release;
    return routes?.length ? routes : ["/"];
  }

  note(code, place, what) {
    const known = this.findings.some((finding) => finding.code === code && finding.what === what);
    if (!known) this.findings.push({ code, place: this.where ? `${place}, ${this.where}` : place, what });
  }

  /** Runs a step; whether it went well. */
  async step(name, place, work) {
    const began = performance.now();
    let timer;
    const late = new Promise((_, reject) => (timer = native.setTimeout(() => reject(DEADLINES), DEADLINES[name])));
    try {
      await Promise.race([work(), late]);
      this.steps.push({ step: name, place, ms: performance.now() - began });
      return true;
    } catch (error) {
      const [slow, failed] = CODES[name];
      if (error === DEADLINES) this.note(slow, place, `${name} took more than ${DEADLINES[name] / 1000} s`);
      else this.note(failed, place, `${name}: ${error?.message ?? error}`);
      return false;
    } finally {
      native.clearTimeout(timer);
    }
  }

  /** One after the other. */
  async run(name, props) {
    for (const work of functions(this.entry, name)) await work(props);
  }

  async load() {
    const { release, base } = this;
    const address = new URL(base + release.entry, location.href).href;
    const went = await this.step("load", release.entry, async () => {
      const { integrity } = release.files[release.entry];
      await new Promise((resolve, reject) => {
        const link = Object.assign(document.createElement("link"), { rel: "modulepreload", href: address, integrity });
        link.onload = resolve;
        link.onerror = () => reject(new Error("the browser refuses the entry module"));
        document.head.append(link);
      });
      const module = await import(address);
      // As the shell does: single-spa's helpers also export everything as the default.
      const isWhole = (entry) => ["mount", "unmount"].every((name) => functions(entry, name).length > 0);
      this.entry = [module, module.default].find(isWhole) ?? module;
    });
    if (!went) return false;
    for (const name of ["mount", "unmount"]) {
      if (!functions(this.entry, name).length) this.note("E214", release.entry, `there is no \`${name}\``);
    }
    if (release.commands?.length && typeof this.entry.command !== "function") {
      this.note("E140", release.entry, `${release.commands.join(", ")} cannot be called`);
    }
    return this.findings.length === 0;
  }

  async bootstrap(host) {
    return this.step("bootstrap", this.release.entry, () => this.run("bootstrap", { name: this.release.name, host }));
  }

  /** Loads and bootstraps. */
  async start() {
    this.hosted = hostFor(this.release, this.note);
    return (await this.load()) && (await this.bootstrap(this.hosted.host));
  }

  async mount(pattern) {
    this.hosted = hostFor(this.release, this.note);
    this.domElement = document.createElement("div");
    this.domElement.dataset.app = this.release.name;
    this.slot.append(this.domElement);
    const { name } = this.release;
    this.props = { name, domElement: this.domElement, route: route(pattern), host: this.hosted.host };
    return this.step("mount", pattern, () => this.run("mount", this.props));
  }

  async update(pattern) {
    const props = { ...this.props, route: route(pattern, { checked: "1" }) };
    return this.step("update", pattern, () => this.run("update", props));
  }

  async unmount(pattern) {
    const went = await this.step("unmount", pattern, () => this.run("unmount", this.props));
    const left = this.domElement.childNodes.length;
    if (went && left > 0) this.note("E131", `${pattern}, after unmount`, `${left} nodes are left in its element`);
    this.hosted.end();
    this.domElement.remove();
    this.domElement = this.props = this.hosted = undefined;
    return went;
  }

  /** What it did until now, for the outside. */
  outcome() {
    const errors = noted.errors.splice(0);
    for (const { code, place, what } of errors) this.note(code, place, what);
    return { steps: this.steps, findings: this.findings, measured: this.measured };
  }
}

/** Waits until nothing has changed below `element` for a while. */
export const quiet = async (element) => {
  let changed = performance.now();
  const observer = new MutationObserver(() => (changed = performance.now()));
  observer.observe(element, { subtree: true, childList: true, attributes: true, characterData: true });
  const began = performance.now();
  do await pause(50);
  while (performance.now() - changed < 250 && performance.now() - began < 3_000);
  observer.disconnect();
};
