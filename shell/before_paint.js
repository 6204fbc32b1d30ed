// Before the first paint: the theme that was chosen on an earlier visit, and whether this is the front page, which has a
// search field of its own. A header that grew later would push the page down under the shopper's finger.
try {
  const theme = localStorage.getItem("menagerie/theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
document.documentElement.toggleAttribute("data-front", /^#?\/?(\?|$)/.test(location.hash));
