// Before the first paint: the theme that was chosen on an earlier visit.
try {
  const theme = localStorage.getItem("menagerie/theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
