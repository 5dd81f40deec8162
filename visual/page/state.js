// What the page shows, all of it in the address's fragment, in the command's own words.
const FORMS = ["reduced", "matrix", "batch", "full"];
const ENTRIES = ["numbers", "symbols", "both", "structure"];
const TABS = ["explore", "chain", "check", "mistake"];

const state = {};

function defaults() {
  return {
    spec: ["linear:3x2"],
    define: null,
    size: [],
    batch: 1,
    wrt: null,
    form: null,
    entries: "both",
    order: "F",
    seed: 1,
    set: new Map(), // NAME -> VALUES, as --set takes them
    tab: "explore",
    sample: 0,
    at: [0, 0],
  };
}

function among(value, list, otherwise) {
  return list.includes(value) ? value : otherwise;
}

function whole(text, least, most, otherwise) {
  const value = Number(text);
  return /^\d+$/.test(text ?? "") && value >= least && value <= most ? value : otherwise;
}

function readState(fragment) {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const next = defaults();
  if (words.has("spec")) next.spec = words.get("spec").split(" ").filter(Boolean);
  next.define = words.get("define");
  next.size = words.getAll("size");
  next.batch = whole(words.get("batch"), 1, 1000, next.batch);
  next.wrt = words.get("wrt");
  next.form = among(words.get("form"), FORMS, null);
  next.entries = among(words.get("entries"), ENTRIES, next.entries);
  next.order = among(words.get("order"), ["F", "C"], next.order);
  next.seed = whole(words.get("seed"), 0, 2 ** 31, next.seed);
  next.tab = among(words.get("view"), TABS, next.tab);
  next.sample = whole(words.get("sample"), 1, 1000, 1) - 1;
  const at = (words.get("entry") ?? "").match(/^(\d+),(\d+)$/);
  if (at) next.at = [at[1] - 1, at[2] - 1].map((k) => Math.max(0, k));
  for (const word of words.getAll("set")) {
    const equals = word.indexOf("=");
    if (equals > 0) next.set.set(word.slice(0, equals), word.slice(equals + 1));
  }
  Object.assign(state, next);
}

function fragment() {
  const words = new URLSearchParams();
  const plain = defaults();
  if (state.define) words.append("define", state.define);
  else words.append("spec", state.spec.join(" "));
  for (const size of state.size) words.append("size", size);
  for (const name of ["batch", "wrt", "form", "entries", "order", "seed"])
    if (state[name] !== null && state[name] !== plain[name]) words.append(name, state[name]);
  if (state.tab !== plain.tab) words.append("view", state.tab);
  if (state.sample > 0) words.append("sample", state.sample + 1);
  if (state.at[0] + state.at[1] > 0) words.append("entry", `${state.at[0] + 1},${state.at[1] + 1}`);
  for (const [name, values] of state.set) words.append("set", `${name}=${values}`);
  return words.toString();
}

let written;
function writeState() {
  clearTimeout(written);
  written = setTimeout(() => history.replaceState(null, "", `#${fragment()}`), 120);
}

// The question about the state's subject, with what one question needs besides.
function question(ask, more) {
  const subject = state.define ? { define: state.define, size: state.size } : { spec: state.spec };
  return {
    ask,
    ...subject,
    batch: state.batch,
    seed: state.seed,
    order: state.order,
    set: [...state.set].map(([name, values]) => `${name}=${values}`),
    ...more,
  };
}

// A variable's rows as --set takes them: one of three dimensions is a row in the numbering
// of the order.
function valuesText(variable, rows) {
  if (variable.dims.length < 3) return rows.map((row) => row.join(" ")).join("; ");
  if (state.order === "C") return rows.flat().join(" ");
  const [first, second, third] = variable.dims;
  const list = [];
  for (let k = 0; k < third; k++)
    for (let j = 0; j < second; j++)
      for (let i = 0; i < first; i++) list.push(rows[i * second + j][k]);
  return list.join(" ");
}

function shellWord(word) {
  return /^[\w:,.=@/+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// The command that prints what the page shows.
function commandLine() {
  const view = ["chain", "check"].includes(state.tab) ? state.tab : "show";
  const words = ["jacobian", view];
  if (state.define)
    words.push("--define", state.define, ...state.size.flatMap((s) => ["--size", s]));
  else words.push(...state.spec);
  words.push("--wrt", app.wrt);
  if (state.batch > 1) words.push("--batch", String(state.batch));
  if (state.form && view === "show") words.push("--form", state.form);
  if (state.entries !== "numbers" && app.jacobian?.symbolic && view !== "check")
    words.push("--entries", state.entries);
  if (state.order !== "F") words.push("--order", state.order);
  if (state.seed !== 1) words.push("--seed", String(state.seed));
  for (const [name, values] of state.set) words.push("--set", `${name}=${values}`);
  return words.map(shellWord).join(" ");
}
