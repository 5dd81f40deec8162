// A line of the pad: its sides, and what it says beside its equality: where it holds, and of
// which samples.

// A line without what only sets it: dollars, the marks of alignment and the environments
// that have them. Its length stays; cases and matrices keep their marks.
export const bareLine = (line) =>
  line.replace(
    /\\(?:begin|end)\{(?:align|aligned|equation|gather|split)\*?\}|\\begin\{.*\\end\{\w+\*?\}|[&$]/g,
    (found) => (/^[&$]|^\\\w+\{\w+\*?\}$/.test(found) ? " ".repeat(found.length) : found),
  );

// The sides of a line between its equal signs, with where each begins; brackets, cases and
// the limits of sums have equal signs of their own.
export function sides(line) {
  const list = [];
  let depth = 0;
  let start = 0;
  for (let k = 0; k <= line.length; k++) {
    const letter = line[k];
    if ("([{".includes(letter) || line.startsWith("\\begin", k)) depth++;
    else if (")]}".includes(letter) || line.startsWith("\\end", k)) depth--;
    if (k === line.length || (letter === "=" && depth <= 0 && !"<>!:".includes(line[k - 1] ?? " "))) {
      list.push({ text: line.slice(start, k), start });
      start = k + 1;
    }
  }
  return list;
}

// "if i = j", ", i \neq j", "(z_i > 0)" after an equality.
const WORDS = "if|for|when|whenever|pour|si|quand|lorsque";
const SPACE = String.raw`(?:[\s,]|\\q?quad|\\[,;:! ])*`;
const SAID = String.raw`\\(?:text|mbox|textrm|mathrm)\{\s*(?:${WORDS})\b|(?<![A-Za-z\\])(?:${WORDS})\s|\\forall`;
const NAMED = String.raw`[A-Za-z](?:_\{?\w+\}?|\[\w+\])?\s*`;
const BARE = String.raw`\(?\s*${NAMED}(?:\\n(?:eq?|ot\s*=)(?![a-z])|!=|≠|[<>]|\\[lg]eq?(?![a-z]))`;
const INDEX = String.raw`\(?\s*[a-z]\s*=\s*[a-z]\s*\)?[\s.]*$`;
const CONDITION = new RegExp(String.raw`${SPACE}(?:${SAID})|(?:,|\\q?quad|\s(?=\())${SPACE}(?:${BARE}|${INDEX})`, "g");

// Where the condition begins, or the line's end.
export function conditionAt(line) {
  if (line.includes("\\begin")) return line.length;
  for (const { index } of line.matchAll(CONDITION)) {
    const before = line.slice(0, index);
    const depth = (open, close) => before.split(open).length - before.split(close).length;
    if (before.trim() && ["()", "[]", "{}"].every(([open, close]) => depth(open, close) <= 0)) return index;
  }
  return line.length;
}

// A condition in the words of notes.
export function conditionText(said) {
  const signs = said
    .replace(/!=|≠/g, " \\neq ")
    .replace(/<=|≤/g, " \\le ")
    .replace(/>=|≥/g, " \\ge ")
    .replace(/==/g, "=")
    .replace(/\[(\w+)\]/g, "_{$1}")
    .replace(/\\forall/, "\\text{ for all } ");
  const named = new RegExp(String.raw`(\\(?:text|mbox|textrm|mathrm)\{\s*)?(?<![A-Za-z\\])(?:${WORDS})\b(?! all)`);
  return signs.replace(named, (_, inside) => (inside ? "\\text{ if" : "\\text{ if }"));
}

// "a if c else b", as code has it, in the words of notes.
export const withCases = (line, asLatex) =>
  line.replace(
    /=\s*([^=]+?)\s+if\s+(.+?)\s+else\s+(.+)$/,
    (_, yes, when, no) =>
      `= \\begin{cases} ${asLatex(yes)} & ${conditionText(when)} \\\\ ${asLatex(no)} & \\text{otherwise} \\end{cases}`,
  );

// The data of a sample: z_{n,i}, y_{ni}, z^k_{n,o}; of a loss its derivatives too.
const DATA = String.raw`z\^(?:\{k(?:-1)?\}|k)|(?<![A-Za-z\\])[zyshp]|\\hat\{?\s*y\}?`;
const BEHIND = String.raw`|(?<![A-Za-z\\])g|\\delta`;
const PLACE = String.raw`_\{(?:([a-z])\s*,?\s*|(\d)\s*,\s*)([a-z0-9](?:'|\\prime)?)\}`;
const LOSS = /\\partial\s*(?:L|\\ell|\\mathcal\{?L\}?|E|C)\s*\}/;
const pair = (a, b) => new RegExp(String.raw`\\delta_\{\s*(?:${a}\s*,?\s*${b}|${b}\s*,?\s*${a})\s*\}`, "g");

// A line of several samples as one of one, where samples do not meet; null: it says nothing of them. With two samples in it `apart` is
// its right side where they differ.
export function ofOneSample(left, right, when = "") {
  const loss = LOSS.test(left);
  const token = new RegExp(`(${DATA}${loss ? BEHIND : ""})${PLACE}`, "g");
  const letters = (text) => [...text.matchAll(token)].map((found) => found[2] ?? found[3]);
  const [mine, all] = [letters(left), new Set([left, right].flatMap(letters))];
  const strip = (text) => text.replace(token, "$1_{$4}");
  if (all.size === 1) {
    const [n] = all;
    if (mine.length || !loss) return { left: strip(left), right: strip(right), when };
    const sum = new RegExp(String.raw`^\s*\\sum_(?:\{\s*${n}\s*(?:=\s*1)?\s*\}|${n})(?:\^(?:\{[^{}]*\}|\w))?`);
    // The gradient by a parameter is a sum over the samples.
    return sum.test(right) ? { left, right: strip(right.replace(sum, "")), when } : null;
  }
  const [n, m] = mine;
  if (all.size !== 2 || mine.length !== 2 || n === m || loss) return null;
  const same = new RegExp(String.raw`(?:${n}\s*=\s*${m}|${m}\s*=\s*${n})`);
  if (same.test(when)) return { left: strip(left), right: strip(right), when: "" };
  if (new RegExp(`(?<![A-Za-z\\\\])[${n}${m}](?![A-Za-z])`).test(when)) return null;
  const at = (value) => strip(right.replace(pair(n, m), value));
  return { left: strip(left), right: at(" 1 "), apart: at(" 0 "), when };
}
