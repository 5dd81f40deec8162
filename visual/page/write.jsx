// Write it yourself: one line of a derivation after the other, each judged at once.
import { useMemo, useRef } from "preact/hooks";
import { example, judge } from "./check.jsx";
import { ask, engine, jacobian, question, sample, stale, subject, subjectWords, variable, wrt } from "./derive.js";
import { WrtChoice } from "./explore.jsx";
import { Partial, Said, Tex } from "./latex.jsx";
import { minus } from "./number.js";
import { useRested } from "./parts.jsx";
import { bareLine, conditionAt, conditionText, ofOneSample, sides, withCases } from "./reading.js";
import { change, language, state, ui } from "./state.js";
import { Worst } from "./check.jsx";
import { t } from "./text.js";

// The left side that only says what is computed: J, dy/dz, a fraction of partials.
function namesJacobian(text) {
  const word = text.replace(/[\s&$]|\\,|\\left|\\right/g, "");
  return (
    word === "" ||
    /^\w('|\^\{?\\prime\}?)(\(\w+\))?$/.test(word) ||
    /^(\\mathbf|\\mathrm|\\operatorname)?\{?(J|D|Jac)\}?([_^](\{[^{}]*(\{[^{}]*\}[^{}]*)*\}|\w))*(\(\w*\))?('|\[i,j\]|_\{?ij\}?)?$/.test(
      word,
    ) ||
    /^\\[td]?frac\{(\\partial|d|\\mathrm\{d\}).*\}\{(\\partial|d|\\mathrm\{d\}).*\}$/.test(word) ||
    /^(∂|d|partial)\S*\/(∂|d|partial)\S*$/.test(word)
  );
}

const LOSS = String.raw`(?:L|ℓ|\\ell|\\mathcal\{?L\}?|E|C)`;
// The derivative of a loss behind the output: a gradient, unless the output is the loss.
function namesGradient(text) {
  const word = text.replace(/[\s&$]/g, "");
  const top = new RegExp(String.raw`^(\\[td]?frac\{(\\partial|∂|d)${LOSS}\}|(∂|d|partial)${LOSS}/)`);
  return top.test(word) && subject.value.output.values.flat().length > 1;
}

// Plain notation as LaTeX, as far as lines of a derivation go: the judge of equalities reads
// LaTeX only.
const WORDS = "alpha beta gamma delta epsilon mu sigma exp log tanh min max";
const FUNCTIONS = "softmax diag relu sum mean sqrt kron norm tr";
export function asLatex(text, star = " \\cdot ") {
  if (text.includes("\\")) return text;
  let words = text
    .replace(
      /(?:∂|\bd|partial )([A-Za-z]\w*(?:\[[^\]]*\])?)\s*\/\s*(?:∂|d|partial )([A-Za-z]\w*(?:\[[^\]]*\])?)/g,
      "\\frac{\\partial $1}{\\partial $2}",
    )
    .replace(/\bdelta\(([^()]*)\)/g, "\\delta_{$1}")
    .replace(/\[([^\][]*)\]/g, "_{$1}")
    .replace(/\b(sum|prod)\((\w),/g, "\\$1_$2 (")
    .replace(/'|\^T\b/g, "^\\top ")
    .replace(/\.(?=[\^/])/g, "")
    .replace(/\bsigmoid\b/g, "sigma")
    .replace(/\.\*/g, " \\odot ")
    .replace(/\*/g, star)
    .replace(new RegExp(`\\b(${FUNCTIONS.replaceAll(" ", "|")})(?=\\()`, "g"), "\\operatorname{$1}");
  for (const word of WORDS.split(" "))
    words = words.replace(new RegExp(`(?<![\\\\\\w])${word}(?![a-zA-Z])`, "g"), `\\${word}`);
  return words;
}

const VERDICTS = {
  holds: "holds",
  "holds with a convention": "convention",
  "does not hold": "fails",
  "not understood": "unread",
  "not judged": "unjudged",
};

// What the engine says of a name that nothing explains, which can be anything: or null.
// Sizes and small constants are known.
const CONSTANTS = /\\(?:var)?epsilon|(?<![a-zA-Z\\])(?:d_k|[ndD])(?![a-zA-Z_])/g;
// p within \operatorname is none.
const withoutName = (text, name, by) =>
  text.replace(new RegExp(`(?<![a-zA-Z\\\\])${name.replace(/[\\{}()|[\]*+?.$]/g, "\\$&")}(?![a-zA-Z])`, "g"), by);
const braced = (text) => text.replace(/\\(hat|tilde|bar|dot)\s+([A-Za-z])/g, "\\$1{$2}");
function unknownName(text, given) {
  const names = given.map((line) => braced(line).replace(/\s*(?:[_^].*)?=.*/, ""));
  const z = ` ${asLatex(subject.value.variables[0].name)} `;
  const known = names.reduce((rest, name) => withoutName(rest, name, z), braced(text)).replace(CONSTANTS, " 1 ");
  const claim = question("claim", { claim: known });
  return /^nothing says what/.test(engine.value(claim, 0).error ?? "") ? ask(claim).error.split("\n")[0] : null;
}

// The parameters of a network by their names: w^1_{ij}, W_{1,ij} are entries of W_1.
const isNumbered = (letter, number) =>
  subject.value.variables.some(({ name }) => name === `${letter.toUpperCase()}${number}` || name === letter + number);
const numbered = (text) =>
  text
    .replace(/(?<![A-Za-z\\])([Ww])_\{(\d)\s*,\s*([a-z]\s*,?\s*[a-z])\}/g, (found, letter, number, at) =>
      isNumbered(letter, number) ? `(W_${number})_{${at}}` : found,
    )
    .replace(/(?<![A-Za-z\\])([Wwb])\^(?:\{\(?(\d)\)?\}|(\d))/g, (found, letter, braced, number = braced) =>
      isNumbered(letter, number) ? `${letter === "b" ? "b" : "W"}_${number}` : found,
    )
    .replace(/(?<![A-Za-z\\])([Wb]_\d)_/g, "($1)_");

// An equality as such, as verify judges it: the function itself, a gradient, a sum on the way.
// A star between plain names may be meant entry by entry, as in NumPy.
function judgeEquality(...line) {
  const [left, right] = line.slice(0, 2).map(numbered);
  const given = line[2];
  const verdict = judgeRead(asLatex(left), asLatex(right), given);
  if (verdict.kind !== "fails" || right.includes("\\") || !right.includes("*")) return verdict;
  const entrywise = judgeRead(asLatex(left), asLatex(right, " \\odot "), given);
  return entrywise.kind === "holds" ? { kind: "convention", diagnosis: t("starEntrywise") } : verdict;
}

// A definition that names what a module of the network gives: what lies behind depends on it.
function onTheWay(left, right, given) {
  const [, name, rest] = left.match(/^\s*([A-Za-z]+)((?:_.*)?)$/) ?? [];
  for (let k = 1; name && k < subject.value.modules.length; k++) {
    const { line } = ask(question("line", { left: `z^{${k}}${rest}`, right, before: given }));
    if (line?.verdict === "holds") return `${name} = z^{${k}}`;
  }
  return null;
}

function judgeRead(left, right, given) {
  const delta = /\\delta|\bdelta\b|δ/.test(right) && !/delta\(|\\delta_\{?\w,?\s*\w/.test(right) ? 1 : 0;
  const behind = delta || (/(?<![a-zA-Z\\])g(?![a-zA-Z])/.test(right) || namesGradient(left) ? 2 : 0);
  const { line, error } = ask(question("line", { left, right, delta: behind, before: given }));
  if (error) return { kind: "unread", message: error, place: -1 };
  const { verdict, diagnosis, correction, convention, untrue, defines, option } = line;
  if (option) return { kind: "unjudged", diagnosis: t("lineOption", option) };
  if (defines) return { kind: "defined", given: onTheWay(left, right, given) ?? `${left} = ${right}` };
  // Of a network the names on the way may be the student's own; the output's is not.
  const loss = subject.value.output.values.flat().length === 1;
  if (untrue && (subject.value.modules.length < 2 || bareName(left) === (loss ? "L" : "y"))) {
    const message = unknownName(right, given);
    if (message) return { kind: "unread", message, place: -1 };
    return { kind: "fails", diagnosis: t("lineUntrue"), correction };
  }
  const kind = VERDICTS[verdict];
  return { kind, diagnosis: convention ?? diagnosis, correction, message: diagnosis, place: -1 };
}

// The names of a line's derivatives, without indices and braces: y and u of dy/du.
const NAME = String.raw`\\(?:hat|tilde|bar|dot)\s*\{?\\?[A-Za-z]+\}?|\\?[A-Za-z]+`;
const bareName = (text) => text.replace(/\s*([_^[].*)?$/, "").replace(/[\\{}\s]/g, "");
const differentiated = (left) =>
  [...left.matchAll(new RegExp(`(?:\\\\partial|∂|(?<![a-zA-Z\\\\])d|\\\\mathrm\\{d\\})\\s*(${NAME})`, "g"))].map((m) =>
    bareName(m[1]),
  );
// Whether it is about what a line above defines: not about the Jacobian then.
const aboutGiven = (left, given) => {
  const names = differentiated(left);
  const inside = subject.value.modules.length > 1 && /(?:partial|∂|d)\s*z(?:_\w)?\^\{?[1-9]/.test(left);
  return inside || given.some((line) => names.includes(bareName(line.slice(0, line.indexOf("=")))));
};

const holds = ({ kind }) => kind === "holds" || kind === "convention";

// The letters of indices, without those that a sum runs over.
function indices(text) {
  const bound = [...text.matchAll(/\\(?:sum|prod)_\{?(\w)|\b(?:sum|prod)\((\w),/g)].map((m) => m[1] ?? m[2]);
  const groups = text.replace(/\\(?:sum|prod)_(\{[^{}]*\}|\w)/g, "").matchAll(/_\{?([a-z,\s]+)\}?|\[([a-z,\s]+)\]/g);
  return new Set([...groups].flatMap((m) => [...(m[1] ?? m[2])]).filter((k) => /[a-z]/.test(k) && !bound.includes(k)));
}

// J_{ij} in the words of notes.
function entryOf(left) {
  const letters = left.match(/^[^\\]*[_[]\{?\s*([a-z])\s*,?\s*([a-z])/)?.slice(1) ?? ["", ""];
  if (left.includes("\\frac") || letters[0] === "") return left.trim() && !/^J|^D/.test(left) ? left : wholeJacobian();
  const [top, bottom] = wholeJacobian().match(/\\partial [^{}]+/g);
  return `\\frac{${top}_{${letters[0]}}}{${bottom}_{${letters[1]}}}`;
}

// An equality that holds somewhere only. A number alone would be an equation to solve, or a
// sum's. Where nothing stands on the left the condition says of which entry it is.
function judgeWhere(left, text, given, when) {
  const index = left.trim() ? null : when.match(/(?<![A-Za-z\\])[A-Za-z]_\{?([a-z])\}?/)?.[1];
  const [entry, value] = [asLatex(entryOf(index ? `J_{${index}${index}}` : left)), asLatex(text)];
  const [, name, at] = entry.match(/\\partial\s*([A-Za-z]+)(_\{?\w+\}?)?\s*\}$/) ?? [];
  const more = name && (namesGradient(entry) ? "g" : name) + (at ?? "");
  const zero = /^\s*-?0\s*$/.test(value);
  if (more && /^\s*-?[\d.]+\s*$/.test(value)) {
    const verdict = judgeEquality(`${entry} + ${more}`, `${value} + ${more} ${when}`, given);
    if (holds(verdict)) return verdict;
    if (zero) return verdict.kind === "fails" ? { kind: "fails", diagnosis: t("lineNotZero") } : verdict;
  }
  return judgeEquality(entry, `${value} ${when}`, given);
}

// Of several samples a line is judged as one of one, and where two of them differ.
function judgeSide(left, text, given, own, when = "") {
  const many = subjectWords.value.spec && !subject.value.reason;
  const one = many ? ofOneSample(asLatex(left), asLatex(text), when) : null;
  if (!one) return when ? judgeWhere(left, text, given, when) : judgeAlone(left, text, given, own);
  const verdict = judgeSide(one.left, one.right, given, own, one.when);
  if (one.apart === undefined) return verdict;
  if (!holds(verdict)) return { ...verdict, correction: null };
  const both = judgeSide(one.left, `${one.right} + (${one.apart})`, given, own, one.when);
  return holds(both) ? verdict : { kind: "fails", diagnosis: t("lineSamples") };
}

// A side of a line about the Jacobian is a claim; where its left side has indices, they say
// which is which (the diagonal, the variable's order): the equality decides, and where the
// line has names that lines above it explain.
function judgeAlone(left, text, given, own) {
  if (!namesJacobian(left) || namesGradient(left) || own) return judgeEquality(left, text, given);
  let verdict = judge(text);
  if (verdict.kind === "unread" && text.includes("_") && !text.includes("\\")) {
    const read = judge(`\\,${asLatex(text)}`);
    if (read.kind !== "unread") verdict = read;
  }
  const indexed = /(\\partial|∂|^d|\{\s*(\\mathrm\{)?d).*[_[]/.test(left);
  const alone = !given.length && subject.value.modules.length < 2;
  if (!indexed && (verdict.kind !== "unread" || alone)) return verdict;
  const equality = judgeEquality(indexed ? left : wholeJacobian(), text, given);
  if (verdict.kind === "unread") return ["unread", "unjudged"].includes(equality.kind) ? verdict : equality;
  if (equality.kind !== "fails") return holds(equality) ? equality : verdict;
  // Targets of a loss are distributions to the claim, any numbers to the equality.
  const [said, meant] = [indices(text), indices(left)];
  const loss = subject.value.output.values.flat().length === 1 && meant.size === 1;
  if (loss && holds(verdict) && [...said].every((k) => meant.has(k))) return verdict;
  // The equality knows of which entries the line speaks.
  return verdict.kind === "fails" && !equality.diagnosis ? verdict : equality;
}

// With two numbers y_2 is 1 - y_1: lines are judged for any count of them.
function ofTwo(left, verdict) {
  const two = [subject.value.output.values, variable.value.values].some((rows) => rows.flat().length === 2);
  const entries = left.replace(/([A-Za-z])_\{?(\d)\}?/g, (found, letter, n) =>
    isNumbered(letter, n) ? letter : found,
  );
  return verdict.kind === "fails" && two && /_\{?\d|\[\d/.test(entries)
    ? { kind: "unjudged", diagnosis: t("lineTwo") }
    : verdict;
}

// J in the words of notes.
function wholeJacobian() {
  const { define } = subjectWords.value;
  const loss = subject.value.output.values.flat().length === 1;
  const output = define?.match(/^\s*(\w+)/)?.[1] ?? (loss ? "L" : "y");
  return `\\frac{\\partial ${output}}{\\partial ${asLatex(variable.value.name)}}`;
}

// What a line is about: its left side, or that of the last line that has one.
const leftOf = (line) => {
  const list = sides(bareLine(line));
  return list.length > 1 ? list[0].text.trim() : "";
};

// Each side is held against what the line is about; before: the lines above it; given: the
// definitions among them; unsaid: lines that would be, if they could be judged.
export function judgeLine(line, before = [], given = [], unsaid = []) {
  const bare = withCases(bareLine(line), asLatex);
  if (bare.trim() === "") return { kind: "empty" };
  const end = conditionAt(bare);
  const when = bare.slice(end).trim() ? conditionText(bare.slice(end)) : "";
  const list = sides(bare.slice(0, end));
  const alone = list.length === 1;
  if (alone && namesJacobian(list[0].text)) return { kind: "empty" };
  const left = (alone ? "" : list.shift().text.trim()) || (alone ? "" : before.map(leftOf).findLast(Boolean)) || "";
  const own = aboutGiven(left, [...given, ...unsaid]);
  let held = null;
  for (const side of list) {
    const text = side.text.replace(/[.,;]\s*$/, "").replace(/\\\\\s*$/, "");
    if (text.trim() === "") continue;
    const verdict = ofTwo(left, judgeSide(left, text, given, own, when));
    if (verdict.kind !== "holds" && verdict.kind !== "convention")
      return {
        ...verdict,
        side,
        many: list.length > 1,
        place: verdict.kind === "unread" && verdict.place >= 0 ? side.start + verdict.place : -1,
      };
    held = held?.kind === "convention" ? held : verdict;
  }
  return held ?? { kind: "empty" };
}

// A line that has not changed is not judged again while another is typed.
const known = { about: null, lines: new Map() };
function judgedOnce(line, before, given, unsaid) {
  const about = jacobian.value;
  if (known.about !== about) known.lines.clear();
  known.about = about;
  const key = JSON.stringify([language(), before.map(leftOf).findLast(Boolean), given, unsaid, line]);
  if (known.lines.size > 500) known.lines.clear();
  if (!known.lines.has(key)) known.lines.set(key, judgeLine(line, before, given, unsaid));
  return known.lines.get(key);
}

// What people name without a word; mean and variance may be the student's own.
const usual = (spec, all) =>
  ({
    "cross-entropy": ["p = \\operatorname{softmax}(z)"],
    attention: [`A = \\operatorname{softmax}(\\frac{Q K^\\top}{\\sqrt{d_k}}${spec.includes(",mask=") ? " + M" : ""})`],
    "layer-norm": ["\\mu = \\frac{1}{n} \\sum_i z_i", "\\sigma^2 = \\frac{1}{n} \\sum_i (z_i - \\mu)^2"].filter(
      (said) => !all.some((line) => bareName(leftOf(line)) === bareName(said.split(" ")[0])),
    ),
  })[spec.replace(/[:,].*/, "")] ?? [];

// Each with the lines above it, and the definitions among them.
function judgeAll(all) {
  const { spec = [] } = subjectWords.value;
  const given = spec.length === 1 ? usual(spec[0], all) : [];
  if (spec.length > 1 && /^cross-entropy/.test(spec.at(-1)) && !all.some((line) => bareName(leftOf(line)) === "p"))
    given.push(`p = \\operatorname{softmax}(z^{${spec.length - 1}})`);
  const unsaid = [];
  return all.map((line, k) => {
    const judged = judgedOnce(line, all.slice(0, k), [...given], [...unsaid]);
    if (judged.given) given.push(judged.given);
    // y and s are the output's whatever is said of them.
    if (
      judged.kind === "unjudged" &&
      /^\\?[a-zA-Z]+([_^]|$)/.test(leftOf(line)) &&
      !/^(y|s|p|L|z\^)/.test(leftOf(line))
    )
      unsaid.push(`${leftOf(line)} =`);
    return judged;
  });
}

const MARK = {
  holds: "✓",
  convention: "✓",
  fails: "✗",
  unread: "?",
  kink: "∧",
  unjudged: "–",
  defined: "≔",
  empty: "",
};

function Side({ text }) {
  return text.includes("\\") ? (
    <>
      {" "}
      <Tex t={text} />
    </>
  ) : (
    <code> {text}</code>
  );
}

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
        placeholder={k === 0 ? example("J = ") : ""}
        onInput={(event) => onType(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <span class="pad-mark" aria-hidden="true">
        {MARK[judged.kind]}
      </span>
      <div class="judged" id={`judged-${k}`} role="status">
        {text.includes("\\") && judged.kind !== "unread" && (
          <p class="preview">
            <Tex t={bareLine(text)} />
          </p>
        )}
        {judged.kind === "holds" && <p class="verdict-line">{t("holds")}</p>}
        {judged.kind === "convention" && <p class="verdict-line">{judged.diagnosis}</p>}
        {judged.kind === "kink" && <p>{t("not differentiable")}</p>}
        {judged.kind === "fails" && (
          <>
            <p class="verdict-line">
              {t("holdsNot")}
              {judged.many && <Side text={judged.side.text.trim()} />}
              {judged.diagnosis && (
                <>
                  {t("colon")} <Said text={minus(judged.diagnosis)} line={`${text} ${asLatex(text)}`} />
                </>
              )}
            </p>
            {judged.correction && (
              <p>
                {t("instead")} <Tex t={judged.correction.replace(/([\d}]) (?=[\d.])/g, "$1 \\cdot ")} />
              </p>
            )}
            {judged.worst && (
              <p class="muted">
                {t("worst")}
                {t("colon")} <Worst worst={judged.worst} between=" ≠" />
              </p>
            )}
          </>
        )}
        {judged.kind === "defined" && <p>{t("lineDefined")}</p>}
        {judged.kind === "unjudged" && (
          <p>
            {t("notJudged")}
            {t("colon")} {judged.diagnosis}
          </p>
        )}
        {judged.kind === "unread" && (
          <p>
            {t("notUnderstood")}
            {t("colon")} {judged.message}
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
  // Then the next step of the derivation, why before what.
  const { steps } = ask(question("derive", { output: J.output(s, 0), place: J.place(s, 0) }));
  if (steps) {
    let left = "";
    const definition = steps.findLast((step) => step.points === 0); // it stands above
    for (const step of steps) {
      left = step.left || left;
      if (step !== definition)
        list.push(
          <>{step.reason.split("$").map((piece, j) => (j % 2 ? <Tex key={j} t={piece} /> : piece))}</>,
          <Tex t={`${left} = ${step.right}`} />,
        );
    }
    return list;
  }
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
  // While a number is dragged nothing is judged: each line costs tens of milliseconds.
  const about = stale.value ? null : JSON.stringify([subjectWords.value, wrt.value]);
  const key = useRested(stale.value ? null : jacobian.value, about);
  const judged = useMemo(
    () => (key ? judgeAll(all) : all.map(() => ({ kind: "empty" }))),
    [all.join("\n"), key, language()],
  );
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
      <p class="muted">{t("padAt")}</p>
    </>
  );
}
