// The chain rule, multiplied step by step from either end; an entry of a product shows the
// row and the column that it is made of.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, jacobian, question, stale } from "./derive.js";
import { palette, shadeOf } from "./colors.js";
import { WrtChoice } from "./explore.jsx";
import { Tex } from "./latex.jsx";
import { level, Matrix } from "./matrix.jsx";
import { number, toNumber } from "./number.js";
import { Bracketed, shown } from "./numbers.jsx";
import { Button } from "./parts.jsx";
import { SampleRow } from "./stack.jsx";
import { change, isAsked, pointed, prefs, state } from "./state.js";
import { weightsOf } from "./strip.jsx";
import { t } from "./text.js";

function multiply(a, b) {
  return a.map((slice, s) =>
    slice.map((row) => b[s][0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[s][k][j], 0))),
  );
}

// Where a product can be other than zero: where some term of it can.
const canBe = (a, b) => a.map((row) => b[0].map((_, j) => row.some((can, k) => can && b[k][j])));

const possible = (pattern) => pattern.map((row) => [...row].map((letter) => letter === "1"));

const nested = (values) => values.map((slice) => slice.map((row) => row.map(toNumber)));

function chainFactors(answer) {
  return answer.chain.factors.map((factor, f) => ({
    name: factor.name,
    from: f,
    to: f,
    module: factor.module,
    values: nested(factor.values),
    can: possible(factor.pattern),
    rows: f === 0 ? answer.rows : answer.columns[f - 1],
    cols: answer.columns[f],
  }));
}

const joined = (a, b) => ({
  name: `${a.name} ${b.name}`,
  from: a.from,
  to: b.to,
  module: null,
  values: multiply(a.values, b.values),
  can: canBe(a.can, b.can),
  rows: a.rows,
  cols: b.cols,
  made: [a, b],
});

// The matrices after the steps taken, and the scalar multiplications that they cost.
function walkChain(answer, steps) {
  let list = chainFactors(answer);
  let cost = 0;
  for (const step of steps) {
    if (list.length < 2) break;
    const at = step === "b" ? 0 : list.length - 2;
    const [a, b] = [list[at], list[at + 1]];
    cost += a.values.length * a.values[0].length * b.values[0].length * b.values[0][0].length;
    list = list.map((matrix) => ({ ...matrix, fresh: false }));
    list.splice(at, 2, { ...joined(a, b), fresh: true });
  }
  return { list, cost };
}

const nameOf = (matrix) =>
  matrix.name
    .split(" ")
    .map((name) => `${name[0]}_{${name.slice(1)}}`)
    .join(" ");

function Thumb({ values, can, largest, label }) {
  const canvas = useRef(null);
  useEffect(() => {
    const colors = palette();
    const [rows, cols] = [values.length, values[0].length];
    const pixels = new ImageData(cols, rows);
    const canBeOther = can.flat();
    values
      .flat()
      .forEach((value, k) =>
        pixels.data.set([...shadeOf(colors, level(value, largest), value < 0, !canBeOther[k]), 255], 4 * k),
      );
    canvas.current.width = cols;
    canvas.current.height = rows;
    canvas.current.getContext("2d").putImageData(pixels, 0, 0);
  }, [values, can, prefs.value.theme]);
  return <canvas ref={canvas} class="thumb" role="img" aria-label={label} />;
}

function asJacobian(matrix, s) {
  const values = matrix.values[s];
  const all = values.flat().map(Math.abs).filter(Number.isFinite);
  return {
    rows: values.length,
    cols: values[0].length,
    largest: Math.max(0, ...all),
    value: (_s, r, c) => values[r][c],
    zero: (_s, r, c) => !matrix.can[r][c],
    row: (_s, r) => matrix.rows[r],
    col: (_s, c) => matrix.cols[c],
  };
}

// A factor's numbers; a picture of them where they are many.
function Numbers({ matrix, s, name, mark, point }) {
  const J = asJacobian(matrix, s);
  if (J.rows * J.cols > 200)
    return (
      <Thumb values={matrix.values[s]} can={matrix.can} largest={J.largest} label={`${name}, ${J.rows} × ${J.cols}`} />
    );
  return (
    <div class={`scroller${mark ? ` marks-${mark.kind}` : ""}`} data-mark={mark ? mark.at : undefined}>
      <Matrix J={J} mode="numbers" s={s} digits={3} label={name} point={point} choose={point} />
    </div>
  );
}

function Factor({ matrix, s, mark, point }) {
  const [rows, cols] = [matrix.values[s].length, matrix.values[s][0].length];
  // J_2 belongs to the second module: the last factor's is the first of a product's.
  const numbers = matrix.name.split(" ").map((name) => Number(name.slice(1)) - 1);
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  const p = pointed.value;
  const lit = p?.kind === "module" && p.from <= to && from <= p.to;
  return (
    <figure
      class={`factor${matrix.fresh ? " fresh" : ""}${lit ? " lit" : ""}`}
      onPointerEnter={() => (pointed.value = { kind: "module", from, to, name: from === to ? weightsOf(from) : null })}
      onPointerLeave={() => (pointed.value = null)}
    >
      <figcaption>
        <Tex t={nameOf(matrix)} />
        <span class="dims">
          {rows} × {cols}
        </span>
        <span class="muted">{matrix.module ?? t("product")}</span>
      </figcaption>
      <Numbers matrix={matrix} s={s} name={matrix.name} mark={mark} point={point} />
    </figure>
  );
}

// The sum that an entry of a product is: row times column, term by term.
function Sum({ product, s, at }) {
  const [a, b] = product.made;
  const [r, c] = at;
  const row = a.values[s][r];
  const column = b.values[s].map((line) => line[c]);
  const terms = row.map((x, k) => [x, column[k]]);
  return (
    <div class="sum" role="status">
      <Tex t={`${nameOf(product)}`} />
      <span>
        [{r + 1}, {c + 1}] =
      </span>
      <div class="vector row" aria-label={t("rowOf", a.name)}>
        {terms.map(([x], k) => (
          <span key={k} style={{ "--k": k }}>
            {number(x, 3)}
          </span>
        ))}
      </div>
      <span>·</span>
      <div class="vector column" aria-label={t("columnOf", b.name)}>
        {terms.map(([, y], k) => (
          <span key={k} style={{ "--k": k }}>
            {number(y, 3)}
          </span>
        ))}
      </div>
      <span>=</span>
      <span class="terms">
        {terms.slice(0, 8).map(([x, y], k) => (
          <span key={k} class={x * y === 0 ? "none" : ""} style={{ "--k": k }}>
            {k > 0 && (x * y < 0 ? " − " : " + ")}
            {k > 0 ? number(Math.abs(x * y), 3) : number(x * y, 3)}
          </span>
        ))}
        {terms.length > 8 && " + …"}
      </span>
      <span>=</span>
      <strong>{number(product.values[s][r][c])}</strong>
    </div>
  );
}

// Where weights are shared or equations branch, the Jacobian is a sum over ways.
function WayRow({ way }) {
  if (!way) return null;
  const [k, count] = way;
  return (
    <div class="samples" id="ways">
      <label for="way">{t("way")}</label>
      <input
        type="range"
        id="way"
        min="1"
        max={count}
        value={k}
        aria-valuetext={`${k} ${t("ofN")} ${count}`}
        onInput={(event) => change({ way: Number(event.currentTarget.value) }, "way")}
      />
      <output>
        {k} {t("ofN")} {count}
      </output>
      <span>{t("waySum")}</span>
    </div>
  );
}

// The state after step t, number by number: h, and then c.
const stateLabels = (names, size, t) =>
  names.flatMap((name) => Array.from({ length: size / names.length }, (_, j) => `${name}^{${t}}_{${j + 1}}`));

// A norm as a number and as a bar, as long as its share of the largest.
function Norm({ value, most }) {
  const x = toNumber(value);
  return (
    <td>
      <span class="bar" style={{ width: `${most > 0 ? (100 * x) / most : 0}%` }} />
      <span>{number(x)}</span>
    </td>
  );
}

// Backpropagation inside a recurrent module: its factors, the last first, and what becomes of
// the norms on the way back.
function Through({ time, s, of }) {
  const back = [...time.steps].reverse();
  const last = back[0].step;
  const columns = [
    ["norm", "\\lVert A_{t} \\rVert"],
    ["product", `\\lVert A_{${last}} \\cdots A_{t} \\rVert`],
    ["derivative", `\\lVert \\partial ${of} / \\partial s_{t-1} \\rVert`],
    ["adds", null],
  ].filter(([key]) => Number.isFinite(toNumber(back[0][key])));
  const most = columns.map(([key]) => Math.max(...back.map((step) => toNumber(step[key]))));
  const all = toNumber(time.steps[0].product);
  return (
    <section class="through">
      <h3>
        {t("throughTime")} <span class="muted">{time.module}</span>
      </h3>
      <p class="story">
        {t("timeState", `s₀ = ${time.state.length > 1 ? `(${time.state.join(", ")})` : time.state[0]}`)}
      </p>
      <div class="scroller">
        <table class="norms">
          <thead>
            <tr>
              <th scope="col">
                <Tex t="t" />
              </th>
              {columns.map(([key, tex]) => (
                <th scope="col" key={key}>
                  {tex ? <Tex t={tex} /> : t("timeAdds")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {back.map((step) => (
              <tr key={step.step}>
                <th scope="row">{step.step}</th>
                {columns.map(([key], k) => (
                  <Norm key={key} value={step[key]} most={most[k]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="story">{t(all < 1 ? "timeVanishes" : "timeGrows", last, number(all, 2))}</p>
      <div class="factors">
        {back.map((step, k) => {
          const values = nested(step.values);
          const size = values[0].length;
          const matrix = {
            values,
            can: possible(step.pattern),
            rows: stateLabels(time.state, size, step.step),
            cols: stateLabels(time.state, size, step.step - 1),
          };
          const label = `A_{${step.step}}`;
          return (
            <div class="link" key={step.step}>
              {k > 0 && (
                <span class="dot" aria-hidden="true">
                  ·
                </span>
              )}
              <figure class="factor">
                <figcaption>
                  <Tex t={`${label} = \\partial s_{${step.step}} / \\partial s_{${step.step - 1}}`} />
                  <span class="dims">
                    {size} × {size}
                  </span>
                  <span class="muted">
                    {t("timeNorm")} {number(step.norm, 3)}
                  </span>
                </figcaption>
                <Numbers matrix={matrix} s={s} name={`A${step.step}`} />
              </figure>
            </div>
          );
        })}
      </div>
    </section>
  );
}

// A sum that is 0 but for the rounding of what it is the sum of.
function shownBeside(x, values) {
  const most = Math.max(...values.flat(2).map(Math.abs));
  return x !== 0 && Math.abs(x) <= 1e-14 * most ? "≈\u202f0" : shown(x);
}

export function Chain() {
  const [at, point] = useState(null);
  const answer = stale.value
    ? { error: t("staleNow") }
    : ask(question("chain", { way: state.value.way, sample: state.value.sample + 1 }));
  if (answer.error) return <p class="bad">{answer.error}</p>;
  const count = answer.chain.factors.length;
  const steps = state.value.steps.slice(0, count - 1);
  const { list, cost } = walkChain(answer, steps);
  const slices = list[0].values.length;
  const s = Math.min(state.value.sample, slices - 1);
  const total = answer.chain.cost;
  const done = list.length < 2;
  const fresh = list.find((matrix) => matrix.fresh);
  const inside = fresh && at && at[0] < fresh.values[s].length && at[1] < fresh.values[s][0].length ? at : [0, 0];
  const delta = steps && !steps.includes("f") ? answer.chain.factors[list[0].to].delta : null;
  return (
    <>
      <div class="view-head">
        <h2>{t("chain")}</h2>
        <WrtChoice name="chain-wrt" />
      </div>
      <p class="lead">{t("chainIntro")}</p>
      <SampleRow J={{ ...jacobian.value, slices }} s={s} />
      <WayRow way={answer.chain.way} />
      {count < 2 ? (
        !answer.chain.time && <p class="story">{t("chainOne")}</p>
      ) : (
        <div class="row">
          <Button id="step-backward" class="main" off={done} onClick={() => change({ steps: `${steps}b` })}>
            {t("backward")}
          </Button>
          <Button id="step-forward" class="main" off={done} onClick={() => change({ steps: `${steps}f` })}>
            {t("forward")}
          </Button>
          <Button id="step-back" off={!steps} onClick={() => change({ steps: steps.slice(0, -1) })}>
            {t("back")}
          </Button>
          <Button id="step-restart" off={!steps} onClick={() => change({ steps: "" })}>
            {t("restart")}
          </Button>
          <p class="cost" role="status">
            {t("cost")}
            {t("colon")} <strong>{cost}</strong>
            {done && ` — ${t(answer.chain.way ? "wayDone" : "chainDone")}`}
          </p>
        </div>
      )}
      {slices > 1 && (
        <p class="muted" id="chain-sample">
          {t("chainSample", s + 1, slices)}
        </p>
      )}
      <div class="factors">
        {list.map((matrix, k) => (
          <div class="link" key={matrix.name}>
            {k > 0 && (
              <span class="dot" aria-hidden="true">
                ·
              </span>
            )}
            <Factor matrix={matrix} s={s} point={matrix.fresh ? point : undefined} />
          </div>
        ))}
      </div>
      {fresh && fresh.values[s].length * fresh.values[s][0].length <= 200 && (
        <Sum key={`${inside}`} product={fresh} s={s} at={inside} />
      )}
      {delta && (
        <div class="delta">
          <p>{t("delta")}</p>
          <Bracketed rows={delta.map((line) => line.map((x) => shownBeside(toNumber(x), list[0].values)))}>
            {(text) => <span class="cell">{text}</span>}
          </Bracketed>
        </div>
      )}
      {answer.chain.time?.map((time) => (
        <Through
          key={time.module}
          time={time}
          s={Math.min(state.value.sample, time.steps[0].values.length - 1)}
          of={answer.chain.factors[0].of}
        />
      ))}
      {count > 1 && !isAsked(6) && (
        <p class="muted">
          {t(
            "costAll",
            number(total.left * slices, 9),
            number(total.right * slices, 9),
            number(total.best * slices, 9),
          )}{" "}
          <code>{total.order}</code>
        </p>
      )}
    </>
  );
}
