// One drawing: what belongs together is framed, and joined by lines that pass behind the
// numbers: none is struck through.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { heatRect } from "./heat.jsx";
import { jacobian, lit, sample, subject } from "./derive.js";
import { pointed, state } from "./state.js";
import { seenAt } from "./turn.js";

// Where an element is seen in the stage; null where it is scrolled out of sight.
function seen(element, stage) {
  if (!element) return null;
  let { left, right, top, bottom } = element.getBoundingClientRect();
  if (right === left) return null;
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (!around.matches(".scroller, .bracketed, .inputs")) continue;
    const clip = around.getBoundingClientRect();
    [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
    [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
    if (right - left < 6 || bottom - top < 6) return null;
  }
  return {
    x: left - stage.left,
    y: top - stage.top,
    w: right - left,
    h: bottom - top,
    corners: turned(element, stage),
  };
}

// The corners of a cell of the turned stack: what is seen of it is no upright box.
function turned(element, stage) {
  const front = element.closest(".turned .front");
  if (!front) return null;
  const [scene, stack] = [front.closest(".scene"), front.parentElement];
  const scroller = front.querySelector(".scroller");
  let [x, y] = [-scroller.scrollLeft, -scroller.scrollTop];
  for (let e = element; e && e !== front; e = e.offsetParent) [x, y] = [x + e.offsetLeft, y + e.offsetTop];
  const place = {
    turn: state.value.turn,
    shift: parseFloat(stack.style.getPropertyValue("--shift")),
    wide: scene.clientWidth,
    high: scene.clientHeight,
    left: stack.offsetLeft,
    top: stack.offsetTop,
    width: stack.offsetWidth,
    height: stack.offsetHeight,
  };
  const origin = scene.getBoundingClientRect();
  const [w, h] = [element.offsetWidth, element.offsetHeight];
  return [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ].map(([u, v]) => {
    const at = seenAt(place, u, v, 0);
    return [at.x + origin.left - stage.left, at.y + origin.top - stage.top];
  });
}

// Where a line leaves a number: at its side, or, where others stand beside it, below it and
// between the rows to the bracket. A line through numbers would look like their minus signs.
function leaving(cell, box, stage) {
  const last = cell.closest("td").nextElementSibling === null;
  if (last) return { x: box.x + box.w, y: box.y + box.h / 2 };
  const bracket = seen(cell.closest(".bracketed"), stage);
  return { below: { x: box.x + box.w - 10, y: box.y + box.h }, x: bracket.x + bracket.w, y: box.y + box.h + 2 };
}

// On past the wider numbers that stand between it and where it goes.
function past(from, to, brackets) {
  const [high, low] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  const edges = brackets.filter((b) => b.y < low && b.y + b.h > high).map((b) => b.x + b.w);
  return { ...from, past: Math.max(from.x, ...edges) };
}

function measure(root) {
  const found = { frames: [], lines: [] };
  const J = jacobian.value;
  if (!J) return found;
  const stage = root.getBoundingClientRect();
  const { cells, entries, row, col } = lit.value;
  const table = root.querySelector("table#table");
  if (!table && !root.querySelector("canvas.heat") && !pointed.value) return found;
  const entryBox = (r, c) => {
    if (!table) return heatRect(r, c, stage);
    const tds = [...table.querySelectorAll(`td[data-r="${r}"]`)];
    return seen(tds.filter((td) => Number(td.dataset.c) <= c).at(-1), stage);
  };
  const rowBox = row === null ? null : seen(table?.querySelector(`th[data-row="${row}"]`), stage);
  const colBox = col === null ? null : seen(table?.querySelector(`th[data-col="${col}"]`), stage);
  const boxes = entries
    .slice(0, 60)
    .map(([r, c]) => entryBox(r, c))
    .filter(Boolean);
  const edge = seen(table, stage)?.x;
  const put = (box, part) => box && found.frames.push({ ...box, part });
  boxes.forEach((box) => put(box, entries.length === 1 ? "entry" : "entries"));
  put(rowBox, "out");
  put(colBox, "var");
  const brackets = [...root.querySelectorAll(".inputs .bracketed")].map((e) => seen(e, stage)).filter(Boolean);
  const join = (part, from, to, edge) => found.lines.push({ part, from: past(from, to, brackets), to, edge });
  for (const cell of cells) {
    const place = `${cell.name}:${cell.row}:${cell.col}`;
    const element = root.querySelector(`[data-cell="${CSS.escape(place)}"]`);
    const box = seen(element, stage);
    if (!box) continue;
    put(box, cell.part);
    const from = leaving(element, box, stage);
    if (cell.part === "var" && colBox) join("var", from, { x: colBox.x + colBox.w / 2, y: colBox.y }, edge);
    else if (cell.part === "out" && rowBox) join("out", from, { x: rowBox.x, y: rowBox.y + rowBox.h / 2 });
    else if (cell.part === "soft" && boxes.length === 1)
      join("soft", from, { x: boxes[0].x, y: boxes[0].y + boxes[0].h / 2 });
  }
  if (boxes.length === 1 && entries.length === 1 && !boxes[0].corners) {
    const [box] = boxes;
    if (rowBox)
      found.frames.push({ x: rowBox.x + rowBox.w, y: box.y, w: box.x - rowBox.x - rowBox.w, h: box.h, part: "band" });
    if (colBox)
      found.frames.push({ x: box.x, y: colBox.y + colBox.h, w: box.w, h: box.y - colBox.y - colBox.h, part: "band" });
  }
  return found;
}

// To the head of a column a line goes from the table's edge on above the heads: below the
// choices that stand there.
function curve({ from, to, edge }) {
  const { below, y, past: x } = from;
  const dx = Math.max(24, Math.abs(to.x - x) / 2);
  const lane = to.y - 5;
  const middle = (x + edge) / 2;
  const start = `${below ? `M${below.x} ${below.y}Q${below.x} ${y} ${below.x + 3} ${y}` : `M${from.x} ${y}`}H${x}`;
  return edge !== undefined
    ? `${start}C${middle} ${y} ${middle} ${lane} ${edge} ${lane}H${to.x - 6}Q${to.x} ${lane} ${to.x} ${to.y}`
    : `${start}C${x + dx} ${y} ${to.x - dx} ${to.y} ${to.x} ${to.y}`;
}

export function Links({ stage }) {
  const [drawn, draw] = useState({ frames: [], lines: [] });
  const again = useRef(null);
  // Read here so that the drawing follows them.
  const now = [lit.value, jacobian.value, subject.value, sample.value, state.value];
  again.current = () => stage.current && draw(measure(stage.current));
  useLayoutEffect(() => again.current(), now);
  useLayoutEffect(() => {
    const root = stage.current;
    let frame = 0;
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => again.current());
    };
    const observer = new ResizeObserver(soon);
    observer.observe(root);
    root.addEventListener("scroll", soon, true);
    addEventListener("resize", soon);
    root.addEventListener("transitionend", soon);
    root.addEventListener("animationend", soon);
    return () => {
      observer.disconnect();
      root.removeEventListener("scroll", soon, true);
      removeEventListener("resize", soon);
      root.removeEventListener("transitionend", soon);
      root.removeEventListener("animationend", soon);
    };
  }, []);
  return (
    <>
      <svg class="links behind" aria-hidden="true">
        {drawn.lines.map((line, k) => (
          <path key={k} class={line.part} d={curve(line)} />
        ))}
      </svg>
      <svg class="links" aria-hidden="true">
        {drawn.frames.map(({ x, y, w, h, part, corners }, k) =>
          corners ? (
            <polygon key={k} class={part} points={corners.map((at) => at.join()).join(" ")} />
          ) : (
            <rect
              key={k}
              class={part}
              x={x}
              y={y}
              width={Math.max(0, w)}
              height={Math.max(0, h)}
              rx={part === "band" ? 0 : 4}
            />
          ),
        )}
      </svg>
    </>
  );
}
