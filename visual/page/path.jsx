// Seven short tasks, from 'what is an entry' to 'backpropagation is this product from the
// left'. The engine says whether each is done.
import { useEffect } from "preact/hooks";
import { curve, form, jacobian, sample, subject, wrt } from "./derive.js";
import { readNumber } from "./number.js";
import { change, readState, state } from "./state.js";
import { t } from "./text.js";

const start = (words) => {
  const { spec, batch, wrt: by, form: f, set, view, seed, order } = readState(words.replaceAll(" ", "+"));
  return {
    spec,
    define: null,
    size: [],
    batch,
    wrt: by,
    form: f,
    set,
    view,
    seed,
    order,
    pin: null,
    sample: 0,
    steps: "",
    entries: "both",
    axes: null,
  };
};
const at = (r, c) => state.value.pin?.[0] === r && state.value.pin?.[1] === c;
const is = (...spec) => state.value.define === null && spec.join(" ") === (subject.value?.modules ?? []).join(" ");

// What each starts from, when it is done, and what a teacher may show.
const TASKS = [
  {
    words: "spec=linear:2x2&wrt=z&set=z=1 2&set=W=1 3; 2 4",
    done: () => is("linear:2x2") && wrt.value === "z" && at(0, 1),
    show: { pin: [0, 1] },
  },
  {
    words: "spec=linear:2x2&wrt=z&set=z=1 2&set=W=1 3; 2 4",
    done: () => is("linear:2x2") && wrt.value === "z" && jacobian.value?.value(0, 1, 0) === -1,
    show: { set: { z: "1 2", W: "1 -1; 2 4" } },
  },
  {
    words: "spec=linear:3x2&wrt=W",
    ask: true,
    done: () => is("linear:3x2") && wrt.value === "W" && readNumber(state.value.answer) === jacobian.value?.always,
    show: { answer: "6" },
  },
  {
    words: "spec=relu:3&set=z=1 0.5 -1",
    done: () => is("relu:3") && Boolean(curve.value?.kink) && Boolean(state.value.pin),
    show: { set: { z: "0 0.5 -1" }, pin: [0, 0] },
  },
  {
    words: "spec=softmax:2&set=z=1 3",
    done: () => is("softmax:2") && Math.abs(jacobian.value?.value(0, 0, 0) - 0.25) < 5e-4,
    show: { set: { z: "1 1" } },
  },
  {
    words: "spec=linear:2x2&wrt=z&batch=3",
    done: () => {
      const J = jacobian.value;
      const { pin } = state.value;
      if (!is("linear:2x2") || form.value !== "full" || !pin || !J || pin[0] >= J.rows || pin[1] >= J.cols)
        return false;
      return J.output(0, pin[0])[0] !== J.place(0, pin[1])[0] && J.zero(0, ...pin);
    },
    show: { form: "full", pin: [0, 2], sample: 0 },
  },
  {
    words: "spec=linear:3x4,bias tanh linear:2 cross-entropy&wrt=W1&view=chain",
    done: () =>
      state.value.view === "chain" && state.value.steps === "bbb" && (subject.value?.modules.length ?? 0) === 4,
    show: { steps: "bbb" },
  },
];

export function Path() {
  const { task, done, teach, answer } = state.value;
  const current = TASKS[task];
  void [jacobian.value, sample.value];
  const now = current.done();
  const had = done.includes(task + 1);
  useEffect(() => {
    if (now && !had) change({ done: [...done, task + 1].sort() }, "done");
  }, [now, had]);
  const go = (k) => change({ ...start(TASKS[k].words), task: k, answer: "" });
  return (
    <section class={`path${had ? " had" : ""}`} aria-label={t("path")}>
      <ol class="path-steps">
        {TASKS.map((_, k) => (
          <li key={k}>
            <button
              type="button"
              class={done.includes(k + 1) ? "done" : ""}
              aria-current={k === task ? "step" : undefined}
              aria-label={t("taskN", k + 1) + (done.includes(k + 1) ? ` ✓` : "")}
              onClick={() => go(k)}
            >
              {done.includes(k + 1) ? "✓" : k + 1}
            </button>
          </li>
        ))}
      </ol>
      <div class="path-text" role="status">
        <p>
          <strong>{t(`task${task + 1}`)}</strong> {t(`task${task + 1}do`)}
        </p>
        {had && <p class="verdict good">✓ {t(`task${task + 1}done`)}</p>}
      </div>
      {current.ask && (
        <label class="select">
          <span class="label">{t("yourAnswer")}</span>
          <input
            id="answer"
            class="cell"
            inputMode="numeric"
            value={answer}
            onInput={(event) => change({ answer: event.currentTarget.value })}
          />
        </label>
      )}
      <div class="row">
        {!had && !teach && (
          <button type="button" id="task-show" onClick={() => change(current.show)}>
            {t("showMe")}
          </button>
        )}
        {had && task + 1 < TASKS.length && (
          <button type="button" class="main" id="task-next" onClick={() => go(task + 1)}>
            {t("next")}
          </button>
        )}
        <button
          type="button"
          id="teach"
          aria-pressed={teach}
          title={t("teachHelp")}
          onClick={() => change({ teach: !teach })}
        >
          {t("teach")}
        </button>
        <button type="button" onClick={() => change({ task: null })}>
          {t("close")}
        </button>
      </div>
    </section>
  );
}

export const startPath = () => change({ ...start(TASKS[0].words), task: 0, answer: "" });
