// Write it yourself: one line of a derivation after the other, each judged at once.
import { useMemo, useRef } from "preact/hooks";
import { judge } from "./check.jsx";
import { ask, jacobian, question, sample, stale, subject, variable } from "./derive.js";
import { WrtChoice } from "./explore.jsx";
import { Partial, Tex } from "./latex.jsx";
import { number } from "./number.js";
import { change, state, ui } from "./state.js";
import { Worst } from "./check.jsx";
import { t } from "./text.js";

// The sides of a line between its equal signs, with where each begins; brackets and the
// limits of sums have equal signs of their own.
export function sides(line) {
  const list = [];
  let depth = 0;
  let start = 0;
  for (let k = 0; k <= line.length; k++) {
    const letter = line[k];
    if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    if (k === line.length || (letter === "=" && depth <= 0 && !"<>!:".includes(line[k - 1] ?? " "))) {
      list.push({ text: line.slice(start, k), start });
      start = k + 1;
    }
  }
  return list;
}

// The left side that only says what is computed: J, dy/dz, a fraction of partials.
function namesJacobian(text) {
  const word = text.replace(/[\s&$]|\\,|\\left|\\right/g, "");
  return (
    word === "" ||
    /^(\\mathbf|\\mathrm|\\operatorname)?\{?(J|D|Jac)\}?([_^](\{[^{}]*(\{[^{}]*\}[^{}]*)*\}|\w))*(\(\w*\))?('|\[i,j\]|_\{?ij\}?)?$/.test(
      word,
    ) ||
    /^\\[td]?frac\{(\\partial|d|\\mathrm\{d\}).*\}\{(\\partial|d|\\mathrm\{d\}).*\}$/.test(word) ||
    /^(∂|d|partial)\S*\/(∂|d|partial)\S*$/.test(word)
  );
}

// Each side is held against the Jacobian.
export function judgeLine(line) {
  const bare = line.replace(/^\s*\$+|\$+\s*$/g, (m) => " ".repeat(m.length)).replace(/&/g, " ");
  if (bare.trim() === "") return { kind: "empty" };
  const list = sides(bare);
  if (list.length > 1 && namesJacobian(list[0].text)) list.shift();
  else if (list.length === 1 && namesJacobian(list[0].text)) return { kind: "empty" };
  let held = null;
  for (const side of list) {
    const text = side.text.replace(/[.,;]\s*$/, "").replace(/\\\\\s*$/, "");
    if (text.trim() === "") continue;
    const verdict = judge(text);
    if (verdict.kind !== "holds" && verdict.kind !== "convention")
      return {
        ...verdict,
        side,
        place: verdict.kind === "unread" && verdict.place >= 0 ? side.start + verdict.place : -1,
      };
    held = held?.kind === "convention" ? held : verdict;
  }
  return held ?? { kind: "empty" };
}

const MARK = { holds: "✓", convention: "✓", fails: "✗", unread: "?", kink: "∧", empty: "" };

function Line({ k, text, onType, onKey, judged }) {
  const input = useRef(null);
  return (
    <li class={`pad-line ${judged.kind}`} data-line={k}>
      <span class="pad-number" aria-hidden="true">
        {k + 1}
      </span>
      <input
        ref={input}
        id={`line-${k}`}
        value={text}
        spellcheck={false}
        autoComplete="off"
        aria-label={t("padLine", k + 1)}
        aria-describedby={`judged-${k}`}
        placeholder={k === 0 ? t("padExample") : ""}
        onInput={(event) => onType(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <span class="pad-mark" aria-hidden="true">
        {MARK[judged.kind]}
      </span>
      <div class="judged" id={`judged-${k}`} role="status">
        {text.includes("\\") && judged.kind !== "unread" && (
          <p class="preview">
            <Tex t={text.replace(/[&$]/g, " ")} />
          </p>
        )}
        {judged.kind === "holds" && <p>{t("holds")}</p>}
        {judged.kind === "convention" && <p>{judged.diagnosis}</p>}
        {judged.kind === "kink" && <p>{t("not differentiable")}</p>}
        {judged.kind === "fails" && (
          <>
            <p>
              {t("holdsNot")}
              {judged.side && judged.side.text.trim() !== text.trim() && <code> {judged.side.text.trim()}</code>}
              {judged.diagnosis ? `: ${judged.diagnosis}` : ""}
            </p>
            {judged.worst && (
              <p class="muted">
                {t("worst")}: <Worst worst={judged.worst} between=" ≠" />
              </p>
            )}
          </>
        )}
        {judged.kind === "unread" && (
          <p>
            {t("notUnderstood")}: {judged.message}
            {judged.place >= 0 && (
              <code class="where">
                {text.slice(0, judged.place)}
                <mark>{text.slice(judged.place, judged.place + 1) || "␣"}</mark>
                {text.slice(judged.place + 1)}
              </code>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

// What helps a little at first, then more.
function hints() {
  const J = jacobian.value;
  const s = sample.value;
  const list = [<>{t("hintShape", J.rows, J.cols)}</>];
  if (J.always > 0) list.push(<>{t("hintZeros", J.always, J.count)}</>);
  for (let r = 0; r < J.rows && list.length < 3; r++)
    for (let c = 0; c < J.cols; c++)
      if (!J.zero(s, r, c) && J.symbol(s, r, c) !== undefined) {
        list.push(
          <>
            {t("hintEntry")} <Partial top={J.row(s, r)} bottom={J.col(s, c)} then={J.symbol(s, r, c)} />
          </>,
        );
        break;
      }
  const entry = variable.value.entry;
  if (entry)
    list.push(
      <>
        {t("hintAll")} <Tex t={entry} />
      </>,
    );
  const shown = ask(question("jacobian", { entries: "numbers", form: "matrix" }));
  const closed = shown.show?.closed?.latex;
  if (closed)
    list.push(
      <>
        {t("hintClosed")} <Tex t={closed} />
      </>,
    );
  return list;
}

export function Write() {
  const { lines } = state.value;
  const all = lines.at(-1) === "" || lines.length === 0 ? (lines.length ? lines : [""]) : [...lines, ""];
  const key = stale.value ? null : jacobian.value;
  const judged = useMemo(() => all.map((line) => (key ? judgeLine(line) : { kind: "empty" })), [all.join("\n"), key]);
  const set = (next, name) => change({ lines: next.at(-1) === "" ? next.slice(0, -1) : next }, name);
  const helps = ui.value.help ?? 0;
  if (!jacobian.value) return <p class="bad">{t("staleNow")}</p>;
  const given = helps ? hints() : [];
  const finished =
    judged.some((v) => v.kind === "holds" || v.kind === "convention") &&
    !judged.some((v) => v.kind === "fails" || v.kind === "unread");
  return (
    <>
      <div class="view-head">
        <h2>{t("write")}</h2>
        <WrtChoice name="write-wrt" />
      </div>
      <p class="lead">{t("writeIntro")}</p>
      <p class="definition">{subject.value.definition && <Tex t={subject.value.definition} />}</p>
      <ol class="pad">
        {all.map((text, k) => (
          <Line
            key={k}
            k={k}
            text={text}
            judged={judged[k]}
            onType={(words) =>
              set(
                all.map((old, i) => (i === k ? words : old)),
                `line ${k}`,
              )
            }
            onKey={(event) => {
              const to = { Enter: k + 1, ArrowDown: k + 1, ArrowUp: k - 1 }[event.key];
              if (event.key === "Backspace" && text === "" && k > 0 && all.length > 1) {
                event.preventDefault();
                document.getElementById(`line-${k - 1}`).focus();
                set(all.filter((_, i) => i !== k));
              } else if (to !== undefined && to >= 0) {
                event.preventDefault();
                document.getElementById(`line-${to}`)?.focus();
              }
            }}
          />
        ))}
      </ol>
      {finished && <p class="verdict good">✓ {t("padDone")}</p>}
      <div class="row">
        <button type="button" id="pad-hint" onClick={() => (ui.value = { ...ui.value, help: helps + 1 })}>
          {t("hint")}
        </button>
        <button type="button" id="pad-clear" onClick={() => change({ lines: [] })}>
          {t("restart")}
        </button>
      </div>
      <ul class="hints" aria-live="polite">
        {given.slice(0, helps).map((hint, k) => (
          <li key={k}>{hint}</li>
        ))}
        {helps >= given.length && helps > 0 && !variable.value.entry && <li>{t("hintChain")}</li>}
      </ul>
      <p class="muted">{t("padAt", number(jacobian.value.count))}</p>
    </>
  );
}
