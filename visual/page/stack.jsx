// The third dimension: the samples' sheets one behind the other, turned by hand. The sheet
// in front is the table; those behind it are pictures of theirs.
import { useEffect, useRef } from "preact/hooks";
import { palette, shadeOf } from "./colors.js";
import { level } from "./matrix.jsx";
import { useDrag } from "./parts.jsx";
import { change, prefs, state } from "./state.js";
import { t } from "./text.js";

function Sheet({ J, s, depth, step, front, lift, choose }) {
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
      style={{
        transform: `translate3d(${front.x + depth * step.x}px, ${front.y + depth * step.y}px, ${-depth * step.z}px)`,
        ...lift,
      }}
      onClick={() => choose(s)}
    >
      <span class="sheet-name" aria-hidden="true">
        {s + 1}
      </span>
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

export function Stack({ J, s, children }) {
  const { turn } = state.value;
  const root = useRef(null);
  const many = J.slices > 1;
  const behind = Array.from({ length: J.slices - 1 }, (_, k) => (s + 1 + k) % J.slices);
  const shown = behind.slice(0, 60);
  const gap = Math.min(14, 84 / Math.max(1, shown.length));
  const angle = (turn * Math.PI) / 180;
  const step = { x: gap * (1 - turn / 70), y: -gap * (1 - turn / 140), z: 7 * gap * Math.sin(angle) + 0.5 };
  const room = gap * shown.length;
  const start = useRef(0);
  const drag = useDrag(
    (x, _y, phase) => {
      if (phase === "start") start.current = x + state.value.turn / 140;
      else change({ turn: Math.round(Math.min(70, Math.max(0, (start.current - x) * 140))) }, "turn");
    },
    (x, y) => [x, y],
  );
  if (!many) return <div class="scroller">{children}</div>;
  return (
    <div class={`scene${turn > 0 ? " turned" : ""}`} ref={root}>
      <div class="stack" style={{ "--room": `${room}px`, "--turn": `${-turn}deg`, "--tip": `${turn / 7}deg` }}>
        {[...shown].reverse().map((k) => (
          <Sheet
            key={k}
            J={J}
            s={k}
            depth={shown.indexOf(k) + 1}
            step={step}
            front={{ x: 0, y: 0 }}
            choose={(sample) => change({ sample })}
          />
        ))}
        <div class="front" key={`front ${s}`}>
          <div class="scroller">{children}</div>
        </div>
      </div>
      <div class="turn-handle" {...drag} title={t("turnHint")} aria-hidden="true">
        ⟲
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
