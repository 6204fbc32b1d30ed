// Starts the shell: fetches its wasm against its hash, and says so on the page when it cannot.
const release = /*@release*/;
/*@create*/

const failed = (error) => {
  console.error(error);
  const notice = document.getElementById("shell-failure");
  if (!notice) return;
  notice.hidden = false;
  const reason = notice.querySelector("[data-reason]");
  if (reason) reason.textContent = `E240 ${error?.message ?? error}`;
  notice.querySelector("button")?.addEventListener("click", () => location.reload());
};

try {
  const file = release.files[release.module];
  const address = new URL(release.module, import.meta.url).href;
  const response = await fetch(address, { integrity: file.integrity });
  if (!response.ok) throw new Error(`${release.module}: HTTP ${response.status}`);
  const shell = create();
  shell.initSync({ module: await WebAssembly.compileStreaming(response) });
  shell.start((url) => import(url), failed);
} catch (error) {
  failed(error);
}
