// What elements look like, and what neighbours' style sheets may not change.

/** Properties that say where an element came to stand, not how it is styled. */
const PLACED = /^(top|right|bottom|left|inset)/;

const styleOf = (element, pseudo) => {
  const computed = getComputedStyle(element, pseudo);
  const isPlaced = ["absolute", "fixed"].includes(computed.position);
  const found = {};
  for (const name of computed) {
    if (!name.startsWith("--") && !(isPlaced && PLACED.test(name))) found[name] = computed.getPropertyValue(name);
  }
  return found;
};

/** The computed styles below `root`, by the element's place in the tree. */
export const looks = (root) => {
  const found = new Map();
  const walk = (element, path) => {
    found.set(path, styleOf(element));
    for (const pseudo of ["::before", "::after", "::placeholder"]) {
      const { content } = getComputedStyle(element, pseudo);
      if (content !== "none" && content !== "normal") found.set(path + pseudo, styleOf(element, pseudo));
    }
    [...element.children].forEach((child, at) => {
      const name = [...child.classList].find((name) => !name.startsWith("m-"));
      walk(child, `${path} > ${child.localName}${name ? `.${name}` : ""}:${at + 1}`);
    });
  };
  [...root.children].forEach((child, at) => walk(child, `${child.localName}:${at + 1}`));
  return found;
};

/** Of these the browser tells twice: `inline-size` is `width`. */
const LOGICAL = /(^|-)(block|inline)(-|$)/;

/** `element: property before → after`, a line for each element; `steady` tells of what moves by itself. */
export const differences = (before, after, steady = before) => {
  const found = [];
  for (const [path, style] of before) {
    const [now, still] = [after.get(path), steady.get(path)];
    if (!now || !still) continue;
    const changed = Object.keys(style).filter(
      (name) => style[name] === still[name] && style[name] !== now[name] && !LOGICAL.test(name),
    );
    const told = changed.slice(0, 3).map((name) => `${name} ${style[name]} → ${now[name]}`);
    if (changed.length > 3) told.push(`${changed.length - 3} more`);
    if (told.length > 0) found.push(`${path}: ${told.join(", ")}`);
  }
  return found;
};

/** Class and keyframe names in a style sheet that are not scopes. */
export const names = (css) => {
  const all = (pattern) => [...new Set([...css.matchAll(pattern)].map(([, name]) => name))];
  return {
    classes: all(/\.([A-Za-z][\w-]*)/g).filter((name) => !name.startsWith("m-")),
    keyframes: all(/@keyframes\s+([\w-]+)/g).filter((name) => !name.startsWith("m-")),
  };
};

const ELEMENTS =
  "a,abbr,article,aside,button,code,dd,dialog,div,dl,dt,em,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,header,img,input,label,legend,li,main,nav,ol,option,p,picture,section,select,small,span,strong,sub,summary,svg,table,td,textarea,th,time,tr,ul".split(",");
const RULE =
  "color:#f0f;background:#0f0;font:italic 900 33px/3 cursive;letter-spacing:9px;text-transform:uppercase;text-align:right;text-indent:17px;word-spacing:11px;border:7px dotted red;padding:13px;margin:19px;display:inline-block;position:relative;opacity:.3;cursor:wait;box-shadow:0 0 9px red;border-radius:3px;list-style:square;width:77px";
/** What a microapp stands in is the page's: rules for it would move the microapp without reaching into it. */
const ELSEWHERE = ":where(:not([data-ancestor]))";

/** Neighbours' style sheets, by what they do. */
export const neighbours = ({ classes, keyframes }) => {
  const rules = (selectors) => selectors.map((selector) => `${selector}${ELSEWHERE}{${RULE}}`).join("\n");
  const moving = keyframes.map((name) => `@keyframes ${name}{from,to{transform:rotate(45deg)}}`).join("\n");
  return {
    "rules for elements": rules(ELEMENTS),
    "rules for `*`": `*${ELSEWHERE}{${RULE}}`,
    "`* { all: unset }`": `*${ELSEWHERE}{all:unset}`,
    "rules for its class names": rules(classes.map((name) => `.${name}`)) + moving,
  };
};

/** Puts a style sheet onto the page, before all others or after them; the answer takes it off again. */
export const moveIn = (css, place) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const others = () => [...document.adoptedStyleSheets].filter((other) => other !== sheet);
  document.adoptedStyleSheets = place === "before" ? [sheet, ...others()] : [...others(), sheet];
  return () => (document.adoptedStyleSheets = others());
};

/** Elements of the page's own, of all kinds and with the names of `classes`. */
export const strangers = (classes) => {
  const section = document.createElement("section");
  const named = classes.map((name) => Object.assign(document.createElement("div"), { className: name, textContent: name }));
  const plain = ELEMENTS.map((name) => Object.assign(document.createElement(name), { textContent: "stranger" }));
  section.append(...plain, ...named);
  const whole = document.createElement("div");
  whole.append(section);
  return whole;
};
