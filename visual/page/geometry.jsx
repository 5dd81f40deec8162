// What the function does to a square: the image, and the Jacobian's parallelogram in it.
import { ask, curve, curveOf, entry, jacobian, question, sample, stale, subject, variable, wrt } from "./derive.js";
import { css, palette, shadeOf } from "./colors.js";
import { Plot } from "./entry.jsx";
import { WrtChoice } from "./explore.jsx";
import { listed, spoken, Tex } from "./latex.jsx";
import { level } from "./matrix.jsx";
import { number } from "./number.js";
import { setValues } from "./numbers.jsx";
import { Select, useDrag } from "./parts.jsx";
import { change, prefs, state } from "./state.js";
import { t } from "./text.js";

const S = 320;
const LINES = 9;
const DOTS = 33;

// The two singular values of a 2 x 2 matrix.
export function singular([[a, b], [c, d]]) {
  const e = (a + d) / 2;
  const f = (a - d) / 2;
  const g = (c + b) / 2;
  const h = (c - b) / 2;
  const q = Math.hypot(e, h);
  const r = Math.hypot(f, g);
  return [q + r, Math.abs(q - r)];
}

// Whether one of these entries has no derivative: nothing is said of areas and slopes then.
const kinked = (rows, cols) => rows.some((r) => cols.some((c) => curveOf([r, c])?.kink));

const corners = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];
const path = (points) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

function scaleOf(low, high, flip) {
  return (v) => (flip ? S - ((v - low) / (high - low)) * S : ((v - low) / (high - low)) * S);
}

// Where the function takes points of the plane of two numbers.
function imageOf(places, points) {
  const answer = ask(question("image", { places, points }));
  if (answer.error) return null;
  const size = answer.size[1];
  return points.map((_, k) => answer.numbers.subarray(k * size, (k + 1) * size));
}

function gridPoints(R) {
  const points = [];
  for (const across of [true, false])
    for (let i = 0; i < LINES; i++)
      for (let k = 0; k < DOTS; k++) {
        const fixed = -R + (2 * R * i) / (LINES - 1);
        const free = -R + (2 * R * k) / (DOTS - 1);
        points.push(across ? [free, fixed] : [fixed, free]);
      }
  return points;
}

const linesOf = (points) => Array.from({ length: 2 * LINES }, (_, i) => points.slice(i * DOTS, (i + 1) * DOTS));

function usePlane(J, s, [i, j], R) {
  const place = [J.place(s, i), J.place(s, j)];
  const at = place.map(([r, c]) => variable.value.values[r][c]);
  const move = (x, y) => {
    const rows = variable.value.values.map((row) => [...row]);
    const tidy = (v) => Number((Math.round(Math.min(R, Math.max(-R, v)) * 100) / 100).toFixed(2));
    rows[place[0][0]][place[0][1]] = tidy(x);
    rows[place[1][0]][place[1][1]] = tidy(y);
    setValues(variable.value, rows, `plane ${wrt.value}`);
  };
  const drag = useDrag(move, (u, v) => [-R + 2 * R * u, R - 2 * R * v]);
  const onKeyDown = (event) => {
    const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (!by) return;
    event.preventDefault();
    move(at[0] + by[0], at[1] + by[1]);
  };
  return { place, at, drag, onKeyDown };
}

// With ends, [left, right, below, above], the axes say how far they go.
function Axes({ x, y, ends }) {
  const level = Math.min(S - 6, Math.max(14, y(0) - 4));
  const corner = x(0) < 48 && level > S - 48; // both axes begin there: one word is enough
  const beside = Math.min(S - 36, Math.max(4, x(0) + 4));
  return (
    <>
      <line class="axis" x1={0} x2={S} y1={y(0)} y2={y(0)} />
      <line class="axis" x1={x(0)} x2={x(0)} y1={0} y2={S} />
      {ends && (
        <g class="ends">
          {!corner && (
            <text x={4} y={level}>
              {number(ends[0], 2)}
            </text>
          )}
          <text x={S - 4} y={level} text-anchor="end">
            {number(ends[1], 2)}
          </text>
          <text x={beside} y={level > S - 22 ? S - 24 : S - 6}>
            {number(ends[2], 2)}
          </text>
          <text x={beside} y={14}>
            {number(ends[3], 2)}
          </text>
        </g>
      )}
    </>
  );
}

// All three outputs are seen there, none is chosen.
const onTriangle = () =>
  subject.value.output.values[0].length === 3 && /^softmax/.test(subject.value.modules.at(-1) ?? "");

function Plane({ J, s, axes }) {
  const [i, j, o, p] = axes;
  const near = [J.place(s, i), J.place(s, j)].map(([r, c]) => variable.value.values[r][c]);
  const R = Math.max(2, Math.ceil(Math.max(...near.map((v) => Math.abs(v))) + 0.2));
  const { place, at, drag, onKeyDown } = usePlane(J, s, [i, j], R);
  const wide = subject.value.output.values[0].length;
  const triangle = onTriangle();
  const index = (r) => {
    const [n, k] = J.output(s, r);
    return n * wide + k;
  };
  // Softmax lives on a triangle; all else is seen in the plane of two outputs.
  const project = triangle
    ? (y) => {
        const n = J.output(s, 0)[0] * wide;
        // As long as it is in space: the singular values are the Jacobian's.
        return [(y[n + 1] - y[n]) * Math.SQRT1_2, y[n + 2] * Math.sqrt(1.5) - 1 / Math.sqrt(6)];
      }
    : (y) => [y[index(o)], y[index(p)]];
  const column = (c) => {
    const values = new Float64Array(subject.value.output.values.flat().length);
    for (let r = 0; r < J.rows; r++) values[index(r)] = J.value(s, r, c);
    return values;
  };
  const cols = [column(i), column(j)];
  const zero = new Float64Array(cols[0].length);
  const origin = project(zero);
  const slope = cols.map((v) => project(v).map((x, k) => x - origin[k]));
  const A = [
    [slope[0][0], slope[1][0]],
    [slope[0][1], slope[1][1]],
  ];
  const image = imageOf(place, [...gridPoints(R), at]);
  if (!image) return null;
  const seen = image.map(project);
  const here = seen.at(-1);
  const finite = seen.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const range = (k) => {
    // The parallelogram too is in sight.
    const around = (R / 5) * (Math.abs(A[k][0]) + Math.abs(A[k][1]));
    const values = [...finite.map((q) => q[k]), ...[here[k] - around, here[k] + around].filter(Number.isFinite)];
    return [Math.min(...values), Math.max(...values)];
  };
  const box = triangle
    ? [
        [-0.78, 0.78],
        [-0.59, 0.96],
      ]
    : [range(0), range(1)];
  const half = Math.max(0.55, ...box.map(([a, b]) => (b - a) * 0.55));
  const middle = box.map(([a, b]) => (a + b) / 2);
  const X = scaleOf(middle[0] - half, middle[0] + half);
  const Y = scaleOf(middle[1] - half, middle[1] + half, true);
  const x = scaleOf(-R, R);
  const y = scaleOf(-R, R, true);
  // Small enough to stay in sight, the same on both sides.
  const reach = Math.max(1e-9, ...[0, 1].map((k) => Math.abs(A[k][0]) + Math.abs(A[k][1])));
  const side = Math.min(R / 5, (0.5 * half) / reach);
  const square = corners.map(([u, v]) => [x(at[0] + side * u), y(at[1] + side * v)]);
  const parallelogram = corners.map(([u, v]) => [
    X(here[0] + side * (A[0][0] * u + A[0][1] * v)),
    Y(here[1] + side * (A[1][0] * u + A[1][1] * v)),
  ]);
  const [s1, s2] = singular(A);
  // What is left of rounding is 0.
  const rounded = (value, scale) => (Math.abs(value) < 1e-14 * scale ? 0 : value);
  const det = rounded(A[0][0] * A[1][1] - A[0][1] * A[1][0], s1 * s1);
  const kink = kinked(triangle ? [0, 1, 2].filter((r) => r < J.rows) : [o, p], [i, j]);
  const arrow = (vector, name) => (
    <line
      class={`arrow ${name}`}
      x1={X(here[0])}
      y1={Y(here[1])}
      x2={X(here[0] + side * vector[0])}
      y2={Y(here[1] + side * vector[1])}
    />
  );
  const corner = (k) =>
    project(
      [0, 1, 2]
        .map((m) => (m === k ? 1 : 0))
        .reduce((all, v, m) => ((all[J.output(s, 0)[0] * wide + m] = v), all), new Float64Array(cols[0].length)),
    );
  return (
    <>
      <div class="planes">
        <figure>
          <figcaption>
            <Tex t={J.col(s, i)} />, <Tex t={J.col(s, j)} />
          </figcaption>
          <svg
            class="plane input"
            viewBox={`0 0 ${S} ${S}`}
            tabIndex={0}
            role="application"
            aria-label={t("planeInput", spoken(J.col(s, i)), spoken(J.col(s, j)))}
            onKeyDown={onKeyDown}
            {...drag}
          >
            {linesOf(gridPoints(R)).map((line, k) => (
              <polyline
                key={k}
                class={`mesh ${k < LINES ? "a" : "b"}`}
                points={path(line.map(([a, b]) => [x(a), y(b)]))}
              />
            ))}
            <Axes x={x} y={y} ends={[-R, R, -R, R]} />
            <polygon class="cell-square" points={path(square)} />
            <line class="arrow first" x1={x(at[0])} y1={y(at[1])} x2={x(at[0] + side)} y2={y(at[1])} />
            <line class="arrow second" x1={x(at[0])} y1={y(at[1])} x2={x(at[0])} y2={y(at[1] + side)} />
            <circle class="dot" cx={x(at[0])} cy={y(at[1])} r={8} />
          </svg>
        </figure>
        <span class="maps" aria-hidden="true">
          →
        </span>
        <figure>
          <figcaption>
            {triangle ? (
              t("triangle")
            ) : (
              <>
                <Tex t={J.row(s, o)} />, <Tex t={J.row(s, p)} />
              </>
            )}
          </figcaption>
          <svg class="plane output" viewBox={`0 0 ${S} ${S}`} role="img" aria-label={t("planeOutput")}>
            {triangle && (
              <>
                <polygon class="simplex" points={path([0, 1, 2].map((k) => corner(k)).map(([a, b]) => [X(a), Y(b)]))} />
                {[0, 1, 2].map((k) => (
                  <text key={k} x={X(corner(k)[0])} y={Y(corner(k)[1]) + (k === 2 ? -6 : 16)} text-anchor="middle">
                    {k + 1}
                  </text>
                ))}
              </>
            )}
            {linesOf(seen).map((line, k) => (
              <polyline
                key={k}
                class={`mesh ${k < LINES ? "a" : "b"}`}
                points={path(line.filter(([a]) => Number.isFinite(a)).map(([a, b]) => [X(a), Y(b)]))}
              />
            ))}
            {!triangle && <Axes x={X} y={Y} ends={middle.flatMap((m) => [m - half, m + half])} />}
            {!kink && (
              <>
                <polygon class="parallelogram" points={path(parallelogram)} />
                {arrow(slope[0], "first")}
                {arrow(slope[1], "second")}
              </>
            )}
            <circle class="dot" cx={X(here[0])} cy={Y(here[1])} r={6} />
          </svg>
        </figure>
      </div>
      <p class="says">
        {kink
          ? t("geometryKink")
          : t(Math.abs(det) < 1e-9 ? "flat" : det < 0 ? "flips" : "stretches", number(Math.abs(det), 3))}
      </p>
      {!kink && (
        <dl class="pairs wide">
          {!triangle && (
            <div>
              <dt>{t("determinant")}</dt>
              <dd id="det">{number(det)}</dd>
            </div>
          )}
          <div>
            <dt>{t("singularValues")}</dt>
            <dd id="singular">
              {number(s1)}, {number(rounded(s2, s1))}
            </dd>
          </div>
        </dl>
      )}
    </>
  );
}

// Two numbers, one output: its height as colour, the gradient as an arrow.
function Height({ J, s, axes }) {
  const [i, j, o] = axes;
  const near = [J.place(s, i), J.place(s, j)].map(([r, c]) => variable.value.values[r][c]);
  const R = Math.max(2, Math.ceil(Math.max(...near.map((v) => Math.abs(v))) + 0.2));
  const { place, at, drag, onKeyDown } = usePlane(J, s, [i, j], R);
  void prefs.value.theme;
  const N = 24;
  const centre = (k) => -R + (2 * R * (k + 0.5)) / N;
  const points = [];
  for (let v = 0; v < N; v++) for (let u = 0; u < N; u++) points.push([centre(u), -centre(v)]);
  const image = imageOf(place, [...points, at]);
  if (!image) return null;
  const wide = subject.value.output.values[0].length;
  const [n, k] = J.output(s, o);
  const heights = image.map((y) => y[n * wide + k]);
  const here = heights.pop();
  const largest = Math.max(...heights.map((h) => Math.abs(h - here)).filter(Number.isFinite), 1e-12);
  const colors = palette();
  const x = scaleOf(-R, R);
  const y = scaleOf(-R, R, true);
  const gradient = [J.value(s, o, i), J.value(s, o, j)];
  const norm = Math.hypot(...gradient);
  const kink = kinked([o], [i, j]);
  const long = norm > 0 && !kink ? (R / 2.2 / norm) * Math.min(1, norm) : 0;
  return (
    <>
      <svg
        class="plane input"
        viewBox={`0 0 ${S} ${S}`}
        tabIndex={0}
        role="application"
        aria-label={t("planeInput", spoken(J.col(s, i)), spoken(J.col(s, j)))}
        onKeyDown={onKeyDown}
        {...drag}
      >
        {heights.map((h, q) => (
          <rect
            key={q}
            x={(q % N) * (S / N)}
            y={Math.floor(q / N) * (S / N)}
            width={S / N + 0.4}
            height={S / N + 0.4}
            fill={css(shadeOf(colors, level(h - here, largest), h < here, false))}
          />
        ))}
        <Axes x={x} y={y} />
        {!kink && (
          <line
            class="arrow gradient"
            x1={x(at[0])}
            y1={y(at[1])}
            x2={x(at[0] + gradient[0] * long)}
            y2={y(at[1] + gradient[1] * long)}
          />
        )}
        {long > 0 && (
          <path
            class="arrow-head"
            d="M0 0L-12 5V-5Z"
            transform={`translate(${x(at[0] + gradient[0] * long)} ${y(at[1] + gradient[1] * long)}) rotate(${(-Math.atan2(gradient[1], gradient[0]) * 180) / Math.PI})`}
          />
        )}
        <circle class="dot" cx={x(at[0])} cy={y(at[1])} r={8} />
      </svg>
      <p class="says">{kink ? t("geometryKink") : t("heightSays", number(here))}</p>
      {!kink && (
        <dl class="pairs wide">
          <div>
            <dt>{t("gradient")}</dt>
            <dd id="gradient">
              {number(gradient[0])}, {number(gradient[1])}
            </dd>
          </div>
          <div>
            <dt>{t("norm")}</dt>
            <dd>{number(norm)}</dd>
          </div>
        </dl>
      )}
    </>
  );
}

// Unless chosen: the first two numbers and outputs whose directions are independent, so that
// a square has an image to look at.
function suitable(J, s) {
  const most = (count) => Math.min(count, 12);
  for (let i = 0; i < most(J.cols); i++)
    for (let j = i + 1; j < most(J.cols); j++)
      for (let o = 0; o < most(J.rows); o++)
        for (let p = o + 1; p < most(J.rows); p++) {
          const det = J.value(s, o, i) * J.value(s, p, j) - J.value(s, o, j) * J.value(s, p, i);
          if (Math.abs(det) > 1e-9) return [i, j, o, p];
        }
  return [0, 1, 0, 1];
}

export function Geometry() {
  const J = jacobian.value;
  if (!J || stale.value) return <p class="bad">{t("staleNow")}</p>;
  const s = sample.value;
  const clamp = (k, top) => Math.min(Math.max(0, k), top - 1);
  const given = state.value.axes ?? (J.rows > 1 && J.cols > 1 ? suitable(J, s) : [0, 1, 0, 1]);
  const axes = [clamp(given[0], J.cols), clamp(given[1], J.cols), clamp(given[2], J.rows), clamp(given[3], J.rows)];
  const columns = Array.from({ length: Math.min(200, J.cols) }, (_, c) => ({
    value: String(c),
    text: listed(J.col(s, c)),
  }));
  const rows = Array.from({ length: Math.min(200, J.rows) }, (_, r) => ({
    value: String(r),
    text: listed(J.row(s, r)),
  }));
  const set = (k) => (value) => change({ axes: axes.map((old, i) => (i === k ? Number(value) : old)) });
  return (
    <>
      <div class="view-head">
        <h2>{t("geometry")}</h2>
        <WrtChoice name="geometry-wrt" />
      </div>
      <p class="lead">{t(J.cols === 1 ? "geometryLine" : J.rows === 1 ? "geometryHeight" : "geometryIntro")}</p>
      {(J.cols > 2 || J.rows > 2) && (
        <div class="controls">
          <Select id="axis-0" label={t("axisIn", 1)} value={String(axes[0])} options={columns} onChoose={set(0)} />
          {J.cols > 1 && (
            <Select id="axis-1" label={t("axisIn", 2)} value={String(axes[1])} options={columns} onChoose={set(1)} />
          )}
          {J.rows > 1 && !onTriangle() && (
            <Select id="axis-2" label={t("axisOut", 1)} value={String(axes[2])} options={rows} onChoose={set(2)} />
          )}
          {J.rows > 1 && J.cols > 1 && !onTriangle() && (
            <Select id="axis-3" label={t("axisOut", 2)} value={String(axes[3])} options={rows} onChoose={set(3)} />
          )}
        </div>
      )}
      {J.cols === 1 ? (
        <div class="large-plot">
          <Plot at={[entry.value?.[0] ?? 0, 0]} s={s} tall={200} />
          <dl class="pairs wide">
            <div>
              <dt>{t("slope")}</dt>
              <dd id="slope">{curve.value?.kink ? t("noDerivative") : number(J.value(s, entry.value?.[0] ?? 0, 0))}</dd>
            </div>
          </dl>
        </div>
      ) : J.rows === 1 ? (
        <Height key="height" J={J} s={s} axes={axes} />
      ) : (
        <Plane key="plane" J={J} s={s} axes={axes} />
      )}
    </>
  );
}
