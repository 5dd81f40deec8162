// What follows from the state: the subject, its Jacobian, what lights up with what. Asked of
// the engine when it is looked at, and again only when what it depends on has changed.
import { computed, signal } from "@preact/signals";
import { readRows, toNumber } from "./number.js";
import { language, pointed, state } from "./state.js";

export const engine = signal(null);
export const TABLE_LIMIT = 1000; // entries of one slice; beyond, a heat map
const SYMBOLS_MOST = 150; // entries whose symbols are shown unasked
export const PAGE_LIMIT = 400000; // entries in all

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// A part of the state as a value of its own: what depends on it is not computed again when
// something else changes.
function part(select) {
  let before;
  return computed(() => {
    const now = select(state.value);
    if (!same(now, before)) before = now;
    return before;
  });
}

export const ask = (question) => engine.value(question, language());

export const subjectWords = part(({ spec, define, size, batch, seed, order }) =>
  define !== null ? { define, size, batch, seed, order } : { spec, batch, seed, order },
);

// The subject with the values that the seed draws; an error has the box that is at fault.
const drawn = computed(() => {
  const words = subjectWords.value;
  const answer = ask({ ask: "open", ...words });
  if (!answer.error || !words.spec || words.spec.length < 2) return answer;
  for (let k = 1; k <= words.spec.length; k++) {
    const before = ask({ ask: "open", ...words, spec: words.spec.slice(0, k) });
    if (before.error) return { ...answer, box: k - 1 };
  }
  return answer;
});

export const dimsOf = (variable) => variable.dims.join(" × ");

// A variable's rows as --set takes them: one of three dimensions is a row in the numbering
// of the order.
export function valuesText(variable, rows, order = state.value.order) {
  const word = (x) => String(x);
  if (variable.dims.length < 3) return rows.map((row) => row.map(word).join(" ")).join("; ");
  if (order === "C") return rows.flat().map(word).join(" ");
  const [first, second, third] = variable.dims;
  const list = [];
  for (let k = 0; k < third; k++)
    for (let j = 0; j < second; j++) for (let i = 0; i < first; i++) list.push(rows[i * second + j][k]);
  return list.map(word).join(" ");
}

// Values that were given for another size stay where they fit, and come back whole when
// the size does.
function fitted(variable, text) {
  const rows = readRows(text);
  if (rows === null) return { note: "unread" };
  if (variable.dims.length > 2) {
    const count = variable.dims.reduce((a, b) => a * b, 1);
    return rows.flat().length === count ? { text } : { note: "shape", have: rows };
  }
  const [high, wide] = [variable.values.length, variable.values[0].length];
  const flat = rows.length === 1 && variable.dims.length === 1;
  if (rows.length === high && rows[0].length === wide) return { text };
  if (!flat && rows.flat().length === high * wide && (rows.length === 1 || high === 1))
    return { text: valuesText(variable, refold(rows.flat(), wide)) };
  const mixed = variable.values.map((row, i) => row.map((value, j) => rows[i]?.[j] ?? toNumber(value)));
  return { text: valuesText(variable, mixed), note: "shape", have: rows };
}

const refold = (list, wide) =>
  Array.from({ length: list.length / wide }, (_, i) => list.slice(i * wide, (i + 1) * wide));

const setPart = part((s) => s.set);
const fit = computed(() => {
  const base = drawn.value;
  if (base.error) return { set: [], notes: [] };
  const notes = [];
  const set = [];
  for (const [name, text] of Object.entries(setPart.value)) {
    const variable = base.variables.find((v) => v.name === name);
    if (!variable) continue;
    const found = fitted(variable, text);
    if (found.text !== undefined) set.push(`${name}=${found.text}`);
    if (found.note) notes.push({ name, ...found, need: dimsOf(variable) });
  }
  return { set, notes };
});
export const notes = computed(() => fit.value.notes);

let lastWrt = null;
export const wrt = computed(() => {
  const base = drawn.value;
  // While the network does not fit the last result stays.
  if (!base.error) lastWrt = chosen(base);
  return lastWrt;
});

function chosen(base) {
  const { variables } = base;
  const named = variables.find((v) => v.name === state.value.wrt);
  const numbered = variables.find((v) => v.name === state.value.wrt?.replace(/\d+$/, ""));
  return (
    named ??
    numbered ??
    variables.find((v) => v.name === `${state.value.wrt}1`) ??
    variables.find((v) => /^W/.test(v.name)) ??
    variables.find((v) => !v.secondary) ??
    variables[0]
  ).name;
}

// The engine's question about the subject at its values.
export function question(what, more) {
  return { ask: what, ...subjectWords.value, set: fit.value.set, wrt: wrt.value, ...more };
}

const opened = computed(() => {
  const base = drawn.value;
  if (base.error) return base;
  const answer = ask(question("open", { labels: 0 }));
  if (answer.error) {
    // Values that the engine refuses are told; the others hold.
    return { ...base, refused: answer.error };
  }
  answer.variables.forEach((variable, k) => (variable.labels = base.variables[k].labels));
  for (const variable of answer.variables) variable.values = variable.values.map((row) => row.map(toNumber));
  answer.output.values = answer.output.values.map((row) => row.map(toNumber));
  return answer;
});

export const problem = computed(() => {
  const { error, box, refused } = opened.value;
  // In the field of sizes there is no --size.
  return error || refused ? { text: (error ?? refused).replaceAll("--size ", ""), box } : null;
});

// The last that could be opened: it stays, dimmed, while the network does not fit.
let lastGood = null;
export const subject = computed(() => {
  const now = opened.value;
  if (!now.error) lastGood = now;
  return now.error ? lastGood : now;
});

export const stale = computed(() => Boolean(opened.value.error));

export const variable = computed(() => subject.value?.variables.find((v) => v.name === wrt.value));

export const form = computed(() => {
  const forms = subject.value.forms.filter((f) => !f.why).map((f) => f.name);
  return forms.includes(state.value.form) ? state.value.form : subject.value.form;
});

export const size = computed(() => {
  const found = subject.value.forms.find((f) => f.name === form.value);
  return found?.size ?? [0, 0, 0];
});

// What of the Jacobian does not depend on values, asked once for each shape of it.
const layouts = new Map();
const layoutKey = computed(() =>
  stale.value ? null : JSON.stringify([subjectWords.value, wrt.value, form.value, language() && 0]),
);
const layout = computed(() => {
  const key = layoutKey.value;
  if (key === null) return null;
  if (!layouts.has(key)) {
    const [slices, rows, cols] = size.value;
    const small = slices * rows * cols <= 4 * TABLE_LIMIT;
    const answer = ask(question("jacobian", { form: form.value, entries: small ? "both" : "labels" }));
    if (layouts.size > 30) layouts.clear();
    layouts.set(key, answer.error ? answer : makeLayout(answer));
  }
  return layouts.get(key);
});

function makeLayout(answer) {
  const [slices, rows, cols] = answer.size;
  const symbols = answer.show?.symbols?.flat(Infinity);
  const index = (s, r, c) => (s * rows + r) * cols + c;
  // What a module says is zero, and where the formula of an entry comes to 0.
  const zeros = Uint8Array.from(
    answer.structure.flat().join(""),
    (letter, at) => letter === "0" || symbols?.[at] === "0",
  );
  const always = zeros.reduce((sum, zero) => sum + zero, 0);
  return {
    slices,
    rows,
    cols,
    count: slices * rows * cols,
    form: answer.form,
    reduced: answer.form === "reduced",
    block: answer.block,
    symbolic: answer.symbolic,
    always,
    index,
    symbol: (s, r, c) => symbols?.[index(s, r, c)],
    zero: (s, r, c) => zeros[index(s, r, c)] === 1,
    row: (s, r) => answer.rows[s][r],
    col: (s, c) => (answer.columns[s] ?? answer.columns[0])[c],
    output: (s, r) => answer.outputs[s][r],
    place: (s, c) => answer.entries[s][c],
  };
}

let lastJacobian = null;
export const jacobian = computed(() => {
  if (stale.value) return lastJacobian;
  const [slices, rows, cols] = size.value;
  if (slices * rows * cols > PAGE_LIMIT) return null;
  const shape = layout.value;
  const answer = ask(question("values", { form: form.value }));
  if (answer.error || shape.error) return null;
  lastJacobian = withValues(shape, answer.numbers);
  return lastJacobian;
});

// The same places with other numbers.
export function withValues(shape, numbers) {
  let largest = 0;
  for (const value of numbers) {
    const size = Math.abs(value);
    if (size > largest && size !== Infinity) largest = size;
  }
  return { ...shape, numbers, largest, value: (s, r, c) => numbers[shape.index(s, r, c)] };
}

export const sample = computed(() => {
  const J = jacobian.value;
  return J ? Math.min(state.value.sample, J.slices - 1) : 0;
});

export const mode = computed(() => {
  const J = jacobian.value;
  const entries = state.value.entries ?? (J && J.rows * J.cols > SYMBOLS_MOST ? "numbers" : "both");
  return J?.symbolic || entries === "structure" ? entries : "numbers";
});

// The entry that is looked at: pointed at, else kept, else the first that is not zero.
export const entry = computed(() => {
  const J = jacobian.value;
  if (!J) return null;
  const inside = ([r, c]) => r < J.rows && c < J.cols;
  const p = pointed.value;
  if (p?.kind === "entry" && inside(p.at)) return p.at;
  if (state.value.pin && inside(state.value.pin)) return state.value.pin;
  return [0, 0];
});

// Every number's label, to find those that a symbol names.
export const places = computed(() => {
  const map = new Map();
  for (const v of subject.value.variables)
    v.labels.forEach((line, row) => line.forEach((label, col) => map.set(label, { name: v.name, row, col })));
  subject.value.output.labels.forEach((line, row) =>
    line.forEach((label, col) => map.set(label, { name: "", row, col })),
  );
  return map;
});

export function namedIn(symbol) {
  return symbol?.match(/\\?[A-Za-z]+(?:\^\{[^{}]*\})?_\{[^{}]*\}/g) ?? [];
}

// What belongs together with what is pointed at: cells of the numbers, entries of the
// Jacobian, each with its part: the output, the variable, an ingredient.
export const lit = computed(() => {
  const J = jacobian.value;
  const none = { cells: [], entries: [], row: null, col: null };
  if (!J || stale.value) return none;
  const p = pointed.value;
  const s = sample.value;
  if (p?.kind === "cell") return litFromCell(J, s, p);
  if (p?.kind === "variable" || p?.kind === "module")
    return {
      ...none,
      cells: subject.value.variables
        .filter((v) => v.name === p.name)
        .flatMap((v) =>
          v.values.flatMap((line, row) =>
            line.map((_, col) => ({ name: v.name, row, col, part: p.name === wrt.value ? "var" : "soft" })),
          ),
        ),
    };
  const [r, c] = entry.value;
  const [n, o] = J.output(s, r);
  const [row, col] = J.place(s, c);
  const soft = namedIn(J.symbol(s, r, c))
    .map((label) => places.value.get(label))
    .filter((place) => place && !(place.name === "" && place.row === n && place.col === o))
    .map((place) => ({ ...place, part: "soft" }));
  return {
    cells: [...soft, { name: "", row: n, col: o, part: "out" }, { name: wrt.value, row, col, part: "var" }],
    entries: [[r, c]],
    row: r,
    col: c,
  };
});

function litFromCell(J, s, { name, row, col }) {
  const entries = [];
  const cells = [{ name, row, col, part: name === "" ? "out" : name === wrt.value ? "var" : "soft" }];
  let litRow = null;
  let litCol = null;
  if (name === "")
    for (let r = 0; r < J.rows; r++) {
      const [n, o] = J.output(s, r);
      if (n === row && o === col) litRow = r;
    }
  if (name === wrt.value)
    for (let c = 0; c < J.cols; c++) {
      const [i, j] = J.place(s, c);
      if (i === row && j === col) litCol = c;
    }
  if (J.rows * J.cols <= TABLE_LIMIT)
    for (let r = 0; r < J.rows; r++)
      for (let c = 0; c < J.cols; c++) {
        const mine = r === litRow || c === litCol;
        const label = namedIn(J.symbol(s, r, c)).some((word) => {
          const place = places.value.get(word);
          return place && place.name === name && place.row === row && place.col === col;
        });
        if ((mine && !J.zero(s, r, c)) || label) entries.push([r, c]);
      }
  return { cells, entries, row: litRow, col: litCol };
}

// One entry tried out: differences over their step, and whether there is a kink: then the
// differences from the left and from the right do not meet.
export function curveOf(at, s = sample.value) {
  const answer = ask(question("curve", { form: form.value, slice: s, row: at[0], col: at[1] }));
  if (answer.error) return null;
  const forward = answer.forward.map(toNumber);
  const central = answer.central.map(toNumber);
  const backward = central.map((value, k) => 2 * value - forward[k]);
  const gap = (k) => Math.abs(forward[k] - backward[k]);
  const scale = Math.max(1, Math.abs(forward[24]), Math.abs(backward[24]));
  // h = 1e-6 against h = 1e-3: where the function is smooth the gap shrinks with h.
  const kink = gap(24) > 1e-3 * scale && gap(24) > 0.5 * gap(12);
  return {
    steps: answer.steps,
    forward,
    central,
    backward,
    kink,
    left: backward[24],
    right: forward[24],
    jacobian: toNumber(answer.jacobian),
    at: toNumber(answer.at),
  };
}
export const curve = computed(() => {
  const J = jacobian.value;
  return !J || stale.value ? null : curveOf(entry.value);
});

// The output of an entry as a function of its number, around where it is.
export function pathOf(at, s, from, to, count) {
  const J = jacobian.value;
  const place = J.place(s, at[1]);
  const [n, o] = J.output(s, at[0]);
  const points = Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
  const answer = ask(question("image", { places: [place], points: points.map((x) => [x]) }));
  if (answer.error) return [];
  const wide = subject.value.output.values[0].length;
  const size = answer.size[1];
  return points.map((x, k) => [x, answer.numbers[k * size + n * wide + o]]);
}

export function shellWord(word) {
  return /^[\w:,.=@/+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// The command that prints what the page shows.
export function commandLine() {
  const s = state.value;
  const view = ["chain", "check"].includes(s.view) ? s.view : "show";
  const words = ["jacobian", view];
  if (s.define !== null) words.push("--define", s.define, ...s.size.flatMap((x) => ["--size", x]));
  else words.push(...s.spec);
  words.push("--wrt", wrt.value);
  if (s.batch > 1) words.push("--batch", String(s.batch));
  if (s.form && view === "show") words.push("--form", s.form);
  if (mode.value !== "numbers" && jacobian.value?.symbolic && view !== "check") words.push("--entries", mode.value);
  if (s.order !== "F") words.push("--order", s.order);
  if (s.seed !== 1) words.push("--seed", String(s.seed));
  for (const pair of fit.value.set) words.push("--set", pair);
  return words.map(shellWord).join(" ");
}
