// The page on which site owners try the chat: attributes, methods and events, as docs/embed.md has them.
const bot = document.querySelector("menagerie-bot");
const snippet = document.getElementById("snippet");
const events = document.getElementById("events");

const show = () => {
  const script = `<script type="module" src="${new URL("bot.js", location.href)}"></script>`;
  snippet.textContent = `${script}\n${bot.cloneNode().outerHTML}`;
};

document.getElementById("attributes").addEventListener("input", ({ target }) => {
  if (target.value) bot.setAttribute(target.name, target.value);
  else bot.removeAttribute(target.name);
  show();
});

for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => {
    const [method, ...rest] = JSON.parse(button.dataset.call);
    bot[method](...rest);
  });
}

const NAMES = [
  "df-messenger-loaded", "df-messenger-error", "df-chat-open-changed", "df-user-input-entered", "df-request-sent",
  "df-response-received", "df-chip-clicked", "df-button-clicked", "df-info-card-clicked", "df-list-element-clicked",
  "df-accordion-clicked",
];
for (const name of NAMES) {
  bot.addEventListener(name, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = `${name} ${JSON.stringify(detail).slice(0, 160)}`;
    events.prepend(line);
  });
}
show();
