// The package as a project has it, against the command: node node.mjs JACOBIAN
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { JacobianError, load } from "jacobian-explicit";

const command = process.argv[2];
const show = (...words) =>
  execFileSync(command, ["show", ...words], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8", LANGUAGE: "en" },
  });
const engine = await load();

for (const [spec, wrt, options, ...words] of [
  ["linear:3x2", "W", {}],
  ["linear:3x2", "z", { batch: 2, form: "full" }, "--batch", "2", "--form", "full"],
  ["linear:3x2", "W", { batch: 2, order: "C" }, "--batch", "2", "--order", "C"],
  ["linear:3x2", "W", { batch: 1, form: "batch", seed: 7 }, "--form", "batch", "--seed", "7"],
  ["conv1d:2x3x2,length=4", "W", { order: "C" }, "--order", "C"],
  ["linear:3x4,bias tanh linear:2 cross-entropy", "W1", { batch: 3 }, "--batch", "3"],
  [["softmax:3"], "z", { values: { z: [1, 2, 3] } }, "--set", "z=1 2 3"],
  [
    "linear:2x2",
    "z",
    {
      values: {
        W: [
          [1, 2],
          [3, 4],
        ],
      },
    },
    "--set",
    "W=1 2; 3 4",
  ],
]) {
  const list = typeof spec === "string" ? spec.split(" ") : spec;
  const mine = engine.jacobian(spec, wrt, options);
  const theirs = JSON.parse(show(...list, "--wrt", wrt, ...words, "--format", "json", "--entries", "numbers"));
  assert.deepEqual(mine.shape, theirs.shape, `${spec} ${words}`);
  const [flat, expected] = [mine.toArray().flat(2), theirs.values.flat(2)];
  assert.equal(flat.length, expected.length);
  assert.ok(flat.length > 3 && flat.some((x) => x !== 0));
  flat.forEach((x, k) => assert.ok(Math.abs(x - expected[k]) <= 1e-13 * Math.max(1, Math.abs(x)), `${spec} ${k}`));
  const last = mine.shape.map((n) => n - 1);
  assert.equal(mine.at(...last), flat.at(-1));
}
console.log("ok: numbers and shapes are the command's");

// A convolution's weights as an array of three indices: what was given is what is there.
for (const order of ["F", "C"]) {
  const { variables } = engine.open("conv1d:2x2x3,length=4", { order });
  const { name, dims } = variables.find((v) => v.role === "parameter" && v.dims.length === 3);
  const given = Array.from({ length: dims[0] }, (_, i) =>
    Array.from({ length: dims[1] }, (_, j) => Array.from({ length: dims[2] }, (_, k) => 100 * i + 10 * j + k)),
  );
  const { variables: after } = engine.open("conv1d:2x2x3,length=4", { order, values: { [name]: given } });
  assert.deepEqual(after.find((v) => v.name === name).values.flat(2), given.flat(2), order);
}

assert.equal(
  engine.show("softmax:3", "z", { entries: "symbols" }),
  show("softmax:3", "--wrt", "z", "--format", "latex", "--entries", "symbols"),
);
assert.match(engine.show("linear:3x2", "W", { format: "svg" }), /^<svg|^<\?xml/);
console.log("ok: what is written is what the command writes");

const right = engine.jacobian("softmax:3", "z");
assert.ok(engine.check(right, "softmax:3", "z").agrees);
assert.ok(engine.check(null, "softmax:3", "z").agrees);
const rows = right.toArray();
const wrong = engine.check(
  rows.map((row) => row.map((x) => -x)),
  "softmax:3",
  "z",
);
assert.ok(!wrong.agrees);
assert.match(wrong.results[0].diagnosis, /opposite sign/);
assert.match(
  engine.check(
    rows.map((row) => row.map((x) => -x)),
    "softmax:3",
    "z",
    { lang: "fr" },
  ).results[0].diagnosis,
  /signe/,
);
assert.ok(engine.claim("s[i]*(delta(i,j) - s[j])", "softmax:3", "z").agrees);
assert.ok(!engine.claim("s[i]*(delta(i,j) + s[j])", "softmax:3", "z").agrees);
console.log("ok: checks and claims");

const steps = engine.derive("softmax:3", "z");
assert.ok(steps.length > 3 && steps.every(({ right, reason }) => right && reason));
assert.ok(engine.chain("linear:3x2 tanh", "W"));
assert.ok(engine.modules().some(({ name }) => name === "softmax"));
const own = engine.jacobian({ define: "y = tanh(z*W)", size: { z: "1x2", W: "2x2" } }, "z", {
  values: {
    z: [0, 0],
    W: [
      [1, 2],
      [3, 4],
    ],
  },
});
assert.deepEqual(own.toArray(), [
  [1, 3],
  [2, 4],
]);

for (const [bad, told] of [
  [() => engine.jacobian("tnah:3", "z"), /tnah/],
  [() => engine.jacobian("linear:3x2", "V"), /V/],
  [() => engine.jacobian("linear:3x2", "W", { values: { z: [1, NaN, 2] } }), /NaN/],
  [() => engine.jacobian("linear:3x2", "W", { values: { z: [1, 2] } }), /z/],
  [() => engine.check([[1, 2], [3]], "tanh:2", "z"), /rows of one length/],
  [() => engine.claim("s[i", "softmax:3", "z"), /expected/],
])
  assert.throws(bad, (error) => error instanceof JacobianError && told.test(error.message), String(bad));
console.log("ok: what is refused is thrown, with its line");

// The element's file can be imported where there is no DOM (a page rendered on a server).
await import("jacobian-explicit/explorer");
assert.equal(globalThis.document, undefined);
console.log("ok: needs no DOM");
