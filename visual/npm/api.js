// The engine's questions as functions. Words and numberings are the command's.
import { startEngine } from "./engine.js";

export class JacobianError extends Error {
  name = "JacobianError";
}

const isFlat = (rows) => !Array.isArray(rows[0]) && !ArrayBuffer.isView(rows[0]);

function word(value) {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new JacobianError(`${String(value)} is no finite number`);
  return String(value);
}

// A number, a row, rows; of three dimensions one row in the numbering of the order.
function written(value, order) {
  if (typeof value === "string") return value;
  if (typeof value === "number") return word(value);
  const rows = Array.from(value);
  if (rows.length === 0) throw new JacobianError("values are missing");
  if (isFlat(rows)) return rows.map(word).join(" ");
  const lines = rows.map((row) => Array.from(row));
  if (isFlat(lines[0])) return lines.map((row) => row.map(word).join(" ")).join("; ");
  const cube = lines.map((row) => row.map((line) => Array.from(line)));
  if (order === "C") return cube.flat(2).map(word).join(" ");
  const list = [];
  for (let k = 0; k < cube[0][0].length; k++)
    for (let j = 0; j < cube[0].length; j++) for (let i = 0; i < cube.length; i++) list.push(word(cube[i][j][k]));
  return list.join(" ");
}

function subject(spec, wrt, { values = {}, batch = 1, seed = 1, form, order = "F" } = {}) {
  const own = typeof spec === "object" && !Array.isArray(spec);
  const what = own
    ? { define: spec.define, size: Object.entries(spec.size ?? {}).map(([name, size]) => `${name}=${size}`) }
    : { spec: typeof spec === "string" ? spec.trim().split(/\s+/) : Array.from(spec) };
  const question = { ...what, batch, seed, order };
  question.set = Object.entries(values).map(([name, value]) => `${name}=${written(value, order)}`);
  if (wrt !== undefined && wrt !== null) question.wrt = wrt;
  if (form) question.form = form;
  return question;
}

function nested(data, shape, from = 0) {
  const [count, ...rest] = shape;
  if (rest.length === 0) return Array.from(data.subarray(from, from + count));
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, k) => nested(data, rest, from + k * size));
}

class Jacobian {
  constructor(form, shape, data) {
    Object.assign(this, { form, shape, data });
  }
  at(...place) {
    return this.data[place.reduce((offset, k, d) => offset * this.shape[d] + k, 0)];
  }
  toArray() {
    return nested(this.data, this.shape);
  }
}

// Numbers of a Jacobian of one's own: one that jacobian() gave, or nested lists.
function table(J) {
  if (J.data && J.shape) return { shape: Array.from(J.shape), data: Array.from(J.data) };
  const shape = [];
  for (let part = J; Array.isArray(part) || ArrayBuffer.isView(part); part = part[0]) shape.push(part.length);
  const data = J.map((part) => (isFlat(part) ? Array.from(part) : part.map((row) => Array.from(row)))).flat(2);
  if (shape.length < 2 || data.length !== shape.reduce((a, b) => a * b, 1))
    throw new JacobianError("rows of one length are needed");
  return { shape, data: data.map((x) => (Number.isFinite(x) ? x : Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf")) };
}

const verdict = (results) => ({ agrees: results.every((one) => one.verdict === "agrees"), results });

export async function start(wasm) {
  const engine = await startEngine(wasm);
  function ask(question, { lang = "en" } = {}) {
    const answer = engine(question, lang === "fr" ? 1 : 0);
    if (answer.error) throw new JacobianError(answer.error);
    return answer;
  }
  const asked = (name, spec, wrt, options, more) =>
    ask({ ask: name, ...subject(spec, wrt, options), ...more }, options);
  return {
    ask,
    modules: (options) => ask({ ask: "modules" }, options).modules,
    open: (spec, options) => asked("open", spec, null, options),
    jacobian(spec, wrt, options) {
      const { form, size, numbers } = asked("values", spec, wrt, options);
      return new Jacobian(form, form === "batch" ? size : size.slice(1), numbers);
    },
    show(spec, wrt, { format = "latex", entries = "both", ...options } = {}) {
      return asked("export", spec, wrt, options, { format, entries }).text;
    },
    check(J, spec, wrt, options) {
      if (J === null || J === undefined) return verdict(asked("check", spec, wrt, options).check);
      return verdict(asked("against", spec, wrt, options, table(J)).check);
    },
    claim: (formula, spec, wrt, options) => verdict(asked("claim", spec, wrt, options, { claim: formula }).check),
    derive: (spec, wrt, options) =>
      asked("derive", spec, wrt, options).steps.map(({ left, right, reason }) => ({ left, right, reason })),
    chain: (spec, wrt, options) => asked("chain", spec, wrt, options),
  };
}
