// A large Jacobian: a canvas with axes, zoomed by wheel, pinch and keys. Where several
// entries share a pixel, the largest magnitude among them is seen.
import { useEffect, useRef } from "preact/hooks";
import { css, palette, shadeOf } from "./colors.js";
import { level } from "./matrix.jsx";
import { number } from "./number.js";
import { announce, useWidth } from "./parts.jsx";
import { spoken } from "./latex.jsx";
import { prefs } from "./state.js";

const LEFT = 40;
const TOP = 22;
const NUMBERS_FROM = 40; // pixels a cell

let where = null;
// Where an entry is on the screen, for the lines that are drawn over it.
export function heatRect(r, c, stage) {
  return where ? where(r, c, stage) : null;
}

function least(J, width, height) {
  const wide = Math.min((width - LEFT) / J.cols, 44);
  return { wide, high: Math.max(Math.min(wide, (height - TOP) / J.rows), Math.min(24, 260 / J.rows)) };
}

// The entry of the largest magnitude among those of a pixel.
function strongest(J, s, [r0, r1], [c0, c1]) {
  let best = 0;
  let at = [r0, c0];
  for (let r = r0; r < r1; r++)
    for (let c = c0; c < c1; c++) {
      const size = Math.abs(J.value(s, r, c));
      if (size > best || Number.isNaN(size)) [best, at] = [size, [r, c]];
    }
  return at;
}

function ticks(first, last, pixels) {
  const gap = Math.max(1, 46 / pixels);
  const power = 10 ** Math.floor(Math.log10(gap));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((k) => k * power).find((k) => k >= gap),
  );
  const list = [];
  for (let k = Math.ceil((first + 1) / step) * step; k <= last; k += step) list.push(k);
  return first === 0 && list[0] !== 1 ? [1, ...list.slice(list[0] * pixels < 40 ? 1 : 0)] : list;
}

function draw(canvas, J, s, view, now) {
  const colors = palette();
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const g = canvas.getContext("2d");
  g.scale(ratio, ratio);
  g.font = "12px system-ui, sans-serif";
  const right = Math.min(width, LEFT + (J.cols - view.x) * view.wide);
  const below = Math.min(height, TOP + (J.rows - view.y) * view.high);
  const stepC = Math.max(1, 1 / (view.wide * ratio));
  const stepR = Math.max(1, 1 / (view.high * ratio));
  g.save();
  g.beginPath();
  g.rect(LEFT, TOP, right - LEFT, below - TOP);
  g.clip();
  for (let r = Math.floor(view.y / stepR) * stepR; r < J.rows && (r - view.y) * view.high < height; r += stepR)
    for (let c = Math.floor(view.x / stepC) * stepC; c < J.cols && (c - view.x) * view.wide < width; c += stepC) {
      const rows = [Math.floor(r), Math.min(J.rows, Math.max(Math.floor(r) + 1, Math.floor(r + stepR)))];
      const cols = [Math.floor(c), Math.min(J.cols, Math.max(Math.floor(c) + 1, Math.floor(c + stepC)))];
      const [i, j] = strongest(J, s, rows, cols);
      const value = J.value(s, i, j);
      g.fillStyle = css(shadeOf(colors, level(value, J.largest), value < 0, J.zero(s, i, j)));
      g.fillRect(
        LEFT + (c - view.x) * view.wide,
        TOP + (r - view.y) * view.high,
        view.wide * stepC + 0.5,
        view.high * stepR + 0.5,
      );
      if (view.wide >= NUMBERS_FROM) {
        g.fillStyle = css(J.zero(s, i, j) ? colors.muted : colors.ink);
        g.textAlign = "center";
        g.textBaseline = "middle";
        g.fillText(
          number(value, 3),
          LEFT + (c - view.x + 0.5) * view.wide,
          TOP + (r - view.y + 0.5) * view.high,
          view.wide - 4,
        );
      }
    }
  g.strokeStyle = css(colors.mark);
  g.lineWidth = 2;
  const [x, y] = [LEFT + (now[1] - view.x) * view.wide, TOP + (now[0] - view.y) * view.high];
  g.strokeRect(x - 1, y - 1, Math.max(3, view.wide) + 2, Math.max(3, view.high) + 2);
  g.globalAlpha = 0.3;
  g.strokeRect(LEFT, y, right - LEFT, Math.max(2, view.high));
  g.strokeRect(x, TOP, Math.max(2, view.wide), below - TOP);
  g.restore();
  g.fillStyle = css(colors.muted);
  g.textAlign = "center";
  g.textBaseline = "alphabetic";
  const visible = (from, pixels, room) => Math.min(from + room / pixels, 1e9);
  for (const k of ticks(view.x, Math.min(J.cols, visible(view.x, view.wide, width - LEFT)), view.wide)) {
    const half = g.measureText(String(k)).width / 2;
    g.fillText(String(k), Math.min(LEFT + (k - 0.5 - view.x) * view.wide, width - half), TOP - 7);
  }
  g.textAlign = "right";
  g.textBaseline = "middle";
  for (const k of ticks(view.y, Math.min(J.rows, visible(view.y, view.high, height - TOP)), view.high))
    g.fillText(String(k), LEFT - 6, TOP + (k - 0.5 - view.y) * view.high);
}

export function HeatMap({ J, s, label, at, point, choose, turn }) {
  const box = useRef(null);
  const canvas = useRef(null);
  const view = useRef(null);
  const hands = useRef(new Map());
  const drag = useRef(null);
  const width = useWidth(box);
  const height = Math.min(520, Math.max(120, TOP + J.rows * least(J, width || 600, 420).high));
  const current = useRef(null);
  current.current = { J, s, at };
  const again = () => {
    if (!canvas.current || !width) return;
    view.current ??= { x: 0, y: 0, ...least(current.current.J, width, height) };
    draw(canvas.current, current.current.J, current.current.s, view.current, current.current.at);
  };
  useEffect(() => void (view.current = null), [width, height, J.rows, J.cols]);
  useEffect(again, [J, s, at[0], at[1], width, height, prefs.value.theme]);
  useEffect(() => {
    where = (r, c, stage) => {
      const v = view.current;
      if (!canvas.current || !v) return null;
      const bounds = canvas.current.getBoundingClientRect();
      const x = LEFT + (c - v.x) * v.wide;
      const y = TOP + (r - v.y) * v.high;
      if (x < LEFT - 1 || y < TOP - 1 || x > bounds.width || y > bounds.height) return null;
      return {
        x: bounds.left - stage.left + x,
        y: bounds.top - stage.top + y,
        w: Math.max(3, v.wide),
        h: Math.max(3, v.high),
      };
    };
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", again);
    // Only this way the page does not scroll while the picture zooms.
    const wheel = (event) => {
      if (view.current.wide <= least(current.current.J, width, height).wide && event.deltaY > 0) return;
      event.preventDefault();
      const bounds = canvas.current.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX - bounds.left, event.clientY - bounds.top);
    };
    const element = canvas.current;
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      where = null;
      scheme.removeEventListener("change", again);
      element.removeEventListener("wheel", wheel);
    };
  }, [width, height]);

  function clamp() {
    const v = view.current;
    v.x = Math.min(Math.max(0, v.x), Math.max(0, J.cols - (width - LEFT) / v.wide));
    v.y = Math.min(Math.max(0, v.y), Math.max(0, J.rows - (height - TOP) / v.high));
  }
  function zoom(factor, x, y) {
    const v = view.current;
    const all = least(current.current.J, width, height);
    const before = { ...v };
    const times = Math.min(Math.max(factor, all.wide / v.wide), Math.max(1, 72 / v.wide));
    v.wide *= times;
    v.high = times > 1 ? Math.min(34, Math.max(all.high, v.high * times)) : Math.max(all.high, v.high * times);
    v.x += (x - LEFT) / before.wide - (x - LEFT) / v.wide;
    v.y += (y - TOP) / before.high - (y - TOP) / v.high;
    clamp();
    again();
  }
  function under(event) {
    const v = view.current;
    const bounds = canvas.current.getBoundingClientRect();
    const x = event.clientX - bounds.left - LEFT;
    const y = event.clientY - bounds.top - TOP;
    const c = Math.floor(x / v.wide + v.x);
    const r = Math.floor(y / v.high + v.y);
    return x >= 0 && y >= 0 && r < J.rows && c < J.cols ? [r, c] : null;
  }
  const spread = () => {
    const [a, b] = [...hands.current.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  function show([r, c]) {
    const v = view.current;
    const [wide, high] = [(width - LEFT) / v.wide, (height - TOP) / v.high];
    if (c < v.x) v.x = c;
    if (r < v.y) v.y = r;
    if (c + 1 > v.x + wide) v.x = c + 1 - wide;
    if (r + 1 > v.y + high) v.y = r + 1 - high;
  }
  function onKeyDown(event) {
    const v = view.current;
    let [r, c] = at;
    const step = event.shiftKey ? 10 : 1;
    const middle = [LEFT + (c - v.x) * v.wide, TOP + (r - v.y) * v.high];
    const moves = {
      ArrowUp: () => (r -= step),
      ArrowDown: () => (r += step),
      ArrowLeft: () => (c -= step),
      ArrowRight: () => (c += step),
      Home: () => (c = 0),
      End: () => (c = J.cols - 1),
      "+": () => zoom(1.3, ...middle),
      "=": () => zoom(1.3, ...middle),
      "-": () => zoom(1 / 1.3, ...middle),
      PageUp: () => turn?.(-1),
      PageDown: () => turn?.(1),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
    r = Math.min(Math.max(0, r), J.rows - 1);
    c = Math.min(Math.max(0, c), J.cols - 1);
    if (r === at[0] && c === at[1]) return;
    show([r, c]);
    choose([r, c], "walk");
    announce(`${spoken(J.row(s, r))}, ${spoken(J.col(s, c))}: ${number(J.value(s, r, c))}`);
  }
  return (
    <div class="heat-box" ref={box}>
      <canvas
        ref={canvas}
        class="heat"
        tabIndex={0}
        role="application"
        aria-label={label}
        style={{ height: `${height}px` }}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          hands.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
          canvas.current.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, y: event.clientY, from: { ...view.current }, moved: false };
          if (hands.current.size === 2) drag.current.spread = spread();
        }}
        onPointerMove={(event) => {
          if (hands.current.has(event.pointerId)) {
            hands.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
            const d = drag.current;
            if (hands.current.size === 2) {
              const now = spread();
              const [a, b] = [...hands.current.values()];
              const bounds = canvas.current.getBoundingClientRect();
              zoom(now / d.spread, (a.x + b.x) / 2 - bounds.left, (a.y + b.y) / 2 - bounds.top);
              d.spread = now;
              d.moved = true;
            } else if (d) {
              d.moved ||= Math.hypot(event.clientX - d.x, event.clientY - d.y) > 4;
              view.current.x = d.from.x - (event.clientX - d.x) / view.current.wide;
              view.current.y = d.from.y - (event.clientY - d.y) / view.current.high;
              clamp();
              again();
            }
          }
          if (event.pointerType !== "touch") point(under(event));
        }}
        onPointerUp={(event) => {
          hands.current.delete(event.pointerId);
          const entry = under(event);
          if (drag.current && !drag.current.moved && entry) choose(entry, "click");
          if (hands.current.size === 0) drag.current = null;
        }}
        onPointerCancel={(event) => hands.current.delete(event.pointerId)}
        onPointerLeave={() => point(null)}
      />
    </div>
  );
}
