// The network as one slim strip: boxes that open, and the gallery of examples and modules.
import { useEffect, useRef } from "preact/hooks";
import { problem, stale, subject, ask } from "./derive.js";
import { Tex } from "./latex.jsx";
import { outputRows } from "./numbers.jsx";
import { boxes, copyBoxes, freshBox, groups, moduleRow, modules, takeBoxes } from "./network.js";
import { Button } from "./parts.jsx";
import { change, pointed, readState, state, ui } from "./state.js";
import { t } from "./text.js";

const openBox = (box) => (ui.value = { ...ui.value, box, panel: ui.value.panel === "gallery" ? null : ui.value.panel });
const focusSoon = (selector) => requestAnimationFrame(() => document.querySelector(selector)?.focus());

function Options({ box, k, row }) {
  const set = (option, value) => {
    const list = copyBoxes();
    if (value === null || value === "") list[k].options.delete(option.name);
    else list[k].options.set(option.name, option.value === null ? null : value);
    takeBoxes(list);
  };
  return row.options.map((option) => {
    const id = `option-${k}-${option.name}`;
    const given = box.options.has(option.name);
    return (
      <label key={option.name} class="option" title={option.help}>
        {option.value === null ? (
          <input
            id={id}
            type="checkbox"
            checked={given}
            onChange={(e) => set(option, e.currentTarget.checked ? "on" : null)}
          />
        ) : (
          <input
            id={id}
            class="option"
            value={given ? box.options.get(option.name) : ""}
            placeholder={option.value}
            onChange={(e) => set(option, e.currentTarget.value.trim())}
          />
        )}{" "}
        {option.name}
        <small>{option.help}</small>
      </label>
    );
  });
}

function Editor({ box, k, count }) {
  const row = moduleRow(box.name);
  const root = useRef(null);
  useEffect(() => root.current.querySelector("select").focus(), []);
  const swap = (other) => {
    const list = copyBoxes();
    const first = list[0].sizes[0];
    [list[k], list[other]] = [list[other], list[k]];
    if (Math.min(k, other) === 0 && list[0].sizes.length && !moduleRow(list[0].name)?.fixed) list[0].sizes[0] = first;
    takeBoxes(list);
    openBox(other);
    focusSoon(`#module-${other}`);
  };
  const remove = () => {
    const list = copyBoxes();
    const [gone] = list.splice(k, 1);
    if (k === 0 && !moduleRow(list[0].name)?.fixed && list[0].sizes.length)
      list[0].sizes[0] = gone.sizes[0] ?? list[0].sizes[0];
    takeBoxes(list);
    openBox(null);
    focusSoon(`#box-${Math.max(0, k - 1)}`);
  };
  const replace = (name) => {
    const list = copyBoxes();
    const before = list[k].sizes;
    const chosen = moduleRow(name);
    list[k] = freshBox(name, k === 0);
    if (k === 0 && before.length && chosen.nsize > 0 && !chosen.fixed) list[k].sizes[0] = before[0];
    takeBoxes(list);
  };
  return (
    <div
      class="editor"
      role="group"
      aria-label={`${t("module")} ${k + 1}`}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        openBox(null);
        focusSoon(`#box-${k}`);
      }}
    >
      <select
        id={`module-${k}`}
        aria-label={`${t("module")} ${k + 1}`}
        value={box.name}
        onChange={(e) => replace(e.currentTarget.value)}
      >
        {!row && <option value={box.name}>{box.name}</option>}
        {Object.entries(groups.value).map(([name, rows]) => (
          <optgroup key={name} label={t(`g_${name}`)}>
            {rows.map((other) => (
              <option key={other.name} value={other.name}>
                {other.name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <span class="sizes">
        {box.sizes.map((size, place) => (
          <>
            {place > 0 && <span aria-hidden="true">×</span>}
            <input
              key={place}
              type="number"
              class="size"
              id={`size-${k}-${place}`}
              min="1"
              max="400"
              value={size}
              aria-label={`${box.name} ${t("size")} ${place + 1}`}
              // What the module before gives is not for this box to say.
              disabled={k > 0 && place === 0 && row && !row.fixed}
              title={k > 0 && place === 0 && row && !row.fixed ? t("inferred") : undefined}
              onChange={(event) => {
                const list = copyBoxes();
                list[k].sizes[place] = String(
                  Math.max(1, Math.min(400, Math.round(Number(event.currentTarget.value)) || 1)),
                );
                takeBoxes(list);
              }}
            />
          </>
        ))}
      </span>
      {row && <Options box={box} k={k} row={row} />}
      {row?.definition && (
        <p class="definition">
          <Tex t={row.definition} />
        </p>
      )}
      <span class="buttons">
        <Button
          off={k === 0}
          onClick={() => swap(k - 1)}
          aria-label={`${t("left")}${t("colon")} ${box.name}`}
          title={t("left")}
        >
          ←
        </Button>
        <Button
          off={k === count - 1}
          onClick={() => swap(k + 1)}
          aria-label={`${t("right")}${t("colon")} ${box.name}`}
          title={t("right")}
        >
          →
        </Button>
        <Button off={count === 1} onClick={remove} aria-label={`${t("remove")}${t("colon")} ${box.name}`}>
          {t("remove")}
        </Button>
        <Button
          onClick={() => {
            openBox(null);
            focusSoon(`#box-${k}`);
          }}
        >
          {t("close")}
        </Button>
      </span>
    </div>
  );
}

function Box({ box, k, count }) {
  const open = ui.value.box === k;
  const wrong = problem.value?.box === k;
  const p = pointed.value;
  const lit = p?.kind === "module" && p.from <= k && k <= p.to;
  return (
    <li class={`box${open ? " open" : ""}${wrong ? " wrong" : ""}${lit ? " lit" : ""}`}>
      <button
        type="button"
        id={`box-${k}`}
        class="box-name"
        aria-expanded={open}
        aria-describedby={wrong ? "problem" : undefined}
        onClick={() => openBox(open ? null : k)}
        onPointerEnter={() => (pointed.value = { kind: "module", from: k, to: k, name: weightsOf(k) })}
        onPointerLeave={() => (pointed.value = null)}
      >
        <strong>{box.name}</strong>
        {box.sizes.length > 0 && <span class="dims">{box.sizes.join("×")}</span>}
        {[...box.options].map(([name, value]) => (
          <span key={name} class="dims">
            {value === null ? `+${name}` : `${name}=${value}`}
          </span>
        ))}
      </button>
      {open && <Editor box={box} k={k} count={count} />}
    </li>
  );
}

// The weights of a box, to be lit when the box is pointed at.
export function weightsOf(k) {
  const before = boxes.value
    .slice(0, k)
    .filter((b) => moduleRow(b.name)?.example && /^(linear|conv)/.test(b.name)).length;
  const weights = subject.value.variables.filter((v) => /^W\d*$/.test(v.name));
  return /^(linear|conv)/.test(boxes.value[k].name) ? weights[before]?.name : null;
}

const EXAMPLES = [
  ["exLinear", "spec=linear:3x2"],
  ["exBatch", "spec=linear:3x2&batch=3&wrt=W&turn=40"],
  ["exSoftmax", "spec=softmax:3&set=z=1 2 3"],
  ["exNetwork", "spec=linear:3x4,bias tanh linear:2 cross-entropy&wrt=W1&view=chain"],
  ["exPlane", "spec=linear:2x2 tanh&wrt=z&view=geometry"],
  ["exConv", "spec=conv1d:2x1x2,length=4&wrt=z"],
  ["exNorm", "spec=batch-norm:2&batch=3"],
  ["exAttention", "spec=attention:2x2&batch=3&wrt=Q"],
  ["exLarge", "spec=linear:24x12&wrt=W"],
];

// An example as a small picture of its Jacobian's structure.
function Thumbnail({ words }) {
  const s = readState(words.replaceAll(" ", "+"));
  const answer = ask({
    ask: "jacobian",
    spec: s.spec,
    batch: s.batch,
    wrt: s.wrt ?? undefined,
    form: "full",
    entries: "labels",
  });
  if (answer.error) return null;
  const [, rows, cols] = answer.size;
  const lines = answer.structure[0];
  const path = [];
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < cols; c++) if (lines[r][c] === "1") path.push(`M${c} ${r}h.88v.88h-.88z`);
  return (
    <svg class="thumb" viewBox={`-.5 -.5 ${cols + 0.9} ${rows + 0.9}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path.join("")} />
    </svg>
  );
}

function Own() {
  const { define, size } = state.value;
  const formula = useRef(null);
  const sizes = useRef(null);
  const error = problem.value && define !== null ? problem.value.text : "";
  const take = (event) => {
    event.preventDefault();
    const words = formula.current.value.trim();
    if (words === "") return;
    const list = sizes.current.value.split(/[\s,;]+/).filter(Boolean);
    change({
      define: words,
      size: list,
      wrt: null,
      form: null,
      pin: null,
      sample: 0,
      set: {},
      batch: 1,
      steps: "",
      axes: null,
    });
  };
  return (
    <form class="own" onSubmit={take}>
      <h3>{t("ownFunction")}</h3>
      <p class="muted">{t("ownHelp")}</p>
      <label class="wide">
        <span class="label">{t("ownFormula")}</span>
        <input
          ref={formula}
          id="define"
          defaultValue={define ?? "y = tanh(W x) .* v"}
          spellcheck={false}
          autoComplete="off"
          aria-describedby="define-error"
        />
      </label>
      <label class="wide">
        <span class="label">{t("ownSizes")}</span>
        <input
          ref={sizes}
          id="define-sizes"
          defaultValue={define !== null ? size.join(", ") : "W=2x3, x=3x1, v=2x1"}
          spellcheck={false}
          autoComplete="off"
        />
      </label>
      <button type="submit" class="main">
        {t("ownTake")}
      </button>
      <pre class="bad" id="define-error" role="status">
        {error}
      </pre>
    </form>
  );
}

function Gallery() {
  const root = useRef(null);
  useEffect(() => root.current.querySelector("button, input").focus(), []);
  const close = () => {
    ui.value = { ...ui.value, panel: null };
    focusSoon("#gallery-open");
  };
  return (
    <div
      class="gallery"
      role="dialog"
      aria-label={t("gallery")}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <div class="gallery-head">
        <h2>{t("examples")}</h2>
        <button type="button" onClick={close}>
          {t("close")}
        </button>
      </div>
      <div class="cards">
        {EXAMPLES.map(([name, words]) => (
          <button
            key={name}
            type="button"
            class="card"
            data-example={name}
            onClick={() => {
              change(readState(words.replaceAll(" ", "+")));
              close();
            }}
          >
            <Thumbnail words={words} />
            <span>{t(name)}</span>
          </button>
        ))}
      </div>
      <Own />
      <h2>{t("add")}</h2>
      {Object.entries(groups.value).map(([name, rows]) => (
        <section key={name}>
          <h3>{t(`g_${name}`)}</h3>
          <div class="cards modules">
            {rows.map((row) => (
              <button
                key={row.name}
                type="button"
                class="card"
                data-module={row.name}
                onClick={() => {
                  const list = state.value.define !== null ? [] : copyBoxes();
                  list.push(freshBox(row.name, list.length === 0));
                  takeBoxes(list);
                  close();
                }}
              >
                <strong>{row.name}</strong>
                <span class="card-formula">
                  <Tex t={row.definition} />
                </span>
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

export function Strip() {
  void modules.value;
  const input = subject.value?.variables.find((v) => v.role === "data");
  const out = subject.value && outputRows(subject.value.output);
  const { define, batch } = state.value;
  return (
    <section class="strip" aria-label={t("network")}>
      <ol class="network" id="network">
        <li class="flow">
          <span>{t("input")}</span>
          {input && (
            <span class="dims">
              {batch}×{input.dims.at(-1)}
            </span>
          )}
        </li>
        {define !== null ? (
          <li class={`box${stale.value ? " wrong" : ""}`}>
            <button
              type="button"
              class="box-name"
              id="box-0"
              onClick={() => (ui.value = { ...ui.value, panel: "gallery" })}
            >
              <code>{define}</code>
            </button>
          </li>
        ) : (
          boxes.value.map((box, k) => <Box key={k} box={box} k={k} count={boxes.value.length} />)
        )}
        <li class="flow">
          <span>{t("output")}</span>
          {out && (
            <span class="dims">
              {out.length}×{out[0].length}
            </span>
          )}
        </li>
      </ol>
      <button
        type="button"
        id="gallery-open"
        class="add"
        aria-expanded={ui.value.panel === "gallery"}
        onClick={() => (ui.value = { box: null, notice: "", panel: ui.value.panel === "gallery" ? null : "gallery" })}
      >
        + <span>{t("addShort")}</span>
      </button>
      <label class="batch">
        <span>{t("batch")}</span>
        <input
          type="number"
          id="batch"
          aria-label={t("batch")}
          min="1"
          max="100"
          value={batch}
          onChange={(event) =>
            change({
              batch: Math.max(1, Math.min(100, Math.round(Number(event.currentTarget.value)) || 1)),
              sample: 0,
              pin: null,
            })
          }
        />
      </label>
      {ui.value.panel === "gallery" && <Gallery />}
    </section>
  );
}
