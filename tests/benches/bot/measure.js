// A function body that measures the chat on its page; the answer is a `Run`.
/* Sentences that need no server. */
const QUESTIONS = [
  "what are your opening hours", "thank you", "who are you", "how are you", "what can you do", "how can I pay",
  "do you keep what I write", "you are great", "where can I see my cart", "my dog is called Rex",
];
const TIMES = 4;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
/** The end of a frame: what was changed before is on the screen. */
const painted = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(0);
}));
/** When something is so, to the frame. */
const until = (found) => new Promise((done, fail) => {
  const late = performance.now() + 25_000;
  const look = () => {
    if (found()) done(performance.now());
    else if (performance.now() > late) fail(new Error(`not in time: ${found}`));
    else requestAnimationFrame(look);
  };
  look();
});
const long = (from, to) => observed.longtask.filter((e) => e.startTime >= from && e.startTime < to).map((e) => e.duration);

return (async () => {
  await customElements.whenDefined("menagerie-bot");
  // What is fetched when the page has nothing else to do counts too.
  await pause(2500);
  const bot = document.querySelector("menagerie-bot");
  const $ = (css) => bot.shadowRoot.querySelector(css);
  const answered = () => bot.shadowRoot.querySelectorAll("[data-test=answered]").length;
  const clicked = performance.now();
  $(".launcher").click();
  await until(() => $("[data-test=bot-panel]")?.checkVisibility());
  const open = (await painted()) - clicked;
  const welcomed = await until(answered);
  bot.sendQuery(QUESTIONS[0]);
  const learnt = await until(() => answered() > 1);
  await pause(300);
  const run = {
    open, welcome: welcomed - clicked, learnt: learnt - welcomed, learning: long(clicked, learnt),
    long_tasks: long(0, clicked),
    shift: observed["layout-shift"].filter((e) => e.startTime < clicked).reduce((sum, e) => sum + e.value, 0),
    answers: [], painted: [],
  };
  const field = $("[data-test=bot-input]");
  for (let n = 0; n < TIMES * QUESTIONS.length; n += 1) {
    field.value = QUESTIONS[n % QUESTIONS.length];
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    await painted();
    // Somebody types at any moment of a frame.
    await pause(Math.random() * 40);
    const before = answered();
    const shown = new Promise((done) => {
      const watch = new MutationObserver(() => {
        if (answered() === before) return;
        watch.disconnect();
        done(performance.now());
      });
      watch.observe($("[data-test=bot-log]"), { childList: true, subtree: true });
    });
    const pressed = performance.now();
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true, cancelable: true }));
    run.answers.push((await shown) - pressed);
    run.painted.push((await painted()) - pressed);
  }
  return run;
})();
