// Whether the Jacobian is right: references, the step of a finite difference, a formula and
// a matrix of one's own.
import { useRef, useState } from "preact/hooks";
import { ask, curve, entry, jacobian, question, sample, stale } from "./derive.js";
import { listed, Partial } from "./latex.jsx";
import { minus, number, toNumber } from "./number.js";
import { change, state } from "./state.js";
import { OwnMatrix } from "./own.jsx";
import { t } from "./text.js";
import { WrtChoice } from "./explore.jsx";

// How a Jacobian is typed, of another module than the one that is asked about.
export function example(left = "") {
  const [name, right] = /softmax/.test(state.value.spec)
    ? ["tanh", "diag(1 - tanh(z).^2)"]
    : ["softmax", "diag(s) - s^T s"];
  return t("example", name, left + right);
}

export function Worst({ worst, between = "," }) {
  return (
    <>
      <Partial top={worst.row} bottom={worst.column} />
      {` ${number(worst.jacobian)}${between} ${number(worst.reference)}`}
    </>
  );
}

const SIGN = { agrees: "✓", differs: "✗", "not differentiable": "∧" };
const CLASS = { agrees: "good", differs: "off", "not differentiable": "kink" };

function References() {
  const answer = ask(question("check"));
  if (answer.error) return <p class="bad">{answer.error}</p>;
  return (
    <div class="references" id="references">
      {answer.check.map((result) => (
        <article key={result.against} class={`reference ${CLASS[result.verdict]}`}>
          <h3>{t(result.against)}</h3>
          <p class="verdict">
            {SIGN[result.verdict]} {t(result.verdict)}
          </p>
          <p>
            {t("largestError")}
            {t("colon")} <strong>{number(result.max_abs_error, 2)}</strong>
          </p>
          {result.worst && result.verdict !== "agrees" && (
            <p class="muted">
              {t("worst")}
              {t("colon")} <Worst worst={result.worst} />
            </p>
          )}
        </article>
      ))}
    </div>
  );
}

const LOW = -17;
const HIGH = 1;
const tenTo = (power) => (power === 0 ? "1" : number(10 ** power, 1).replace("1·", ""));

function CurvePicture({ c, central, forward, step }) {
  const x = (power) => 60 + ((power + 15) / 15) * 560;
  const y = (power) => 20 + ((HIGH - Math.min(HIGH, Math.max(LOW, power))) / (HIGH - LOW)) * 240;
  const height = (error) => y(error > 0 ? Math.log10(error) : LOW);
  const line = (list) =>
    list
      .map((error, k) => Number.isFinite(error) && `${x(Math.log10(c.steps[k]))},${height(error)}`)
      .filter(Boolean)
      .join(" ");
  const at = x(Math.log10(c.steps[step]));
  return (
    <svg viewBox="0 0 640 300" class="error-curve" role="img" aria-label={t("curveTitle")}>
      {[-15, -12, -9, -6, -3, 0].map((power) => (
        <g key={power}>
          <line x1={x(power)} x2={x(power)} y1={20} y2={260} class="gridline" />
          <text x={x(power)} y={280} text-anchor="middle">
            {tenTo(power)}
          </text>
        </g>
      ))}
      {[-16, -12, -8, -4, 0].map((power) => (
        <g key={power}>
          <line x1={60} x2={620} y1={y(power)} y2={y(power)} class="gridline" />
          <text x={52} y={y(power) + 4} text-anchor="end">
            {tenTo(power)}
          </text>
        </g>
      ))}
      <text x={620} y={299} text-anchor="end">
        {t("stepH")}
      </text>
      <text x={60} y={12}>
        {t("errorOf")}
      </text>
      <polyline points={line(forward)} class="forward" />
      <polyline points={line(central)} class="central" />
      <line x1={at} x2={at} y1={20} y2={260} class="now" />
      {Number.isFinite(forward[step]) && <circle cx={at} cy={height(forward[step])} r={6} class="forward" />}
      {Number.isFinite(central[step]) && <circle cx={at} cy={height(central[step])} r={6} class="central" />}
    </svg>
  );
}

function Curve() {
  const J = jacobian.value;
  const c = curve.value;
  if (!J || !c) return null;
  const s = sample.value;
  const [r, k] = entry.value;
  const { step } = state.value;
  const away = (list) => list.map((value) => Math.abs(value - c.jacobian));
  const central = away(c.central);
  const forward = away(c.forward);
  const finite = central.map((error) => (Number.isFinite(error) ? error : Infinity));
  const best = finite.indexOf(Math.min(...finite));
  const straight = finite.slice(0, 5).every((error) => error < 1e-12 * Math.max(1, Math.abs(c.jacobian)));
  const near = central[step] <= 30 * finite[best] + 1e-14;
  const story = c.kink
    ? "curveKink"
    : straight
      ? "curveExact"
      : near
        ? "best"
        : step < best
          ? "truncation"
          : "rounding";
  const options = [];
  for (let i = 0; i < J.rows && options.length < 400; i++)
    for (let j = 0; j < J.cols && options.length < 400; j++)
      if (!J.zero(s, i, j) || (i === r && j === k))
        options.push({ value: `${i},${j}`, text: `∂${listed(J.row(s, i))} / ∂${listed(J.col(s, j))}` });
  return (
    <div id="curve">
      <div class="row">
        <label class="select">
          <span class="label">{t("curveEntry")}</span>
          <select
            id="curve-entry"
            value={`${r},${k}`}
            onChange={(event) => change({ pin: event.currentTarget.value.split(",").map(Number) })}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.text}
              </option>
            ))}
          </select>
        </label>
        <Partial top={J.row(s, r)} bottom={J.col(s, k)} value={c.kink ? t("noDerivative") : number(c.jacobian, 8)} />
      </div>
      <CurvePicture c={c} central={central} forward={forward} step={step} />
      <div class="under-curve">
        <label for="step" class="label">
          {t("stepH")}
        </label>
        <input
          type="range"
          id="step"
          min="0"
          max="60"
          value={60 - step}
          aria-valuetext={number(c.steps[step], 2)}
          onInput={(event) => change({ step: 60 - Number(event.currentTarget.value) }, "step")}
        />
      </div>
      <p class="key">
        <i class="swatch central" />
        {t("central")}
        <i class="swatch forward" />
        {t("forwardD")}
      </p>
      <p class="says" role="status">
        <strong>h = {number(c.steps[step], 2)}</strong> · {t("central")}
        {t("colon")} {number(c.central[step], 8)}, {t("errorOf")} {number(central[step], 2)} · {t("forwardD")}
        {t("colon")} {number(c.forward[step], 8)}, {t("errorOf")} {number(forward[step], 2)}
        <br />
        {c.kink ? t(story, number(c.left), number(c.right)) : t(story)}
      </p>
    </div>
  );
}

// What the engine says of a formula: {kind: holds | fails | unread, ...}.
export function judge(claim) {
  const answer = ask(question("claim", { claim }));
  if (answer.error) {
    const [message, , caret] = answer.error.split("\n");
    return { kind: "unread", message, place: caret ? caret.indexOf("^") - 2 : -1, text: answer.error };
  }
  const [result] = answer.check;
  // What holds and yet has something said of it holds under a convention.
  const kind = { agrees: result.diagnosis ? "convention" : "holds", differs: "fails" }[result.verdict] ?? "kink";
  return { kind, ...result };
}

export function Verdict({ verdict }) {
  if (verdict.kind === "unread") return <pre class="bad">{verdict.text}</pre>;
  const good = verdict.kind === "holds" || verdict.kind === "convention";
  return (
    <>
      <p class={`verdict ${good ? "good" : "off"}`}>
        {good ? "✓" : verdict.kind === "kink" ? "∧" : "✗"}{" "}
        {t(good ? "holds" : verdict.kind === "kink" ? "not differentiable" : "holdsNot")}
      </p>
      {verdict.diagnosis && <p>{minus(verdict.diagnosis)}</p>}
      {verdict.kind === "fails" && verdict.worst && Number.isFinite(toNumber(verdict.worst.jacobian)) && (
        <p class="muted">
          {t("worst")}
          {t("colon")} <Worst worst={verdict.worst} between=" ≠" />
        </p>
      )}
    </>
  );
}

function Claim() {
  const { claim } = state.value;
  const input = useRef(null);
  const [typed, type] = useState(null);
  // The verdict is on the formula that was sent, about what is shown now.
  const open = typed === null || typed.trim() === claim;
  return (
    <>
      <form
        class="row"
        id="claim-form"
        onSubmit={(event) => {
          event.preventDefault();
          change({ claim: input.current.value.trim() });
          type(null);
        }}
      >
        <label class="wide">
          <span class="label">{t("claimLabel")}</span>
          <input
            id="claim"
            ref={input}
            value={typed ?? claim}
            autoComplete="off"
            spellcheck={false}
            placeholder={example()}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">
          {t("judge")}
        </button>
      </form>
      <div id="claim-answer" role="status">
        {claim && open && <Verdict verdict={judge(claim)} />}
      </div>
    </>
  );
}

export function Check() {
  if (stale.value) return <p class="bad">{t("staleNow")}</p>;
  return (
    <>
      <div class="view-head">
        <h2>{t("check")}</h2>
        <WrtChoice name="check-wrt" />
      </div>
      <p class="lead">{t("checkIntro")}</p>
      <References />
      <h2>{t("claimTitle")}</h2>
      <p class="lead">{t("claimIntro")}</p>
      <Claim />
      <h2>{t("ownTitle")}</h2>
      <OwnMatrix />
      <h2>{t("curveTitle")}</h2>
      <p class="lead">{t("curveIntro")}</p>
      <Curve />
    </>
  );
}
