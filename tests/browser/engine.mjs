// The engine as WebAssembly against the command: the same questions, the same numbers.
// node tests/browser/engine.mjs ENGINE.wasm JACOBIAN
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [wasm, command] = process.argv.slice(2);
const source = readFileSync(fileURLToPath(new URL("../../visual/page/engine.js", import.meta.url)), "utf8");
const { startEngine } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const ask = await startEngine(readFileSync(wasm));

function run(...words) {
  const { stdout, stderr } = spawnSync(command, words, { encoding: "utf8", maxBuffer: 1 << 28 });
  return stdout ? JSON.parse(stdout) : { error: stderr.replace(/^jacobian: |\n$/g, "") };
}

// Numbers within rounding (the libraries' tanh and exp differ in the last bits), all else
// exactly.
let compared = 0;
function same(mine, theirs, where, tolerance = 1e-13) {
  if (typeof mine === "number" && typeof theirs === "number") {
    compared++;
    const scale = Math.max(1, Math.abs(theirs));
    assert.ok(Math.abs(mine - theirs) <= tolerance * scale, `${where}: ${mine}, ${theirs}`);
    return;
  }
  if (mine === null || typeof mine !== "object") {
    assert.equal(mine, theirs, where);
    return;
  }
  assert.deepEqual(Object.keys(mine), Object.keys(theirs), where);
  for (const key of Object.keys(mine)) same(mine[key], theirs[key], `${where}.${key}`, tolerance);
}

const specs = run("modules", "--format", "json").map((module) => [module.example]);
specs.push(["linear:3x4,bias", "tanh", "linear:4x2", "cross-entropy"]);
specs.push(["linear:2x2", "batch-norm"]);
specs.push(["skip", "tanh:3", "linear:3x3", "add"]);
specs.push(["linear:0x2"], ["tnah:3"]);

for (const spec of specs)
  for (const batch of [1, 3]) {
    const words = [...spec, "--batch", String(batch)];
    const about = `${words.join(" ")}:`;
    const opened = ask({ ask: "open", spec, batch });
    if (opened.error) {
      same(opened.error, run("show", ...words, "--format", "json").error, about);
      continue;
    }
    for (const { name } of opened.variables) {
      for (const { name: form, why } of opened.forms)
        for (const order of ["F", "C"]) {
          const question = { ask: "jacobian", spec, batch, wrt: name, form, order };
          const more = ["--wrt", name, "--format", "json"];
          const theirs = run("show", ...words, ...more, "--form", form, "--order", order);
          const mine = ask(question);
          if (theirs.error) assert.ok(why, about);
          // A list of variables has one object, not an array, when one is chosen.
          same(mine.error ? mine : mine.show, theirs, `${about} ${name} ${form}`);
          if (mine.error) continue;
          // The same numbers as they stand in memory, and what a size says of them.
          const { numbers, size } = ask({ ...question, ask: "values" });
          same([...(numbers ?? [])], mine.show.values.flat(Infinity).map(Number), `${about} values`);
          assert.deepEqual(opened.forms.find((f) => f.name === form).size.length, size.length, about);
        }
      const mine = ask({ ask: "check", spec, batch, wrt: name });
      const theirs = run("check", ...words, "--wrt", name, "--format", "json");
      assert.equal(mine.check.length, theirs.length, about);
      mine.check.forEach((result, k) => {
        assert.equal(result.verdict, theirs[k].verdict, about);
        assert.equal(result.against, theirs[k].against, about);
      });
      const chain = ask({ ask: "chain", spec, batch, wrt: name });
      same(chain.chain, run("chain", ...words, "--wrt", name, "--format", "json"), about, 1e-12);
    }
  }

const set = { spec: ["linear:3x2"], set: ["z=1 2 3", "W=1 2; 3 4; 5 6"], wrt: "W" };
assert.deepEqual(ask({ ask: "jacobian", ...set }).show.values, [
  [1, 2, 3, 0, 0, 0],
  [0, 0, 0, 1, 2, 3],
]);
assert.match(ask({ ask: "open", spec: ["linear:3x2"], set: ["z=1 2"] }).error, /z/);
assert.match(ask({ ask: "open", spec: ["tanh:3"], set: ["z=@/etc/passwd"] }).error, /set/);
assert.match(ask({ ask: "nonsense" }).error, /question/);
for (const claim of ["s[i]*(delta(i,j) - s[j])", "s[i]*(1 - s[i])"]) {
  const [mine] = ask({ ask: "claim", spec: ["softmax:4"], claim }).check;
  const [theirs] = run("check", "softmax:4", "--claim", claim, "--format", "json");
  assert.equal(mine.verdict, theirs.verdict);
  assert.equal(mine.diagnosis, theirs.diagnosis);
}
// A derivation is the command's, line by line, and its numbers are the Jacobian's: of every
// module, for an entry off the diagonal and one on it.
// lstm's new c, written out here: the gate of the output is not in it, and where one asks for
// that gate's part the page derives by the first, without numbers.
const ofCell = (name, parted, gate) => {
  const a = (k) => `z*W_${k} + h*U_${k} + b_${k}`;
  const size = ["i", "f", "g"].map((k) => `W_${k}=inputxhidden,U_${k}=hiddenxhidden,b_${k}=1xhidden`);
  const define = `i = sigma(${a("i")}); f = sigma(${a("f")}); k = tanh(${a("g")}); y = f .* c + i .* k`;
  const by = parted ? `${name}_${"ifgi"[gate]}` : name;
  const sizes = ["z=1xinput", "h=1xhidden", "c=1xhidden", ...size].join(",");
  return [run("derive", "--define", define, "--size", sizes, "--wrt", by, "--format", "json")].flat()[0];
};
let lines = 0;
for (const { example: spec } of run("modules", "--format", "json")) {
  const opened = ask({ ask: "open", spec: [spec] });
  for (const { name, secondary } of opened.variables) {
    if (secondary) continue;
    const derived = [run("derive", spec, "--wrt", name, "--format", "json")].flat();
    const about = { spec: [spec], wrt: name, form: "matrix" };
    const { outputs, entries, size } = ask({ ask: "jacobian", entries: "labels", ...about });
    const { numbers } = ask({ ask: "values", ...about });
    for (const [r, c] of [
      [0, size?.[2] - 1],
      [size?.[1] - 1, size?.[2] - 1],
    ]) {
      const place = entries?.[0]?.[c] ?? [0, 0];
      const mine = ask({ ask: "derive", ...about, output: outputs?.[0]?.[r] ?? [0, 0], place });
      const wide = 1 + Math.max(...(entries?.[0] ?? [[0, 0]]).map(([, j]) => j));
      // Of W the gate's part in which the entry is; of lstm's new c its own formula.
      const gates = /^(lstm|gru)/.test(spec) ? derived.length : 1;
      const gate = Math.floor((gates * place[1]) / wide);
      const cell = spec.startsWith("lstm") && r > 0;
      const theirs = cell ? ofCell(name, gates === 4, gate) : derived[gate];
      if (theirs.error) {
        assert.equal(mine.error, theirs.error);
        continue;
      }
      assert.equal(mine.steps.length, theirs.steps.length, spec);
      let left = "";
      // What has a name of its own is derived by itself first: no row of this Jacobian.
      const named = mine.steps
        .filter(({ reason }) => reason === "a name for what comes back below")
        .map((step) => step.left);
      mine.steps.forEach((step, k) => {
        for (const part of ["left", "right", "reason"]) assert.equal(step[part], theirs.steps[k][part], spec);
        left = step.left || left;
        const value = step.value?.flat() ?? [];
        // prelu's a is one number in its derivation, one each in the module.
        if (!left.includes("partial") || value.length === 0 || spec.startsWith("prelu")) return;
        if (named.some((name) => [`partial ${name}}`, `partial ${name}_`].some((of) => left.includes(of)))) return;
        const J = (i, j) => numbers[i * size[2] + j];
        // A derivation may be of a part of the columns, of one head or gate, and of the output.
        const of = (count) => {
          if (count === size[2]) return entries[0].map((_, k) => k);
          const part = Math.max(1, (wide * count) / size[2]);
          return entries[0].flatMap(([, j], k) => (Math.floor(j / part) === Math.floor(place[1] / part) ? [k] : []));
        };
        const first = Math.floor(place[1] / (step.value[0].length || 1)) * step.value[0].length;
        if (value.length === 1) same(value[0], J(r, c), `${spec} ${left}`, 1e-12);
        else if (!left.includes("partial L") && value.length === numbers.length)
          same(value, [...numbers], `${spec} ${left}`, 1e-12);
        else if (!left.includes("partial L")) {
          const rows = step.value.length;
          const from = Math.floor(r / rows) * rows;
          const all = Array.from({ length: rows }, (_, i) =>
            of(step.value[0].length).map((k) => J(from + i, k)),
          ).flat();
          same(value, all, `${spec} ${left}`, 1e-12);
        } else if (step.value.length > 1 && step.value[0].length > 1)
          // A matrix: its entries stand where the Jacobian's columns say.
          of(value.length).forEach((k) => {
            const [i, j] = entries[0][k];
            same(step.value[i][j - first], J(r, k), `${spec} ${left}`, 1e-12);
          });
        else
          same(
            value,
            of(value.length).map((k) => J(r, k)),
            `${spec} ${left}`,
            1e-12,
          );
        lines++;
      });
    }
  }
}
assert.ok(lines > 240, `${lines} lines with numbers`);
console.log(`engine: ${lines} lines of derivations have the Jacobian's numbers`);
// What is exported is what the command writes.
for (const words of [
  ["linear:3x2", "--wrt", "W"],
  ["softmax:3", "--wrt", "z", "--batch", "2"],
])
  for (const format of ["latex", "markdown", "csv", "svg"]) {
    const [spec, , wrt, , batch] = words;
    const theirs = spawnSync(command, ["show", ...words, "--entries", "numbers", "--format", format], {
      encoding: "utf8",
    }).stdout;
    const mine = ask({ ask: "export", spec: [spec], wrt, batch: Number(batch ?? 1), entries: "numbers", format });
    assert.equal(mine.text, theirs, `${spec} as ${format}`);
  }
const bytes = ask({ ask: "export", spec: ["linear:3x2"], wrt: "W", format: "npy" }).hex;
assert.equal(bytes, spawnSync(command, ["show", "linear:3x2", "--wrt", "W", "--format", "npy"]).stdout.toString("hex"));
// No Jacobian that is right but for rounding is shown as a mistake.
for (const [wrt, draw] of [
  ["Q", 2],
  ["K", 3],
  ["V", 1],
]) {
  const question = { spec: ["multi-head:4,heads=2"], wrt, seed: 3, draw };
  const right = ask({ ...question, ask: "values", form: "full" }).numbers;
  for (const mistake of ask({ ...question, ask: "mistake" }).mistakes) {
    const wrong = ask({ ...question, ask: "mistake", mistake }).values.flat(Infinity);
    assert.ok(Math.max(...wrong.map((x, k) => Math.abs(x - right[k]))) > 1e-9, `${wrt}: ${mistake}`);
  }
}
// The image of points is where the function takes them: relu of (-1, 2), of (3, -4).
const image = ask({
  ask: "image",
  spec: ["relu:2"],
  places: [
    [0, 0],
    [0, 1],
  ],
  points: [
    [-1, 2],
    [3, -4],
  ],
});
assert.deepEqual([...image.numbers], [0, 2, 3, 0]);
assert.match(ask({ ask: "image", spec: ["relu:2"], places: [[0, 2]], points: [[1]] }).error, /entry/);
assert.match(ask({ ask: "export", spec: ["relu:2"], format: "pdf" }).error, /format/);
// A Jacobian of one's own, as numbers and as an NPY file, is judged as by the command.
for (const [data, text] of [
  [[1, 2, 3, 0, 0, 0, 0, 0, 0, 1, 2, 3], "1,2,3,0,0,0\n0,0,0,1,2,3\n"],
  [[1, 0, 2, 0, 3, 0, 0, 1, 0, 2, 0, 3], "1,0,2,0,3,0\n0,1,0,2,0,3\n"],
  [[1, 2, 3], "1,2,3\n"],
]) {
  const words = ["linear:3x2", "--set", "z=1 2 3", "--wrt", "W"];
  const rows = text.trim().split("\n").length;
  const file = join(mkdtempSync(join(tmpdir(), "engine-")), "J.csv");
  writeFileSync(file, text);
  const [theirs] = run("check", ...words, "--against", file, "--format", "json");
  const about = { ask: "against", spec: ["linear:3x2"], set: ["z=1 2 3"], wrt: "W", name: file };
  const [mine] = ask({ ...about, shape: [rows, data.length / rows], data }).check;
  same(mine, theirs, text);
}
const written = { ask: "against", spec: ["linear:3x2"], wrt: "W", npy: bytes };
assert.equal(ask(written).check[0].verdict, "agrees");
assert.match(ask({ ...written, npy: "00" }).error, /NPY/);
assert.match(ask({ ask: "against", spec: ["linear:3x2"], shape: [2, 6], data: [1] }).error, /shape/);
console.log(`engine: ${compared} numbers equal to the command's`);
