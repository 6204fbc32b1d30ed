// Starts the shell: fetches its wasm against its hash, and says so on the page when it cannot.
const release = /*@release*/;
/*@create*/

// The shell cannot say this of itself, and a rollout of it goes by what visitors see.
const tell = () => {
  try {
    const config = document.querySelector("meta[name=menagerie-config]").content;
    const { url, token } = JSON.parse(config).reports;
    let visitor;
    try {
      visitor = localStorage.getItem("menagerie/visitor");
    } catch {
      // Storage is blocked: one visitor for this page.
    }
    visitor ??= crypto.randomUUID();
    const mounts = [{ app: release.name, version: release.version, kind: "failed", ms: 0 }];
    navigator.sendBeacon(url, JSON.stringify({ token, visitor, mounts }));
  } catch {
    // Nobody asks, or nobody may be told.
  }
};

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
  tell();
}
