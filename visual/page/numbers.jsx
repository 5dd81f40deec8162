// The numbers: every variable as a grid that can be typed into and dragged, the outputs
// below. What lights up is drawn over it (links.jsx).
import { useRef, useState } from "preact/hooks";
import { dimsOf, notes, subject, valuesText, wrt } from "./derive.js";
import { spoken, Tex } from "./latex.jsx";
import { aligned, number, readNumber, readRows } from "./number.js";
import { change, pointed, state } from "./state.js";
import { t } from "./text.js";

const GRID_LIMIT = 300;

// What was typed for a larger size is kept beyond the edge of what is seen.
export function setValues(variable, rows, key) {
  const before = state.value.set[variable.name];
  const old = before && variable.dims.length < 3 ? readRows(before) : null;
  let text = valuesText(variable, rows);
  if (
    old &&
    (old.length > rows.length || old[0].length > rows[0].length) &&
    old.length * old[0].length !== rows.length * rows[0].length
  ) {
    const high = Math.max(old.length, rows.length);
    const wide = Math.max(old[0].length, rows[0].length);
    const all = Array.from({ length: high }, (_, i) =>
      Array.from({ length: wide }, (_, j) => rows[i]?.[j] ?? old[i]?.[j] ?? 0),
    );
    text = valuesText(variable, all);
  }
  change({ set: { ...state.value.set, [variable.name]: text } }, key);
}

export function setValue(name, i, j, value, key) {
  const variable = subject.value.variables.find((v) => v.name === name);
  const rows = variable.values.map((row) => [...row]);
  rows[i][j] = value;
  setValues(variable, rows, key);
}

export function shown(value) {
  return Number.isFinite(value) ? number(value, Math.abs(value) < 0.01 ? 3 : 4) : number(value);
}

// A table from a spreadsheet fills the grid from the cell where it is pasted; one cell alone
// is left to the browser.
function paste(variable, i, j, event, complain) {
  const text = event.clipboardData.getData("text/plain").replace(/[\r\n]+$/, "");
  const table = text.split(/\r?\n|;/).map((line) => {
    const clean = line.trim();
    return clean.split(clean.includes("\t") ? "\t" : /[\s,]+/);
  });
  if (table.length === 1 && table[0].length === 1) return;
  event.preventDefault();
  const [rows, cols] = [variable.values.length, variable.values[0].length];
  const wide = Math.max(...table.map((line) => line.length));
  if (i + table.length > rows || j + wide > cols)
    return complain(t("pasteShape", `${table.length} × ${wide}`, `${rows} × ${cols}`));
  const next = variable.values.map((row) => [...row]);
  for (const [di, line] of table.entries())
    for (const [dj, word] of line.entries()) {
      const value = readNumber(word);
      if (Number.isNaN(value)) return complain(t("notNumber", word, shown(next[i + di][j + dj])));
      next[i + di][j + dj] = value;
    }
  complain("");
  setValues(variable, next);
}

function walk(event, i, j) {
  const input = event.currentTarget;
  const start = input.selectionStart === 0 && input.selectionEnd === 0;
  const end = input.selectionStart === input.value.length;
  const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const to = {
    ArrowUp: [i - 1, j],
    ArrowDown: [i + 1, j],
    Enter: [i + 1, j],
    ArrowLeft: (start || all) && [i, j - 1],
    ArrowRight: (end || all) && [i, j + 1],
  }[event.key];
  const target = to && input.closest("table").querySelector(`[data-place="${to.join(",")}"]`);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.select();
}

// A number: typed, or dragged to the left and to the right.
function Cell({ variable, i, j, text, wide, complain, invite }) {
  const [draft, setDraft] = useState(null);
  const drag = useRef(null);
  const value = variable.values[i][j];
  // Something else changed the number (undo, a drag): what was typed is gone.
  const typed = draft !== null && (draft.bad || draft.value === value) ? draft : null;
  const key = `cell ${variable.name} ${i} ${j}`;
  function type(event) {
    const words = event.currentTarget.value;
    const next = readNumber(words);
    const bad = Number.isNaN(next);
    setDraft({ words, value: bad ? value : next, bad });
    complain(bad ? t("notNumber", words, shown(value)) : "");
    if (!bad && next !== value) setValue(variable.name, i, j, next, key);
  }
  const see = (on) => () => (pointed.value = on ? { kind: "cell", name: variable.name, row: i, col: j } : null);
  return (
    <input
      class={`cell${invite ? " invite" : ""}`}
      inputMode="decimal"
      autoComplete="off"
      spellcheck={false}
      aria-label={spoken(variable.labels[i][j])}
      aria-describedby={`bad-${variable.name}`}
      aria-invalid={typed?.bad ? "true" : undefined}
      data-cell={`${variable.name}:${i}:${j}`}
      data-place={`${i},${j}`}
      value={typed ? typed.words : text}
      title={String(value).replace("-", "−")}
      style={{ width: `calc(${Math.max(wide, typed ? typed.words.length : 0)}ch + 14px)` }}
      onInput={type}
      onBlur={() => {
        setDraft(null);
        if (draft?.bad) complain("");
        pointed.value = null;
      }}
      onPaste={(event) => paste(variable, i, j, event, complain)}
      onKeyDown={(event) => walk(event, i, j)}
      onFocus={() => {
        see(true)();
        follow(variable, i);
      }}
      onPointerEnter={(event) => event.pointerType !== "touch" && see(true)()}
      onPointerLeave={(event) => document.activeElement !== event.currentTarget && see(false)()}
      onPointerDown={(event) => {
        if (event.button === 0) drag.current = { x: event.clientX, from: value, moved: false };
      }}
      onPointerMove={(event) => {
        const d = drag.current;
        if (!d) return;
        const by = event.clientX - d.x;
        if (!d.moved && Math.abs(by) < 4) return;
        if (!d.moved) {
          d.moved = true;
          event.currentTarget.setPointerCapture(event.pointerId);
        }
        event.currentTarget.setSelectionRange(0, 0);
        const step = event.shiftKey ? 0.1 : 0.01;
        setDraft(null);
        setValue(variable.name, i, j, Number((d.from + by * step).toPrecision(6)), key);
      }}
      onPointerUp={(event) => {
        if (drag.current && !drag.current.moved) event.currentTarget.select();
        drag.current = null;
      }}
      onPointerCancel={() => (drag.current = null)}
    />
  );
}

// A number of another sample is edited: that sample is shown.
function follow(variable, i) {
  if (variable.role === "data" && i !== state.value.sample && i < state.value.batch) change({ sample: i }, "follow");
}

export function Bracketed({ rows, slab, children }) {
  return (
    <div class="bracketed">
      <table role="presentation">
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} class={slab && i > 0 && i % slab === 0 ? "slab" : undefined}>
              {row.map((cell, j) => (
                <td key={j}>{children ? children(cell, i, j) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function columnsAligned(rows) {
  const texts = rows.map((row) => row.map(shown));
  for (let j = 0; j < texts[0].length; j++) {
    const column = aligned(texts.map((row) => row[j]));
    column.forEach((text, i) => (texts[i][j] = text));
  }
  return texts;
}

export function symbolOf(variable) {
  // A matrix has the capital letter of its entries: w^{1} is an entry of W^{1}.
  const capital = /^[A-Z]/.test(variable.name);
  return capital ? variable.symbol.replace(/^[a-z]/, (letter) => letter.toUpperCase()) : variable.symbol;
}

function Variable({ variable, first }) {
  const [bad, complain] = useState("");
  const count = variable.values.length * variable.values[0].length;
  const texts = count <= GRID_LIMIT ? columnsAligned(variable.values) : [];
  const note = notes.value.find((n) => n.name === variable.name);
  const by = variable.name === wrt.value;
  const current = variable.role === "data" && state.value.batch > 1 ? state.value.sample : -1;
  return (
    <section
      class={`variable${by ? " by" : ""}`}
      data-name={variable.name}
      onPointerEnter={() => pointed.value ?? (pointed.value = { kind: "variable", name: variable.name })}
    >
      <h3>
        <Tex t={symbolOf(variable)} /> <span class="dims">{dimsOf(variable)}</span>
      </h3>
      {count <= GRID_LIMIT ? (
        <Bracketed rows={texts} slab={variable.dims.length === 3 ? variable.dims[1] : 0}>
          {(text, i, j) => (
            <Cell
              variable={variable}
              i={i}
              j={j}
              text={text}
              wide={Math.max(4, ...texts.map((row) => row[j].length))}
              complain={complain}
              invite={first && i === 0 && j === 0}
            />
          )}
        </Bracketed>
      ) : (
        <textarea
          class="many"
          rows={2}
          aria-label={variable.name}
          placeholder={t("tooMany", count)}
          onPaste={(event) => paste(variable, 0, 0, event, complain)}
        />
      )}
      <p class="bad" id={`bad-${variable.name}`} role="status">
        {bad ||
          (note &&
            (note.note === "unread"
              ? t("unread", variable.name)
              : t("unfit", variable.name, `${note.have.length} × ${note.have[0].length}`, note.need)))}
      </p>
      {current >= 0 && (
        <span class="offscreen">
          {t("sample")} {current + 1}
        </span>
      )}
    </section>
  );
}

export function simpleNumbers() {
  const set = { ...state.value.set };
  for (const variable of subject.value.variables) {
    if (variable.domain !== "real") continue;
    let next = 1;
    set[variable.name] = valuesText(
      variable,
      variable.values.map((row) => row.map(() => next++)),
    );
  }
  change({ set });
}

// A column of outputs is one row to the engine.
export const outputRows = (output) => (output.column ? output.values[0].map((x) => [x]) : output.values);

export function Numbers() {
  const { variables, output } = subject.value;
  const untouched = Object.keys(state.value.set).length === 0 && !state.value.pin;
  const rows = outputRows(output);
  const count = rows.length * rows[0].length;
  const texts = count <= GRID_LIMIT ? columnsAligned(rows) : [];
  const place = (i, j) => (output.column ? [j, i] : [i, j]);
  return (
    <section class="inputs" aria-labelledby="title-numbers" onPointerLeave={() => (pointed.value = null)}>
      <h2 id="title-numbers" class="offscreen">
        {t("numbers")}
      </h2>
      <p class="invitation">{t("invitation")}</p>
      <div class="grids" id="grids">
        {variables.map((variable, k) => (
          <Variable key={variable.name} variable={variable} first={untouched && k === 0} />
        ))}
        <section class="variable result" data-name="">
          <h3>
            <Tex t={output.symbol} />{" "}
            <span class="dims">
              {rows.length} × {rows[0].length}
            </span>
          </h3>
          {count <= GRID_LIMIT && (
            <Bracketed rows={texts}>
              {(text, i, j) => (
                <span
                  class="cell"
                  data-cell={`:${place(i, j).join(":")}`}
                  onPointerEnter={() =>
                    (pointed.value = { kind: "cell", name: "", row: place(i, j)[0], col: place(i, j)[1] })
                  }
                  onPointerLeave={() => (pointed.value = null)}
                >
                  {text}
                </span>
              )}
            </Bracketed>
          )}
        </section>
      </div>
      <div class="quiet">
        <button type="button" id="draw" onClick={() => change({ seed: state.value.seed + 1, set: {} })}>
          {t("draw")}
        </button>
        <button type="button" id="simple" onClick={simpleNumbers}>
          {t("simple")}
        </button>
      </div>
    </section>
  );
}
