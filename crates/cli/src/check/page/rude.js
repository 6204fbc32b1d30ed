// A neighbour with bad manners, of the kinds that old libraries and monitoring scripts have: it adds to the
// prototypes of the language, puts its own functions in place of the browser's, and takes the usual names.
(() => {
  for (const kind of [Object, Array, String, Function, Promise, Map]) kind.prototype.rude = function () {};
  const around = (owner, name) => {
    const was = owner[name];
    owner[name] = function (...given) {
      return Reflect.apply(was, this, given);
    };
  };
  for (const name of ["forEach", "map", "filter", "push", "includes"]) around(Array.prototype, name);
  for (const name of ["trim", "replace", "split"]) around(String.prototype, name);
  for (const name of ["then", "catch", "finally"]) around(Promise.prototype, name);
  for (const name of ["append", "remove", "replaceChildren", "setAttribute"]) around(Element.prototype, name);
  for (const name of ["appendChild", "insertBefore", "removeChild"]) around(Node.prototype, name);
  for (const name of ["addEventListener", "removeEventListener"]) around(EventTarget.prototype, name);
  for (const name of ["parse", "stringify"]) around(JSON, name);
  around(window, "fetch");
  around(console, "error");
  window.define = Object.assign(() => {}, { amd: {} });
  window.module = { exports: {} };
  window.exports = window.module.exports;
  window.process = { env: {} };
  window.global = window;
  window.wasm_bindgen = window.init = window.app = "taken";
  addEventListener("DOMContentLoaded", () => {
    for (const id of ["app", "root", "main"]) {
      const element = document.createElement("div");
      element.id = id;
      document.body.append(element);
    }
  });
})();
