// Starts the shell: fetches its wasm against its hash, and has the page say so when it cannot (`shell/before_paint.js`).
const release = /*@release*/;
/*@create*/
/*@guard*/
/** `kind` is what the rollout is told; nothing for what is no fault of the release. */
const failed = (error, kind) => {
  console.error(error);
  globalThis.shellFailed?.(error, kind);
};
let stopped = false;
const panicked = once((message) => {
  stopped = true;
  failed(message, "panicked");
});

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
  const shell = create(guardian(panicked));
  shell.initSync({ module: await WebAssembly.compileStreaming(response) });
  shell.start((url) => import(url), panicked);
} catch (error) {
  // A panic has told of itself.
  if (stopped) console.error(error);
  else failed(error, error?.isAway ? undefined : "failed");
}
