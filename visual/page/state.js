// What the page shows: one object, written to the address's fragment in the command's own
// words. Everything else is derived from it (derive.js). A change is a step of the
// browser's history, so that Back undoes it.
import { signal } from "@preact/signals";

export const FORMS = ["reduced", "matrix", "batch", "full"];
export const ENTRIES = ["numbers", "symbols", "both", "structure"];
export const VIEWS = ["explore", "chain", "derive", "geometry", "check", "mistake", "write"];

const DEFAULTS = Object.freeze({
  spec: ["linear:3x2"],
  define: null,
  size: [],
  batch: 1,
  wrt: null,
  form: null,
  entries: null, // null: as many entries as there are suit
  order: "F",
  seed: 1,
  set: {}, // NAME -> VALUES, as --set takes them
  view: "explore",
  sample: 0,
  pin: null, // [row, column] of the entry that is kept
  way: 1, // of several from the variable to the output
  steps: "", // of the chain: b backward, f forward
  upto: 0, // steps of the derivation that are shown, 0: all
  part: null, // the module of a network that is derived
  step: 20, // of the finite difference, on its scale
  claim: "",
  round: 0, // of the game, with what was answered
  tried: [],
  hint: false,
  right: false,
  lines: [], // of the pad
  axes: null, // of the geometry: [input, input, output, output]
  turn: 0, // the stack of samples, in degrees
  task: null, // of the path
  done: [],
  answer: "",
  own: "", // a Jacobian of one's own, as text
  teach: false,
  embed: false,
  present: false,
});

export const state = signal(DEFAULTS);
// Of the reader, not of what is shown: not undone.
export const prefs = signal({ lang: null, theme: null });
// Of the moment: what is pointed at, which box is open. Never in the link.
export const pointed = signal(null);
export const ui = signal({ box: null, panel: null, notice: "" });
export const history_ = signal({ at: 0, top: 0 });

// A task of the path whose answer is not to be read elsewhere on the page.
export const isAsked = (task) => state.value.task === task && !state.value.done.includes(task + 1);

export const language = () => (prefs.value.lang === "fr" ? 1 : 0);

function among(value, list, otherwise) {
  return list.includes(value) ? value : otherwise;
}

function whole(text, least, most, otherwise) {
  const value = Number(text);
  return /^\d+$/.test(text ?? "") && value >= least && value <= most ? value : otherwise;
}

export function readState(fragment) {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const d = DEFAULTS;
  const pair = (words.get("entry") ?? "").match(/^([1-9]\d*),([1-9]\d*)$/);
  const set = {};
  for (const word of words.getAll("set")) {
    const equals = word.indexOf("=");
    if (equals > 0) set[word.slice(0, equals)] = word.slice(equals + 1);
  }
  const spec = words.has("spec") ? words.get("spec").split(" ").filter(Boolean) : d.spec;
  const axes = (words.get("axes") ?? "").match(/^(\d+),(\d+),(\d+),(\d+)$/);
  return {
    ...d,
    spec: spec.length ? spec : d.spec,
    define: words.get("define"),
    size: words.getAll("size").flatMap((word) => word.split(",")),
    batch: whole(words.get("batch"), 1, 1000, d.batch),
    wrt: words.get("wrt"),
    form: among(words.get("form"), FORMS, null),
    entries: among(words.get("entries"), ENTRIES, null),
    order: among(words.get("order"), ["F", "C"], d.order),
    seed: whole(words.get("seed"), 0, 2 ** 31, d.seed),
    set,
    view: among(words.get("view"), VIEWS, d.view),
    sample: whole(words.get("sample"), 1, 1000, 1) - 1,
    pin: pair ? [pair[1] - 1, pair[2] - 1] : null,
    way: whole(words.get("way"), 1, 1000, d.way),
    steps: (words.get("steps") ?? "").replace(/[^bf]/g, "").slice(0, 50),
    step: whole(words.get("step"), 0, 60, d.step),
    upto: whole(words.get("upto"), 1, 24, d.upto),
    part: words.has("module") ? whole(words.get("module"), 1, 99, 1) - 1 : null,
    claim: words.get("claim") ?? "",
    round: whole(words.get("round"), 0, 9999, 0),
    lines: words.getAll("line"),
    axes: axes ? axes.slice(1).map(Number) : null,
    turn: whole(words.get("turn"), 0, 70, 0),
    task: words.has("task") ? whole(words.get("task"), 1, 7, 1) - 1 : null,
    done: [...(words.get("done") ?? "")].map(Number).filter((k) => k >= 1 && k <= 7),
    own: words.get("own") ?? "",
    teach: words.get("teach") === "1",
    embed: words.get("embed") === "1",
    present: words.get("present") === "1",
  };
}

export function fragment(s = state.value) {
  const words = new URLSearchParams();
  const put = (name, value, plain) => value !== plain && value !== null && words.append(name, value);
  if (s.define !== null) words.append("define", s.define);
  else words.append("spec", s.spec.join(" "));
  for (const size of s.size) words.append("size", size);
  for (const name of ["batch", "wrt", "form", "entries", "order", "seed", "view", "way", "steps", "step"])
    put(name, s[name], DEFAULTS[name]);
  for (const name of ["claim", "round", "turn", "upto"]) put(name, s[name], DEFAULTS[name]);
  if (s.part !== null) words.append("module", s.part + 1);
  if (s.sample > 0) words.append("sample", s.sample + 1);
  if (s.pin) words.append("entry", `${s.pin[0] + 1},${s.pin[1] + 1}`);
  if (s.axes) words.append("axes", s.axes.join(","));
  for (const [name, values] of Object.entries(s.set)) words.append("set", `${name}=${values}`);
  for (const line of s.lines) words.append("line", line);
  if (s.task !== null) words.append("task", s.task + 1);
  if (s.done.length) words.append("done", s.done.join(""));
  if (s.own && s.own.length <= 2000) words.append("own", s.own);
  for (const name of ["teach", "embed", "present"]) if (s[name]) words.append(name, 1);
  return words.toString();
}

const withPrefs = (text) => {
  const words = new URLSearchParams();
  if (prefs.value.lang) words.append("lang", prefs.value.lang);
  if (prefs.value.theme) words.append("theme", prefs.value.theme);
  const more = words.toString();
  return more ? `${text}&${more}` : text;
};

// In a frame without an address (srcdoc) the browser keeps no history: then we do. In a page
// of others its Back is theirs: there too.
const own = { list: [DEFAULTS], works: true };
const browserKeeps = () => own.works && !state.value.embed;
let last = { key: null, time: 0 };

// How far Forward goes, where the page is loaded again.
const TOP = "jacobian-top";
function keepTop(top) {
  try {
    sessionStorage.setItem(TOP, top);
  } catch {
    /* a browser that keeps nothing */
  }
}
function keptTop() {
  try {
    return Number(sessionStorage.getItem(TOP)) || 0;
  } catch {
    return 0;
  }
}

function write(push) {
  const { at, top } = history_.value;
  own.list[at] = state.value;
  if (!own.works) return;
  try {
    const address = `#${withPrefs(fragment())}`;
    if (push && browserKeeps()) history.pushState({ at }, "", address);
    else history.replaceState({ at }, "", address);
    keepTop(top);
  } catch {
    own.works = false;
  }
}

// Takes over what changes. Changes with the same key that follow each other at once, a
// number dragged, are one step.
export function change(patch, key = null) {
  const next = { ...state.value, ...patch };
  if (fragment(next) === fragment() && Object.keys(patch).every((k) => next[k] === state.value[k])) return;
  const silent = Object.keys(patch).every((name) => ["hint", "right", "tried", "answer"].includes(name));
  const merge = silent || (key !== null && key === last.key && Date.now() - last.time < 900);
  last = { key, time: Date.now() };
  if (!merge) {
    flush();
    const at = history_.value.at + 1;
    history_.value = { at, top: at };
    own.list.length = at;
  }
  state.value = next;
  if (!merge) return write(true);
  clearTimeout(waiting);
  waiting = setTimeout(flush, 150);
}

// The browser allows few writes a second: what moves is written when the hand rests.
let waiting = null;
export function flush() {
  if (waiting === null) return;
  clearTimeout(waiting);
  waiting = null;
  write(false);
}

function go(by) {
  const { at, top } = history_.value;
  const to = at + by;
  if (to < 0 || to > top) return;
  flush();
  last = { key: null, time: 0 };
  if (browserKeeps()) history.go(by);
  else {
    history_.value = { at: to, top };
    state.value = own.list[to];
    write(false);
  }
}
export const undo = () => go(-1);
export const redo = () => go(1);

export function setPrefs(patch) {
  prefs.value = { ...prefs.value, ...patch };
  for (const [name, value] of Object.entries(patch))
    try {
      localStorage.setItem(`jacobian-${name}`, value);
    } catch {
      /* a browser that keeps nothing */
    }
  write(false);
}

function remembered(name) {
  try {
    return localStorage.getItem(`jacobian-${name}`);
  } catch {
    return null;
  }
}

function takePrefs(fragment) {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const lang = words.get("lang") ?? prefs.value.lang ?? remembered("lang");
  const theme = words.get("theme") ?? prefs.value.theme ?? remembered("theme");
  prefs.value = {
    lang: among(lang, ["en", "fr"], /^fr/i.test(navigator.language) ? "fr" : "en"),
    theme: among(theme, ["light", "dark"], null),
  };
}

// Starts from the address, or from the words that the command put into the page.
export function startState(words) {
  const hash = location.hash.length > 1 ? location.hash : words;
  takePrefs(hash);
  state.value = readState(hash);
  const at = Number(history.state?.at) || 0;
  history_.value = { at, top: history.state ? Math.max(at, keptTop()) : at };
  write(false);
  addEventListener("popstate", (event) => {
    last = { key: null, time: 0 };
    if (event.state && Number.isInteger(event.state.at)) {
      history_.value = { at: event.state.at, top: Math.max(history_.value.top, event.state.at) };
      state.value = own.list[event.state.at] ?? readState(location.hash);
    } else {
      // A link that was typed or followed.
      const next = history_.value.at + 1;
      history_.value = { at: next, top: next };
      takePrefs(location.hash);
      state.value = readState(location.hash);
      write(false);
    }
    pointed.value = null;
  });
  addEventListener("pagehide", flush);
}
