// One entry explained: what it says, its curve to be dragged, whether it is true.
import { useRef } from "preact/hooks";
import { curve, entry, jacobian, lit, namedIn, pathOf, places, sample, stale, subject, wrt } from "./derive.js";
import { Partial, spoken, Tex } from "./latex.jsx";
import { number } from "./number.js";
import { setValue } from "./numbers.jsx";
import { Sentence, useDrag } from "./parts.jsx";
import { change, state } from "./state.js";
import { t } from "./text.js";

const [W, H] = [300, 150];

// The output over the number, the tangent whose slope the entry is, the point that is
// dragged.
export function Plot({ at, s, tall = H }) {
  const J = jacobian.value;
  const [i, j] = J.place(s, at[1]);
  const [n, o] = J.output(s, at[0]);
  const x0 = subject.value.variables.find((v) => v.name === wrt.value).values[i][j];
  const y0 = subject.value.output.values[n]?.[o];
  const slope = J.value(s, ...at);
  const { kink, left, right } = curve.value ?? {};
  const frame = useRef(null);
  const fresh = () => ({ from: x0 - 1.5, to: x0 + 1.5, key: `${at} ${wrt.value}` });
  if (!frame.current || frame.current.key !== `${at} ${wrt.value}` || x0 < frame.current.from || x0 > frame.current.to)
    frame.current = { ...fresh(), y: null };
  const { from, to } = frame.current;
  const drag = useDrag(
    (v, phase) => {
      const next = Number(Math.min(to, Math.max(from, v)).toPrecision(4));
      setValue(wrt.value, i, j, next, `plot ${wrt.value} ${i} ${j}`);
      if (phase === "end") frame.current = null;
    },
    (u) => [from + u * (to - from)],
  );
  if (!Number.isFinite(x0) || !Number.isFinite(y0)) return null;
  const path = pathOf(at, s, from, to, 61).filter(([, y]) => Number.isFinite(y));
  if (path.length < 2) return null;
  let [low, high] = [Math.min(...path.map((p) => p[1])), Math.max(...path.map((p) => p[1]))];
  if (frame.current.y && low >= frame.current.y[0] && high <= frame.current.y[1]) [low, high] = frame.current.y;
  const middle = (low + high) / 2;
  const half = Math.max((high - low) * 0.62, 0.6);
  [low, high] = [middle - half, middle + half];
  const x = (v) => ((v - from) / (to - from)) * W;
  const y = (v) => tall - ((v - low) / (high - low)) * tall;
  const line = (k, a, b) => (
    <line class="tangent" x1={x(a)} y1={y(y0 + k * (a - x0))} x2={x(b)} y2={y(y0 + k * (b - x0))} />
  );
  const moved = 0.5;
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${W} ${tall}`}
      role="img"
      aria-label={t("plot", spoken(J.row(s, at[0])), spoken(J.col(s, at[1])))}
      onPointerDown={drag.onPointerDown}
      onPointerMove={(e) => drag.onPointerMove(e)}
      onPointerUp={drag.onPointerUp}
      onPointerCancel={drag.onPointerCancel}
    >
      {low < 0 && high > 0 && <line class="axis" x1={0} x2={W} y1={y(0)} y2={y(0)} />}
      {from < 0 && to > 0 && <line class="axis" x1={x(0)} x2={x(0)} y1={0} y2={tall} />}
      {kink ? (
        <>
          {line(left, from, x0)}
          {line(right, x0, to)}
        </>
      ) : (
        line(slope, from, to)
      )}
      <polyline class="curve" points={path.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ")} />
      {!kink && Number.isFinite(slope) && (
        <path class="rise" d={`M${x(x0)} ${y(y0)}H${x(x0 + moved)}V${y(y0 + slope * moved)}`} />
      )}
      <circle class="dot" cx={x(x0)} cy={y(y0)} r={7} />
    </svg>
  );
}

function meaning(J, s, at, kink) {
  const value = J.value(s, ...at);
  if (kink) return "kinkHere";
  if (Number.isNaN(value)) return "isNaN";
  if (!Number.isFinite(value)) return "isInfinite";
  if (J.zero(s, ...at)) return "alwaysZero";
  if (value === 0) return "zeroHere";
  return value < 0 ? "falls" : "grows";
}

// The formula with its numbers in place: what the entry is made of here.
function ingredients(J, s, at) {
  const seen = new Map();
  for (const label of namedIn(J.symbol(s, ...at))) {
    const place = places.value.get(label);
    if (!place || seen.has(label)) continue;
    const matrix =
      place.name === "" ? subject.value.output : subject.value.variables.find((v) => v.name === place.name);
    seen.set(label, matrix.values[place.row][place.col]);
  }
  return [...seen];
}

export function Entry() {
  const J = jacobian.value;
  if (!J || !entry.value) return <p class="muted">{t("pick")}</p>;
  const s = sample.value;
  const at = entry.value;
  const value = J.value(s, ...at);
  const symbol = J.symbol(s, ...at);
  const { kink, left, right, central } = curve.value ?? {};
  const parts = {
    o: <Tex t={J.row(s, at[0])} />,
    v: <Tex t={J.col(s, at[1])} />,
    a: <strong>{number(Math.abs(value))}</strong>,
    l: <strong>{number(left ?? 0)}</strong>,
    r: <strong>{number(right ?? 0)}</strong>,
  };
  const plain = symbol === undefined || symbol === String(value);
  const difference = central?.[20];
  const pinned = state.value.pin && state.value.pin[0] === at[0] && state.value.pin[1] === at[1];
  const made = ingredients(J, s, at);
  return (
    <>
      <p class="formula">
        <Partial top={J.row(s, at[0])} bottom={J.col(s, at[1])} />
        {!plain && (
          <span>
            <Tex t="=" /> <Tex t={symbol} />
          </span>
        )}
        {!kink && (
          <span>
            <Tex t="=" /> <strong>{number(value, 5)}</strong>
          </span>
        )}
      </p>
      {made.length > 0 && made.length < 5 && (
        <p class="made">
          {made.map(([label, v]) => (
            <Tex key={label} t={label} value={number(v)} />
          ))}
        </p>
      )}
      <p class="says">
        <Sentence name={meaning(J, s, at, kink)} parts={parts} />
      </p>
      {!stale.value && <Plot at={at} s={s} />}
      <p class="plot-note">
        <Sentence name="plotNote" parts={parts} />
      </p>
      <dl class="pairs">
        <div>
          <dt>{t("explicit")}</dt>
          <dd>{kink ? t("noDerivative") : number(value, 8)}</dd>
        </div>
        <div>
          <dt>{t("difference")}</dt>
          <dd>{kink ? `${number(left, 4)} | ${number(right, 4)}` : number(difference ?? NaN, 8)}</dd>
        </div>
        {!kink && (
          <div>
            <dt>{t("apart")}</dt>
            <dd>{number(Math.abs((difference ?? NaN) - value), 2)}</dd>
          </div>
        )}
      </dl>
      <button
        type="button"
        class="tiny"
        aria-pressed={Boolean(pinned)}
        onClick={() => change({ pin: pinned ? null : at })}
      >
        {t(pinned ? "unpin" : "pin")}
      </button>
    </>
  );
}

// For the phone's sheet: the entry in one line.
export function EntryLine() {
  const J = jacobian.value;
  if (!J || !entry.value) return t("pick");
  void lit.value;
  const at = entry.value;
  return (
    <Partial
      top={J.row(sample.value, at[0])}
      bottom={J.col(sample.value, at[1])}
      value={curve.value?.kink ? t("noDerivative") : number(J.value(sample.value, ...at))}
    />
  );
}
