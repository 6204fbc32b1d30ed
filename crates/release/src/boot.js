// Starts the shell: fetches its wasm against its hash, and has the page say so when it cannot (`shell/before_paint.js`).
const release = /*@release*/;
/*@create*/

const failed = (error, told) => {
  console.error(error);
  globalThis.shellFailed?.(error, told);
};

// A connection that broke is nobody's fault, nor is a server that fails; bytes that are others than the release's are.
const fetched = async (address, integrity) => {
  try {
    return await fetch(address, { integrity });
  } catch {
    // Of whatever came in its place nothing is kept.
  }
  try {
    return await fetch(address, { integrity, cache: "reload" });
  } catch (error) {
    const isAway = await fetch(address).then(({ status }) => status === 429 || status >= 500, () => true);
    throw Object.assign(error, { isAway });
  }
};

try {
  const file = release.files[release.module];
  const address = new URL(release.module, import.meta.url).href;
  const response = await fetched(address, file.integrity);
  if (!response.ok) throw new Error(`${release.module}: HTTP ${response.status}`);
  const shell = create();
  shell.initSync({ module: await WebAssembly.compileStreaming(response) });
  // A shell that panics tells of it itself.
  shell.start((url) => import(url), (error) => failed(error, true));
} catch (error) {
  failed(error, error?.isAway);
}
