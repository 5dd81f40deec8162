// The third dimension: the samples' sheets one behind the other, turned by hand. The sheet
// in front is the table; those behind it are pictures of theirs.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { palette, shadeOf } from "./colors.js";
import { level } from "./matrix.jsx";
import { change, prefs, state } from "./state.js";
import { t } from "./text.js";
import { fitted, seenAt } from "./turn.js";

function Sheet({ J, s, at, name, choose }) {
  const canvas = useRef(null);
  useEffect(() => {
    const colors = palette();
    const { rows, cols } = J;
    const pixels = new ImageData(cols, rows);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++) {
        const value = J.value(s, r, c);
        const color = shadeOf(colors, level(value, J.largest), value < 0, J.zero(s, r, c));
        pixels.data.set([...color, 255], 4 * (r * cols + c));
      }
    canvas.current.width = cols;
    canvas.current.height = rows;
    canvas.current.getContext("2d").putImageData(pixels, 0, 0);
  }, [J, s, prefs.value.theme]);
  return (
    <div
      class="sheet"
      data-sheet={s}
      style={{ transform: `translate3d(${at.x}px, ${at.y}px, ${at.z}px)` }}
      onClick={() => choose(s)}
    >
      {name && (
        <span class={`sheet-name ${name}`} aria-hidden="true">
          {s + 1}
        </span>
      )}
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

const MOST = 60; // sheets that are drawn behind the front one

// The samples behind the front one; of very many, evenly spread ones and the last.
function behindOf(s, slices) {
  const all = Array.from({ length: slices - 1 }, (_, k) => (s + 1 + k) % slices);
  if (all.length <= MOST) return all;
  return Array.from({ length: MOST }, (_, k) => all[Math.round((k * (all.length - 1)) / (MOST - 1))]);
}

// The sizes that the projection depends on, without any transform.
function useLaidOut(root, many) {
  const [place, setPlace] = useState({ wide: 0, high: 0, left: 0, top: 0, width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!root.current) return undefined;
    const stack = root.current.querySelector(".stack");
    const see = () =>
      setPlace({
        wide: root.current.clientWidth,
        high: root.current.clientHeight,
        left: stack.offsetLeft,
        top: stack.offsetTop,
        width: stack.offsetWidth,
        height: stack.offsetHeight,
      });
    const observer = new ResizeObserver(see);
    observer.observe(root.current);
    observer.observe(stack);
    see();
    return () => observer.disconnect();
  }, [many]);
  return place;
}

// The stack is taken anywhere but at its table: to the right it opens, to the left it closes.
function useTurning() {
  const taken = useRef(null);
  const release = () => (taken.current = null);
  return {
    onPointerDown(event) {
      if (event.button || event.target.closest(".front")) return;
      taken.current = { x: event.clientX, turn: state.value.turn, moved: false };
    },
    onPointerMove(event) {
      const from = taken.current;
      if (!from) return;
      const by = event.clientX - from.x;
      if (!from.moved && Math.abs(by) < 4) return;
      if (!from.moved) event.currentTarget.setPointerCapture(event.pointerId);
      from.moved = true;
      change({ turn: Math.round(Math.min(70, Math.max(0, from.turn + by / 3))) }, "turn");
    },
    onPointerUp: release,
    onPointerCancel: release,
  };
}

export function Stack({ J, s, children }) {
  const { turn } = state.value;
  const root = useRef(null);
  const many = J.slices > 1;
  const place = useLaidOut(root, many);
  const turning = useTurning();
  if (!many) return <div class="scroller">{children}</div>;
  const shown = behindOf(s, J.slices);
  const gap = Math.min(14, 84 / shown.length);
  const step = { x: gap * (1 - turn / 70), y: -gap * (1 - turn / 140) };
  const { shift, depth } = fitted({ ...place, turn }, step.x, shown.length, 100);
  // What of a sheet is not behind the one before it: its number is there, or above it.
  const edge = (k) => seenAt({ ...place, turn, shift }, place.width + k * step.x, 0, -k * depth).x;
  const strip = turn === 0 ? gap : (edge(shown.length) - edge(0)) / shown.length;
  const every = Math.max(1, Math.ceil(24 / strip));
  const nameOf = (k) => {
    if (strip >= 13) return "inside";
    return k === shown.length - 1 || ((k + 1) % every === 0 && shown.length - 1 - k >= every) ? "above" : null;
  };
  return (
    <div class={`scene${turn > 0 ? " turned" : ""}`} ref={root} title={t("turnHint")} {...turning}>
      <div
        class="stack"
        style={{
          "--room": `${gap * shown.length}px`,
          "--turn": `${-turn}deg`,
          "--tip": `${turn / 7}deg`,
          "--shift": `${shift}px`,
        }}
      >
        {shown
          .map((k, index) => (
            <Sheet
              key={k}
              J={J}
              s={k}
              at={{ x: (index + 1) * step.x, y: (index + 1) * step.y, z: -(index + 1) * depth }}
              name={nameOf(index)}
              choose={(sample) => change({ sample })}
            />
          ))
          .reverse()}
        <div class="front" key={`front ${s}`}>
          <div class="scroller">{children}</div>
        </div>
      </div>
    </div>
  );
}

export function SampleRow({ J, s, turns }) {
  if (J.slices < 2) return null;
  return (
    <div class="samples">
      <label for="sample">{t("sample")}</label>
      <input
        type="range"
        id="sample"
        min="1"
        max={J.slices}
        value={s + 1}
        aria-valuetext={`${s + 1} ${t("ofN")} ${J.slices}`}
        onInput={(event) => change({ sample: Number(event.currentTarget.value) - 1 }, "sample")}
      />
      <output>
        {s + 1} {t("ofN")} {J.slices}
      </output>
      {turns && (
        <span class="turn">
          <label for="turn">{t("turn")}</label>
          <input
            type="range"
            id="turn"
            min="0"
            max="70"
            step="5"
            value={state.value.turn}
            onInput={(event) => change({ turn: Number(event.currentTarget.value) }, "turn")}
          />
        </span>
      )}
    </div>
  );
}
