// Before anything of the page runs: what would otherwise be gone.
window.observed = { longtask: [], "layout-shift": [] };
for (const type of Object.keys(observed)) {
  new PerformanceObserver((list) => observed[type].push(...list.getEntries())).observe({ type, buffered: true });
}
