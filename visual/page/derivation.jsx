// Derive: the derivation of what is shown, step by step, with the numbers of the entry that
// is looked at in each step.
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  ask,
  curve,
  entry,
  jacobian,
  question,
  sample,
  shellWord,
  stale,
  subject,
  subjectWords,
  valuesText,
  variable,
  wrt,
} from "./derive.js";
import { Corner, keep, pointAt, WrtChoice } from "./explore.jsx";
import { Partial, spoken, Tex } from "./latex.jsx";
import { Matrix } from "./matrix.jsx";
import { moduleParts } from "./network.js";
import { number, toNumber } from "./number.js";
import { Button, Choice } from "./parts.jsx";
import { SampleRow } from "./stack.jsx";
import { change, state } from "./state.js";
import { t } from "./text.js";

const SHOWN_MOST = 49; // entries of a matrix that is written out, and of the table to choose from

// Of a network one module at a time: as a subject of its own, at the numbers that it has there.
const part = computed(() => {
  const words = subjectWords.value;
  const all = subject.value.modules;
  if (words.define !== undefined || all.length < 2) return null;
  const parts = moduleParts();
  const mine = parts.find((item) => item.name === wrt.value)?.module ?? 0;
  const k = Math.min(state.value.part ?? mine, all.length - 1);
  const set = [];
  for (const { module, base, name } of parts) {
    const v = subject.value.variables.find((one) => one.name === name);
    if (module === k && v && !(k > 0 && v.role === "data" && !v.secondary))
      set.push(`${base}=${valuesText(v, v.values)}`);
  }
  if (k > 0) {
    const before = ask({ ...question("open", { labels: 0 }), spec: all.slice(0, k), wrt: null, set: setOf(parts, k) });
    if (!before.error) set.push(`z=${before.output.values.map((row) => row.join(" ")).join("; ")}`);
  }
  const own = parts.find((item) => item.name === wrt.value && item.module === k);
  const alone = ask({ ...question("open", { labels: 0 }), spec: [all[k]], wrt: null, set });
  const output = (alone.output?.values ?? [[]]).map((row) => row.map(toNumber));
  return { k, word: all[k], set, wrt: own?.base ?? "z", output };
});

// The values of the modules before the k-th, by the names that they have among themselves.
function setOf(parts, k) {
  const before = parts.filter((item) => item.module < k);
  return before.flatMap(({ base, name }) => {
    const v = subject.value.variables.find((one) => one.name === name);
    const same = before.filter((item) => item.base === base);
    const called = same.length > 1 ? base + (same.findIndex((item) => item.name === name) + 1) : base;
    return v ? [`${called}=${valuesText(v, v.values)}`] : [];
  });
}

// What is derived, and of which entry the numbers are: the entry that is looked at, or the
// first of a module inside a network.
export const derivation = computed(() => {
  if (stale.value || !jacobian.value) return null;
  const J = jacobian.value;
  const s = sample.value;
  const [r, c] = entry.value;
  const inside = part.value;
  if (inside)
    return ask({
      ...question("derive", { output: [J.output(s, r)[0], 0], place: [J.output(s, r)[0], 0] }),
      spec: [inside.word],
      set: inside.set,
      wrt: inside.wrt,
    });
  return ask(question("derive", { output: J.output(s, r), place: J.place(s, c) }));
});

// 1e-05 as people write it.
const powers = (latex) =>
  latex.replace(
    /(\d)e([+-]?)0*(\d+)/g,
    (_, digit, sign, power) => `${digit}\\cdot 10^{${sign === "-" ? "-" : ""}${power}}`,
  );

const close = (a, b) =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)) || (Number.isNaN(a) && Number.isNaN(b));

// The whole Jacobian, or where samples meet as vec numbers it: outputs and data by columns.
function isWhole(J, s, list) {
  const [places, outputs] = [variable.value.values.length, subject.value.output.values.length];
  const byColumns = (r, c) => {
    const [[n, o], [row, col]] = [J.output(s, r), J.place(s, c)];
    return list[(n + o * outputs) * J.cols + row + col * places];
  };
  const all = (value) =>
    list.every((_, k) => {
      const [r, c] = [Math.floor(k / J.cols), k % J.cols];
      return close(value(r, c), J.value(s, r, c));
    });
  return all((r, c) => list[r * J.cols + c]) || (J.form === "full" && all(byColumns));
}

// Whether all numbers are those of what is shown: those of another function (a module with an
// option that its derivation leaves out) are not shown as its.
function agree(steps, output) {
  const J = jacobian.value;
  const s = sample.value;
  const [r, c] = entry.value;
  const [n, o] = part.value ? [J.output(s, r)[0], 0] : J.output(s, r);
  const name = steps.findLast((step) => step.points === 0)?.left;
  let left = "";
  return steps.every((step) => {
    left = step.left || left;
    const value = step.value?.map((line) => line.map(toNumber));
    const list = value?.flat() ?? [];
    if (list.length === 0) return true;
    // Where samples meet all of them stand in it, or a feature of all.
    const many = value?.length > 1 && output.length === value.length;
    const rows = many ? output : [output[n]];
    const wide = value?.[0].length;
    // A head's columns, one feature, the state of state and cell: a part of the output's.
    const at = Math.floor(o / wide) * wide;
    if (left === name && rows.length === value.length && wide <= rows[0].length && (wide > 1 || many))
      return list.every((x, k) => close(x, rows[Math.floor(k / wide)][at + (k % wide)]));
    if (left === name || left.startsWith(`${name}_`)) return close(list[0], output[n][o]);
    // What has a name of its own is derived by itself first: no row of this Jacobian.
    const whole = [`\\partial ${name}_`, `\\partial ${name}}`, "\\partial L"].some((of) => left.includes(of));
    if (part.value || !whole) return true;
    if (list.length === 1) return close(list[0], J.value(s, r, c));
    // A gradient has the variable's shape: the row of the output that delta picks out.
    const high = value.length;
    // Of a parameter with a part for each gate, and of heads, the part where the entry is.
    const first = Math.floor(J.place(s, c)[1] / wide) * wide;
    if (left.includes("\\partial L"))
      return list.every((x, k) => {
        const at = [Math.floor(k / wide), k % wide];
        const column = Array.from({ length: J.cols }, (_, j) => j).find((j) => {
          const [row, col] = J.place(s, j);
          if (wide === 1 && high > 1 && variable.value.values[0].length > 1) return row === at[0] && col === first;
          return high === 1 || wide === 1
            ? Math.max(...at) === (wide === 1 && variable.value.values.length > 1 ? row : col - first)
            : row === at[0] && col === at[1] + first;
        });
        return column === undefined || close(x, J.value(s, r, column));
      });
    return list.length !== J.rows * J.cols || isWhole(J, s, list);
  });
}

function valueText(value) {
  if (value.flat().length === 1) return number(value[0][0]).replace(/·10(.*)$/, (_, up) => `\\cdot 10^{${plain(up)}}`);
  return `\\begin{pmatrix} ${value.map((line) => line.map((x) => valueText([[x]])).join(" & ")).join(" \\\\ ")} \\end{pmatrix}`;
}
const plain = (up) =>
  [...up]
    .map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c))
    .map((k) => (k === 0 ? "−" : k - 1))
    .join("");

function Numbers({ step, delta }) {
  const value = step.value?.map((line) => line.map(toNumber));
  if (!value) return null;
  const small = value.flat().length <= SHOWN_MOST && value[0].length <= 8;
  const result = small ? valueText(value) : null;
  const put = step.put ? powers(step.put) : null;
  const same =
    put !== null && (result === null || put.replace(/\s/g, "") === result.replaceAll("−", "-").replace(/\s/g, ""));
  return (
    <p class="step-numbers">
      {put !== null && !same && (
        <span>
          <Tex t={`= ${put}`} />
        </span>
      )}
      {result !== null && (
        <span>
          <Tex t="=" /> <Tex t={result} />
        </span>
      )}
      {delta && <span class="muted">{t("deriveDelta")}</span>}
    </p>
  );
}

function Step({ step, numbers, loss }) {
  return (
    <li class="step">
      <p class="step-formula">
        <Tex t={`${step.left} = ${step.right}`} />
      </p>
      <p class="step-reason">{step.reason.split("$").map((piece, j) => (j % 2 ? <Tex key={j} t={piece} /> : piece))}</p>
      {numbers && <Numbers step={step} delta={!loss && step.left.includes("\\partial L")} />}
    </li>
  );
}

function Whose({ numbers, none }) {
  const J = jacobian.value;
  const s = sample.value;
  const [r, c] = entry.value;
  const why = J.zero(s, r, c) ? "deriveZero" : "deriveLetters";
  if (J.rows * J.cols <= SHOWN_MOST)
    return (
      <>
        {!none && <p class="lead">{t(numbers ? "deriveTable" : why)}</p>}
        <div class="scroller">
          <Matrix
            J={J}
            mode="numbers"
            s={s}
            id="table"
            label={t("tableLabel", wrt.value, J.rows, J.cols)}
            corner={<Corner />}
            home={state.value.pin ?? [0, 0]}
            point={pointAt}
            choose={keep}
          />
        </div>
      </>
    );
  if (none) return null;
  if (!numbers) return <p class="lead">{t(why)}</p>;
  return (
    <p class="lead">
      {t("deriveEntry")} <Partial top={J.row(s, r)} bottom={J.col(s, c)} value={number(J.value(s, r, c))} />
    </p>
  );
}

// Of a network: its derivative is the product of what is derived here.
function WhichModule() {
  const { k } = part.value;
  return (
    <>
      <p class="lead">{t("deriveNetwork")}</p>
      <Choice
        name="module"
        label={t("module")}
        value={String(k)}
        options={subject.value.modules.map((word, j) => ({ value: String(j), text: word.replace(/[:,].*/, "") }))}
        onChoose={(next) => change({ part: Number(next), upto: 0 })}
      />
    </>
  );
}

// What prints it for notes.
function command() {
  const { define, size } = subjectWords.value;
  const inside = part.value;
  const words = define !== undefined ? ["--define", define, ...size.flatMap((one) => ["--size", one])] : [];
  if (define === undefined) words.push(inside?.word ?? subject.value.modules[0]);
  words.push("--wrt", inside?.wrt ?? wrt.value, "--format", "latex");
  return ["jacobian", "derive", ...words].map(shellWord).join(" ");
}

// A module without the option that it has no derivation with, where that is one alone.
function plainer() {
  const { modules } = subject.value;
  const [word] = modules;
  if (modules.length !== 1 || !/,(?!bias)/.test(word)) return null;
  const without = word.replace(/,(?!bias\b)[^,]*/g, "");
  const answer = ask({ ask: "open", ...subjectWords.value, spec: [without], labels: 0 });
  return answer.error ? null : without;
}

export function Derivation() {
  const found = derivation.value;
  // One step at a time: the new one is seen.
  useEffect(() => {
    if (state.value.upto > 1) document.querySelector(".step:last-child")?.scrollIntoView({ block: "nearest" });
  }, [state.value.upto]);
  if (!found) return <p class="bad">{t("staleNow")}</p>;
  const steps = found.steps ?? [];
  const { upto } = state.value;
  const shown = upto > 0 ? steps.slice(0, upto) : steps;
  const loss = steps.findLast((step) => step.points === 0)?.left === "L";
  const numbers = agree(steps, part.value ? part.value.output : subject.value.output.values);
  return (
    <>
      <div class="view-head">
        <h2>{t("derive")}</h2>
        {!part.value && <WrtChoice name="derive-wrt" />}
      </div>
      <SampleRow J={jacobian.value} s={sample.value} />
      {part.value ? (
        <WhichModule />
      ) : (
        <Whose numbers={numbers && steps.some((step) => step.value)} none={!!found.error} />
      )}
      {found.error ? (
        <>
          <p class="problem" id="derive-none">
            {found.error}
          </p>
          {plainer() && (
            <button
              type="button"
              class="main"
              id="derive-plain"
              onClick={() => change({ spec: [plainer()], set: {}, part: null })}
            >
              {t("deriveAs", plainer())}
            </button>
          )}
        </>
      ) : (
        <>
          {!part.value && curve.value?.kink && <p class="problem">{t("deriveKink")}</p>}
          {!numbers && <p class="problem">{t("deriveOther")}</p>}
          {found.note && (
            <p class="muted" id="derive-note">
              {found.note
                .split(/\b([A-Za-z]_[A-Za-z0-9]\b)/)
                .map((piece, j) => (j % 2 ? <Tex key={j} t={piece} /> : piece))}
            </p>
          )}
          <ol
            class="steps"
            id="derivation"
            aria-label={t("deriveOf", spoken(subject.value.output.symbol), variable.value.name)}
          >
            {shown.map((step, k) => (
              <Step key={k} step={step} numbers={numbers} loss={loss} />
            ))}
          </ol>
          <div class="row" role="group">
            <Button
              id="derive-next"
              class="main"
              off={upto === 0 || upto >= steps.length}
              onClick={() => change({ upto: upto + 1 })}
            >
              {t("deriveNext")}
            </Button>
            <Button id="derive-first" off={upto === 1} onClick={() => change({ upto: 1 })}>
              {t("deriveFirst")}
            </Button>
            <Button id="derive-all" off={upto === 0} onClick={() => change({ upto: 0 })}>
              {t("deriveAll")}
            </Button>
          </div>
          {!found.closed && <p class="muted">{t("deriveOpen")}</p>}
          <p class="muted">{t("deriveJudged")}</p>
          <p class="muted" id="derive-command">
            {t("deriveCommand")}
            {t("colon")} <code>{command()}</code>
          </p>
        </>
      )}
    </>
  );
}
