// Elements from texts and attributes; what a user typed only ever becomes a text node.
function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

const MATHML = "http://www.w3.org/1998/Math/MathML";
const SVG = "http://www.w3.org/2000/svg";

function m(tag, ...children) {
  return fill(document.createElementNS(MATHML, tag), null, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false));
  return element;
}

const $ = (id) => document.getElementById(id);

// A group of buttons of which one is on, for the keyboard one stop with arrows inside.
function choice(label, options, current, choose, name = label) {
  const group = h("div", { role: "radiogroup", "aria-label": label, class: "choice" });
  const buttons = options.map(({ value, text, why }) =>
    h(
      "button",
      {
        type: "button",
        role: "radio",
        "aria-checked": String(value === current),
        "aria-disabled": why ? "true" : null,
        title: why || null,
        "data-value": value,
        tabindex: value === current ? "0" : "-1",
        onclick: () => !why && pick(value),
      },
      text,
    ),
  );
  function pick(value) {
    choose(value);
    document.querySelector(`[data-choice="${name}"] [data-value="${CSS.escape(value)}"]`)?.focus();
  }
  group.dataset.choice = name;
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const allowed = options.filter((option) => !option.why);
    const at = allowed.findIndex((option) => option.value === current);
    pick(allowed[(at + step + allowed.length) % allowed.length].value);
  });
  group.append(...buttons);
  return h(
    "div",
    { class: "field" },
    h("span", { class: "label", "aria-hidden": "true" }, label),
    group,
  );
}

let announceTimer;
function announce(text) {
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => ($("announce").textContent = text), 150);
}
