// The Jacobian as a table: labels, symbols, numbers, structure; pointed at and walked over.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Heading, spoken, Tex } from "./latex.jsx";
import { aligned, number } from "./number.js";
import { css, palette, shadeOf } from "./colors.js";
import { announce } from "./parts.jsx";
import { t } from "./text.js";

export function level(value, largest) {
  if (!(Math.abs(value) > 0) || largest === 0) return 0;
  return Math.min(1, 0.14 + (0.86 * Math.abs(value)) / largest);
}

export function paint(value, largest) {
  return {
    class: value < 0 ? " negative" : value > 0 ? " positive" : "",
    style: { "--level": level(value, largest).toFixed(3) },
  };
}

function Content({ J, mode, s, r, c, text }) {
  if (J.zero?.(s, r, c)) return mode === "structure" ? "" : "0";
  if (mode === "structure") return <span class="mark">●</span>;
  const symbol = J.symbol?.(s, r, c);
  if (mode === "numbers" || symbol === undefined) return <span class="value">{text}</span>;
  if (mode === "symbols" || /^-?\d+$/.test(symbol))
    return (
      <span class="symbol">
        <Tex t={symbol} />
      </span>
    );
  return (
    <>
      <span class="symbol">
        <Tex t={symbol} />
      </span>
      <span class="value">{text}</span>
    </>
  );
}

// In reduced form a block of zeros is one 0.
function zeroBlock(J, s, r, c) {
  const width = J.block?.[1] ?? 0;
  if (!J.reduced || width < 1 || c % width) return 0;
  for (let k = c; k < c + width; k++) if (!J.zero(s, r, k)) return 0;
  return width;
}

function edge(J, r, c) {
  const [down, across] = J.block ?? [0, 0];
  return `${down > 0 && r > 0 && r % down === 0 ? " block-top" : ""}${
    across > 0 && c > 0 && c % across === 0 ? " block-left" : ""
  }`;
}

// What was drawn is taken as it is where `keep` says so.
function cellsOf({ J, mode, s, texts, home, colors, keep }, r) {
  const cells = [];
  for (let c = 0; c < J.cols; ) {
    const kept = keep(r, c);
    if (kept) {
      cells.push(kept);
      c += kept.props.colSpan ?? 1;
      continue;
    }
    const wide = zeroBlock(J, s, r, c);
    const zero = J.zero?.(s, r, c);
    const colored = mode === "numbers" || mode === "both";
    const value = colored ? J.value(s, r, c) : 0;
    // Of many cells each costs: no box inside, the colour as such.
    const look = colors
      ? {
          class: "",
          style: zero
            ? undefined
            : { backgroundColor: css(shadeOf(colors, level(value, J.largest), value < 0, false)) },
        }
      : paint(value, J.largest);
    cells.push(
      <td
        key={c}
        tabIndex={home && home[0] === r && home[1] >= c && home[1] < c + Math.max(1, wide) ? 0 : -1}
        data-r={r}
        data-c={c}
        class={`${zero ? "zero" : colored ? "" : "marked"}${look.class}${edge(J, r, c)}`}
        style={look.style}
        colSpan={wide > 1 ? wide : undefined}
      >
        {colors && mode === "numbers" ? (
          texts[r][c] || "0"
        ) : (
          <Content J={J} mode={mode} s={s} r={r} c={c} text={texts[r][c]} />
        )}
      </td>,
    );
    c += Math.max(1, wide);
  }
  return cells;
}

// What is small is shown large; "long": its formulas take the room.
const LONG = 36; // letters of LaTeX
function room(J, mode, s) {
  const { rows, cols } = J;
  if (cols > 6 || rows > 6) return cols <= 12 && rows <= 12 ? "middling" : "dense";
  const written = mode === "both" || mode === "symbols";
  const long = (r, c) => !J.zero?.(s, r, c) && J.symbol?.(s, r, c)?.length > LONG;
  for (let r = 0; r < rows && written; r++) for (let c = 0; c < cols; c++) if (long(r, c)) return "roomy long";
  return "roomy";
}

const RESTS = 200; // ms after an edit

// Of a large table only a part is in sight: while a number is edited that part is drawn
// anew, the rest when the hand rests or it is scrolled to. Tells what is in sight, and draws all.
function useSight(table, large) {
  const sight = useRef(null);
  const [, drawAll] = useState(0);
  useLayoutEffect(() => {
    const scroller = table.current?.closest(".scroller");
    if (!large || !scroller) return undefined;
    const look = () => {
      const cell = table.current.querySelector("td[data-r]");
      const [wide, high] = [cell.offsetWidth, cell.offsetHeight];
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller;
      sight.current = {
        left: Math.floor((scrollLeft - cell.offsetLeft) / wide) - 1,
        right: Math.ceil((scrollLeft + clientWidth) / wide) + 1,
        top: Math.floor((scrollTop - cell.offsetTop) / high) - 1,
        bottom: Math.ceil((scrollTop + clientHeight) / high) + 1,
      };
    };
    const scrolled = () => {
      look();
      drawAll((k) => k + 1);
    };
    const observer = new ResizeObserver(scrolled);
    observer.observe(scroller);
    look();
    scroller.addEventListener("scroll", scrolled);
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", scrolled);
      sight.current = null;
    };
  }, [large]);
  return [sight, () => drawAll((k) => k + 1)];
}

function textsOf(J, s, digits, inSight, before) {
  const texts = Array.from({ length: J.rows }, () => []);
  for (let c = 0; c < J.cols; c++) {
    if (!inSight(c)) {
      for (let r = 0; r < J.rows; r++) texts[r][c] = before[r][c];
      continue;
    }
    const column = [];
    for (let r = 0; r < J.rows; r++) column.push(J.zero?.(s, r, c) ? "" : number(J.value(s, r, c), digits));
    aligned(column, true).forEach((text, r) => (texts[r][c] = text));
  }
  return texts;
}

// point(at or null) is told what is pointed at, choose(at) what is kept, turn(by) asks for
// another sample.
export function Matrix({ J, mode, s, id, label, corner, digits = 4, home = [0, 0], point, choose, turn, busy }) {
  const table = useRef(null);
  const drawn = useRef(null);
  // Many cells are laid out faster when their widths are known.
  const fixed = mode === "numbers" && J.rows * J.cols > 200;
  const [sight, drawAll] = useSight(table, fixed);
  const colors = mode !== "symbols" && mode !== "structure" && J.rows * J.cols > 200 && palette();
  // Other numbers in the same places.
  const before = drawn.current;
  const seen = sight.current;
  const edited =
    fixed &&
    seen &&
    before &&
    before.J !== J &&
    before.J.index === J.index &&
    before.s === s &&
    before.colors === colors;
  const across = (c) => !edited || (c >= seen.left && c <= seen.right);
  const down = (r) => !edited || (r >= seen.top && r <= seen.bottom);
  const texts = textsOf(J, s, digits, across, before?.texts);
  const widest = fixed ? Math.max(6, ...texts.flat().map((text) => text.length)) : 0;
  const keep = (r, c) => (edited && !(across(c) && down(r)) ? before.cells[r].find((td) => td.key === c) : null);
  const cells = Array.from({ length: J.rows }, (_, r) => cellsOf({ J, mode, s, texts, home, colors, keep }, r));
  drawn.current = fixed ? { J, s, colors, texts, cells } : null;
  useEffect(() => {
    if (!edited) return undefined;
    const timer = setTimeout(drawAll, RESTS);
    return () => clearTimeout(timer);
  }, [J]);
  const cellOf = (event) => event.target.closest?.("td[data-r]");
  const atOf = (cell) => [Number(cell.dataset.r), Number(cell.dataset.c)];
  function say(at) {
    announce(`${spoken(J.row(s, at[0]))}, ${spoken(J.col(s, at[1]))}: ${number(J.value(s, ...at))}`);
  }
  function onKeyDown(event) {
    const cell = cellOf(event);
    if (!cell) return;
    const [r, c] = atOf(cell);
    const find = (row, col) =>
      row >= 0 &&
      row < J.rows &&
      [...table.current.querySelectorAll(`td[data-r="${row}"]`)].filter((td) => Number(td.dataset.c) <= col).at(-1);
    const target = {
      ArrowUp: () => find(r - 1, c),
      ArrowDown: () => find(r + 1, c),
      ArrowLeft: () => cell.previousElementSibling,
      ArrowRight: () => cell.nextElementSibling,
      Home: () => find(r, 0),
      End: () => find(r, J.cols - 1),
    }[event.key];
    if (target) {
      event.preventDefault();
      const next = target();
      if (next?.dataset?.c !== undefined) next.focus();
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      turn?.(event.key === "PageUp" ? -1 : 1);
    } else if ((event.key === "Enter" || event.key === " ") && choose) {
      event.preventDefault();
      choose([r, c]);
    }
  }
  return (
    <table
      class={`jacobian ${mode} ${room(J, mode, s)}`}
      id={id}
      ref={table}
      role="grid"
      aria-label={label}
      style={{
        "--rows": J.rows,
        "--cols": J.cols,
        ...(fixed && { tableLayout: "fixed", width: `calc(4.5rem + ${J.cols} * (${widest}ch + 12px))` }),
      }}
      aria-busy={busy ? "true" : undefined}
      onPointerOver={(event) => {
        const cell = cellOf(event);
        if (cell && event.pointerType !== "touch") point?.(atOf(cell));
      }}
      onPointerLeave={() => point?.(null)}
      onClick={(event) => {
        const cell = cellOf(event);
        if (!cell) return;
        cell.focus();
        choose?.(atOf(cell));
      }}
      onFocusIn={(event) => {
        const cell = cellOf(event);
        if (!cell) return;
        point?.(atOf(cell));
        say(atOf(cell));
      }}
      onFocusOut={() => point?.(null)}
      onKeyDown={onKeyDown}
    >
      {fixed && (
        <colgroup>
          <col style={{ width: "4.5rem" }} />
          {texts[0].map((_, c) => (
            <col key={c} style={{ width: `calc(${widest}ch + 12px)` }} />
          ))}
        </colgroup>
      )}
      <thead>
        <tr>
          <td class="corner" aria-hidden="true">
            {corner}
          </td>
          {Array.from({ length: J.cols }, (_, c) => (
            <th key={c} scope="col" class={edge(J, 0, c)} data-col={c}>
              <Heading t={J.col(s, c)} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: J.rows }, (_, r) => (
          <tr key={r}>
            <th scope="row" class={edge(J, r, 0)} data-row={r}>
              <Heading t={J.row(s, r)} />
            </th>
            {cells[r]}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// The scale of colours, with numbers.
export function Legend({ largest, mode, zeros }) {
  const numbers = mode === "numbers" || mode === "both";
  return (
    <div class="legend">
      {numbers && largest > 0 && (
        <div class="scale" role="img" aria-label={t("scale", number(-largest, 2), number(largest, 2))}>
          <span>{number(-largest, 2)}</span>
          <i class="ramp" />
          <span>{number(largest, 2)}</span>
        </div>
      )}
      {zeros && (
        <span class="zero-key">
          <i class="swatch zero" />
          {t("legendZero")}
        </span>
      )}
    </div>
  );
}
