// The Jacobian itself: what is shown of it, the table or the heat map, its story.
import {
  entry,
  jacobian,
  mode,
  sample,
  stale,
  subject,
  TABLE_LIMIT,
  variable,
  wrt,
  form,
  size,
  PAGE_LIMIT,
  valuesText,
} from "./derive.js";
import { HeatMap } from "./heat.jsx";
import { Partial, Tex } from "./latex.jsx";
import { Legend, Matrix } from "./matrix.jsx";
import { symbolOf } from "./numbers.jsx";
import { Choice, Select } from "./parts.jsx";
import { SampleRow, Stack } from "./stack.jsx";
import { change, isAsked, pointed, state, ui } from "./state.js";
import { Take } from "./take.jsx";
import { t } from "./text.js";

export function turnTo(by) {
  const J = jacobian.value;
  const next = Math.min(Math.max(0, sample.value + by), J.slices - 1);
  if (next === sample.value) return;
  const at = document.activeElement?.dataset;
  change({ sample: next }, "sample");
  // The table of the other sample takes the focus over.
  requestAnimationFrame(() => document.querySelector(`#table td[data-r="${at?.r}"][data-c="${at?.c}"]`)?.focus());
}

export function Corner() {
  return <Partial top={subject.value.output.symbol} bottom={symbolOf(variable.value)} />;
}

export function pointAt(at) {
  pointed.value = at ? { kind: "entry", at } : null;
}

export function keep(at) {
  const { pin } = state.value;
  change({ pin: pin && pin[0] === at[0] && pin[1] === at[1] ? null : at });
  pointAt(at);
}

// gamma as γ, W_1 with its index below.
const GREEK = { alpha: "α", beta: "β", gamma: "γ", delta: "δ", theta: "θ" };
function written(name) {
  const [, base, index] = name.match(/^(.+?)_(.+)$/) ?? [null, name];
  const letter = base.replace(/^[a-z]+/, (word) => GREEK[word] ?? word);
  if (!index) return letter;
  return (
    <>
      {letter}
      <sub>{index}</sub>
    </>
  );
}

export function WrtChoice({ name = "wrt" }) {
  return (
    <Choice
      name={name}
      label={t("wrt")}
      value={wrt.value}
      options={subject.value.variables.map((v) => ({ value: v.name, text: written(v.name) }))}
      onChoose={(next) => change({ wrt: next, pin: null, steps: "", axes: null })}
    />
  );
}

const nameOf = (name) => t(name === "batch" ? "batchForm" : name);

function Controls() {
  const network = !jacobian.value?.symbolic;
  const v = variable.value;
  const forms = subject.value.forms.map((f) => ({
    value: f.name,
    text: nameOf(f.name),
    why: f.why ? t("notHere") + f.why.replace(/--form (\w+)/g, (_, name) => nameOf(name)) : undefined,
  }));
  const entries = ["numbers", "symbols", "both", "structure"].map((value) => ({
    value,
    text: t(`e${value[0].toUpperCase()}${value.slice(1)}`),
    why: network && (value === "symbols" || value === "both") ? t("noSymbols") : undefined,
  }));
  return (
    <div class="controls">
      <Select
        id="form"
        label={t("form")}
        value={form.value}
        options={forms}
        onChoose={(next) => change({ form: next, pin: null, sample: 0 })}
      />
      <Select
        id="entries"
        label={t("entries")}
        value={mode.value}
        options={entries}
        onChoose={(next) => change({ entries: next })}
      />
      {v.role === "parameter" && v.dims.length > 1 && (
        <Select
          id="order"
          label={t("order")}
          value={state.value.order}
          options={[
            { value: "F", text: t("orderF") },
            { value: "C", text: t("orderC") },
          ]}
          onChoose={(order) => {
            // Values of three dimensions are written in the numbering: they are taken along.
            const set = { ...state.value.set };
            for (const other of subject.value.variables)
              if (set[other.name] && other.dims.length > 2) set[other.name] = valuesText(other, other.values, order);
            change({ order, set });
          }}
        />
      )}
    </div>
  );
}

// A network says which module: "batch-norm:2: mean and variance ...".
function reasonText(reason) {
  const at = reason.lastIndexOf(": ") + 1;
  return at > 0 ? `${reason.slice(0, at)} ${t(reason.slice(at + 1))}` : t(reason);
}

export function Story() {
  const J = jacobian.value;
  const words = [J.rows === 1 ? t("shapeOne", J.cols, wrt.value) : t("shape", J.rows, J.cols, wrt.value)];
  if (J.slices > 1) words.push(t("shapeBatch", J.slices));
  if (J.always > 0 && !isAsked(2)) words.push(t("zeros", J.always, J.count));
  if (subject.value.reason) words.push(t("coupled", reasonText(subject.value.reason)));
  if (!J.symbolic && [null, "both", "symbols"].includes(state.value.entries) && state.value.spec.length > 1)
    words.push(t("noSymbols"));
  return (
    <div class="story">
      {subject.value.definition && (
        <p class="definition">
          <Tex t={subject.value.definition} />
          {subject.value.where && (
            <span class="where">
              {subject.value.where.split("; ").map((part) => (
                <Tex key={part} t={part} />
              ))}
            </span>
          )}
        </p>
      )}
      <p>{words.join(" ")}</p>
    </div>
  );
}

export function Picture() {
  const J = jacobian.value;
  const s = sample.value;
  const large = J.rows * J.cols > TABLE_LIMIT;
  const label = t("tableLabel", wrt.value, J.rows, J.cols);
  if (large)
    return (
      <>
        <HeatMap
          J={J}
          s={s}
          label={label}
          at={entry.value}
          point={pointAt}
          choose={(at, how) => (how === "walk" ? change({ pin: at }, "walk") : keep(at))}
          turn={turnTo}
        />
        <p class="muted">{t("largeNote", J.count)}</p>
      </>
    );
  return (
    <Stack J={J} s={s}>
      <Matrix
        J={J}
        mode={mode.value}
        s={s}
        id="table"
        label={label}
        home={state.value.pin ?? [0, 0]}
        point={pointAt}
        choose={keep}
        turn={turnTo}
        busy={stale.value}
      />
    </Stack>
  );
}

export function Explore() {
  const J = jacobian.value;
  return (
    <>
      <div class="view-head">
        <h2>
          <Corner />
          <span class="dims">{size.value.slice(size.value[0] > 1 ? 0 : 1).join(" × ")}</span>
        </h2>
        <WrtChoice />
        <button
          type="button"
          id="more"
          class="plain"
          aria-expanded={ui.value.panel === "take"}
          onClick={() => (ui.value = { ...ui.value, panel: ui.value.panel === "take" ? null : "take" })}
        >
          {t("take")}
        </button>
      </div>
      <Controls />
      {ui.value.panel === "take" && <Take />}
      {J ? (
        <>
          <SampleRow J={J} s={sample.value} turns />
          <Picture />
          <Legend largest={J.largest} mode={mode.value} zeros={J.always > 0} />
          <Story />
        </>
      ) : (
        <p class="problem">
          {t(
            "tooLarge",
            size.value.reduce((a, b) => a * b, 1),
            PAGE_LIMIT,
          )}
        </p>
      )}
    </>
  );
}
