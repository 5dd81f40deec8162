// 'Find the mistake': a Jacobian with a classic mistake, choices, the explanation.
import { computed } from "@preact/signals";
import {
  ask,
  jacobian,
  question,
  sample,
  subject,
  subjectWords,
  TABLE_LIMIT,
  form,
  wrt,
  stale,
  withValues,
} from "./derive.js";
import { Corner, pointAt, turnTo, WrtChoice } from "./explore.jsx";
import { Partial, Tex, Typeset } from "./latex.jsx";
import { Legend, Matrix } from "./matrix.jsx";
import { number, toNumber } from "./number.js";
import { Sentence } from "./parts.jsx";
import { SampleRow } from "./stack.jsx";
import { change, state } from "./state.js";
import { t } from "./text.js";

// The same round of the same subject has the same mistake.
function shuffled(list, seed) {
  const copy = [...list];
  let x = (seed * 2654435761 + 12345) >>> 0;
  for (let k = copy.length - 1; k > 0; k--) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((x / 2 ** 32) * (k + 1));
    [copy[k], copy[other]] = [copy[other], copy[k]];
  }
  return copy;
}

// A mistake is asked for only where it is to be seen: an entry of it is written otherwise.
const numbersOf = (answer) => Float64Array.from(answer.values.flat(Infinity), toNumber);
function plantedAs(name) {
  const answer = ask(question("mistake", { form: form.value, mistake: name, draw: state.value.round + 1 }));
  if (!answer.values) return null;
  const J = jacobian.value;
  const wrong = withValues({ ...J, zero: () => false, symbol: () => undefined }, numbersOf(answer));
  let worst = null;
  let apart = 0;
  for (let s = 0; s < J.slices; s++)
    for (let r = 0; r < J.rows; r++)
      for (let c = 0; c < J.cols; c++) {
        const [a, b] = [J.value(s, r, c), wrong.value(s, r, c)];
        if (number(a) !== number(b) && Math.abs(a - b) > apart) [worst, apart] = [[s, r, c], Math.abs(a - b)];
      }
  return worst ? { name, wrong, worst, why: answer.why, diagnosis: answer.diagnosis, choices: answer.choices } : null;
}

const about = computed(() =>
  JSON.stringify([subjectWords.value, wrt.value, form.value, state.value.set, state.value.round]),
);

const game = computed(() => {
  const J = jacobian.value;
  if (!J || stale.value || J.rows * J.cols > TABLE_LIMIT) return null;
  const { mistakes = [] } = ask(question("mistake", { form: form.value, draw: state.value.round + 1 }));
  for (const name of shuffled(mistakes, state.value.round)) {
    const planted = plantedAs(name);
    if (planted) return { ...planted, choices: shuffled(planted.choices, state.value.round + 7) };
  }
  return null;
});

export function Mistake() {
  const planted = game.value;
  if (!planted) return <p class="story">{t("mistakeNone")}</p>;
  const J = jacobian.value;
  // Answers belong to the question that they were given to.
  const mine = state.value.tried[0] === about.value ? state.value.tried.slice(1) : [];
  const { hint, right } = state.value;
  const done = mine.includes(planted.name);
  const [ws, wr, wc] = planted.worst;
  const s = sample.value;
  const differs = differsIn(J, planted.wrong, s);
  const shownJ = done && right ? J : planted.wrong;
  const answer = (name) => change({ tried: [about.value, ...mine, name] });
  const words = (
    <Sentence
      name="hintText"
      parts={{
        e: <Partial top={J.row(ws, wr)} bottom={J.col(ws, wc)} />,
        s: <strong>{number(J.value(ws, wr, wc))}</strong>,
        t: <strong>{number(planted.wrong.value(ws, wr, wc))}</strong>,
      }}
    />
  );
  return (
    <>
      <div class="view-head">
        <h2>{t("mistake")}</h2>
        <WrtChoice name="mistake-wrt" />
      </div>
      <p class="lead">{t("mistakeIntro")}</p>
      {subject.value.definition && (
        <p class="definition">
          <Tex t={subject.value.definition} />
        </p>
      )}
      <SampleRow J={J} s={s} />
      {!differs && <p class="note">{t("mistakeElsewhere", ws + 1)}</p>}
      <div class={`scroller game${done && right ? " right" : ""}`}>
        <Matrix
          J={shownJ}
          mode="numbers"
          s={s}
          id="table"
          label={t("mistake")}
          corner={<Corner />}
          home={hint ? [wr, wc] : [0, 0]}
          point={pointAt}
          choose={pointAt}
          turn={turnTo}
        />
      </div>
      <Legend largest={shownJ.largest} mode="numbers" zeros={shownJ === J && J.always > 0} />
      <div class="answers" role="group" aria-label={t("mistake")}>
        {planted.choices.map(({ name, text }) => {
          const used = mine.includes(name);
          const state_ = done && name === planted.name ? " good" : used ? " off" : "";
          return (
            <button
              key={name}
              type="button"
              class={`answer${state_}`}
              aria-disabled={used || done ? "true" : undefined}
              onClick={() => !used && !done && answer(name)}
            >
              <Typeset text={text} />
            </button>
          );
        })}
      </div>
      <div id="verdict-mistake" role="status">
        {done ? (
          <>
            <p class="verdict good">
              ✓ {t("right2")} <Typeset text={planted.diagnosis} />.
            </p>
            <p>
              <Typeset text={planted.why} />
            </p>
          </>
        ) : mine.length ? (
          <p class="verdict off">
            ✗ {t("wrong2")} {words}
          </p>
        ) : (
          hint && <p>{words}</p>
        )}
      </div>
      <div class="row">
        <button
          type="button"
          id={done ? "another" : "hint"}
          class={done ? "main" : ""}
          onClick={() =>
            done
              ? change({ round: state.value.round + 1, tried: [], hint: false, right: false })
              : change({ hint: true, sample: ws })
          }
        >
          {t(done ? "another" : "hint")}
        </button>
        {done && (
          <button type="button" id="reveal" aria-pressed={right} onClick={() => change({ right: !right })}>
            {t(right ? "hideRight" : "reveal")}
          </button>
        )}
      </div>
    </>
  );
}

function differsIn(J, wrong, s) {
  for (let r = 0; r < J.rows; r++)
    for (let c = 0; c < J.cols; c++) if (number(J.value(s, r, c)) !== number(wrong.value(s, r, c))) return true;
  return false;
}
