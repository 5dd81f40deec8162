// The words of a network as boxes, and what becomes of values and variables when the boxes
// change.
import { computed } from "@preact/signals";
import { ask, subject, subjectWords } from "./derive.js";
import { change, language, state } from "./state.js";

export const modules = computed(() => {
  language();
  return ask({ ask: "modules" }).modules;
});
export const moduleRow = (name) => modules.value.find((row) => row.name === name);

export function readSpec(word) {
  const [, name, sizes, options] = word.match(/^([^:,]*)(?::([^,]*))?(?:,(.*))?$/) ?? [, word];
  return {
    name,
    sizes: sizes ? sizes.split("x") : [],
    options: new Map(
      (options ? options.split(",") : []).map((option) => {
        const [key, value] = option.split("=");
        return [key, value ?? null];
      }),
    ),
  };
}

export function writeSpec({ name, sizes, options }) {
  const more = [...options].map(([key, value]) => (value === null ? `,${key}` : `,${key}=${value}`));
  return name + (sizes.length ? `:${sizes.join("x")}` : "") + more.join("");
}

// The boxes with all their sizes: those left out are taken from what the engine inferred.
export const boxes = computed(() => {
  const known = subject.value?.modules ?? [];
  const { spec } = state.value;
  return spec.map((word, k) => {
    const box = readSpec(word);
    const row = moduleRow(box.name);
    const inferred = known.length === spec.length ? readSpec(known[k]) : null;
    if (row && box.sizes.length < row.nsize && inferred?.name === box.name) box.sizes = inferred.sizes;
    return { ...box, word: inferred?.name === box.name ? known[k] : word };
  });
});

export const copyBoxes = () =>
  boxes.value.map((box, k) => ({ ...box, sizes: [...box.sizes], options: new Map(box.options), was: k }));

// Which module each variable belongs to, as the engine names them: a name that occurs more
// than once is numbered.
const own = new Map();
function ownNames(word) {
  if (!own.has(word)) {
    const answer = ask({ ask: "open", spec: [word] });
    own.set(word, answer.error ? [] : answer.variables.map(({ name, role }) => ({ name, role })));
  }
  return own.get(word);
}
function owners(words) {
  const list = [];
  words.forEach((word, k) =>
    ownNames(word).forEach(({ name, role }, v) => {
      if (k === 0 || v > 0 || role !== "data") list.push({ module: k, base: name });
    }),
  );
  const count = {};
  for (const item of list) count[item.base] = (count[item.base] ?? 0) + 1;
  const number = {};
  for (const item of list) {
    number[item.base] = (number[item.base] ?? 0) + 1;
    item.name = count[item.base] > 1 ? item.base + number[item.base] : item.base;
  }
  return list;
}

export const moduleParts = () => owners(subject.value?.modules ?? []);

// Sizes that the neighbour gives are left out, so that a change runs through the network.
// Each box says which it was (`was`): its values go with it.
export function takeBoxes(list) {
  const spec = list.map((box, k) => {
    const row = moduleRow(box.name);
    const inferred = k > 0 && row && !row.fixed && box.sizes.length === row.nsize && row.nsize > 0;
    return writeSpec(inferred ? { ...box, sizes: box.sizes.slice(1) } : box);
  });
  const before = owners(subject.value?.modules ?? []);
  const opened = ask({ ask: "open", ...subjectWords.value, spec });
  const after = owners(opened.error ? list.map(writeSpec) : opened.modules);
  const renamed = (name) => {
    const old = before.find((item) => item.name === name);
    if (!old) return name;
    const place = list.findIndex((box) => box.was === old.module && box.name === boxes.value[old.module]?.name);
    return after.find((item) => item.module === place && item.base === old.base)?.name ?? null;
  };
  const set = {};
  for (const [name, text] of Object.entries(state.value.set)) {
    const to = renamed(name);
    if (to !== null) set[to] = text;
  }
  const wrt = state.value.wrt === null ? null : renamed(state.value.wrt);
  change({ spec, define: null, size: [], set, wrt, pin: null, sample: 0, steps: "", axes: null, part: null, upto: 0 });
}

export function freshBox(name, first) {
  const row = moduleRow(name);
  const box = readSpec(row.example);
  box.options.delete("bias");
  if (!first && !row.fixed && row.nsize > 0) box.sizes = box.sizes.slice(1);
  return { ...box, was: null };
}

// The modules in groups that follow from what they are.
export const groups = computed(() => {
  const found = { weights: [], entrywise: [], features: [], losses: [] };
  for (const row of modules.value) {
    const opened = ask({ ask: "open", spec: [row.example] });
    if (opened.error) continue;
    const kind = opened.variables.some((v) => v.role === "data" && v.secondary)
      ? "losses"
      : opened.variables.some((v) => v.role === "parameter" && v.name.startsWith("W"))
        ? "weights"
        : /^z\^\{k\}_\{n,o\} = /.test(row.definition) && !/sum|x_|A_/.test(row.definition)
          ? "entrywise"
          : "features";
    found[kind].push(row);
  }
  return found;
});
