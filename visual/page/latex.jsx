// LaTeX, as far as the engine writes it and students type it, to MathML.
import { t as inWords } from "./text.js";

const GREEK = Object.fromEntries(
  `alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ
  lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ
  Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω ell ℓ`
    .split(/\s+/)
    .reduce((pairs, word, k, all) => (k % 2 ? pairs : [...pairs, [word, all[k + 1]]]), []),
);
const SIGNS = {
  leq: "≤",
  le: "≤",
  geq: "≥",
  ge: "≥",
  neq: "≠",
  ne: "≠",
  cdot: "⋅",
  cdots: "⋯",
  vdots: "⋮",
  odot: "⊙",
  otimes: "⊗",
  top: "⊤",
  intercal: "⊤",
  bullet: "•",
  lVert: "‖",
  rVert: "‖",
  partial: "∂",
  infty: "∞",
  sum: "∑",
  prod: "∏",
  times: "×",
  ldots: "…",
  dots: "…",
  in: "∈",
  to: "→",
  mapsto: "↦",
  nabla: "∇",
  circ: "∘",
};
const SPACES = { quad: "\u2003", ",": "\u2009", ";": "\u2005", " ": "\u2005", "!": "" };
const BOLD = { 0: "𝟎", 1: "𝟏" };
// Double-struck: 1 is an indicator.
const SETS = { 1: "𝟙", E: "𝔼", N: "ℕ", R: "ℝ" };
const ACCENTS = { hat: "^", bar: "¯", overline: "¯", tilde: "~", vec: "→", dot: "˙" };

function tokensOf(text) {
  return text.match(/\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[^\s]/gu) ?? [];
}

const row = (list) => (list.length === 1 ? list[0] : <mrow>{list}</mrow>);

// The words between cases, in the reader's language.
const WORDS = { if: "mathIf", otherwise: "mathOtherwise" };
const Word = ({ text }) => <mtext>{`\u00a0${WORDS[text] ? inWords(WORDS[text]) : text}\u00a0`}</mtext>;

function readLatex(text) {
  const tokens = tokensOf(text);
  let at = 0;
  function group() {
    if (tokens[at] !== "{") return single(tokens[at++]);
    at++;
    const inside = many(() => tokens[at] === "}");
    at++;
    return row(inside);
  }
  // \frac12 is a half: without braces a digit is a group.
  function digitOrGroup() {
    if (!/^\d./.test(tokens[at] ?? "")) return group();
    const [digit] = tokens[at];
    tokens[at] = tokens[at].slice(1);
    return <mn>{digit}</mn>;
  }
  // The letters of a group as they stand: \text{if }, \mathrm{sg}.
  function words() {
    if (tokens[at] !== "{") return tokens[at++] ?? "";
    let word = "";
    for (at++; at < tokens.length && tokens[at] !== "}"; ) word += tokens[at++];
    at++;
    return word;
  }
  const fence = (sign) => (sign === "." ? null : <mo>{sign.replace("\\", "")}</mo>);
  function table(name) {
    const lines = [[[]]];
    while (at < tokens.length && tokens[at] !== "\\end") {
      if (tokens[at] === "&") lines.at(-1).push([]) && at++;
      else if (tokens[at] === "\\\\") lines.push([[]]) && at++;
      else lines.at(-1).at(-1).push(part());
    }
    at++;
    words();
    const body = (
      <mtable class={name === "cases" ? "cases" : "matrix"}>
        {lines.map((line) => (
          <mtr>
            {line.map((cell) => (
              <mtd>{cell}</mtd>
            ))}
          </mtr>
        ))}
      </mtable>
    );
    const [open, close] = { cases: ["{", ""], bmatrix: ["[", "]"], matrix: ["", ""] }[name] ?? "()";
    return (
      <mrow>
        {open && <mo>{open}</mo>}
        {body}
        {close && <mo>{close}</mo>}
      </mrow>
    );
  }
  function command(name) {
    switch (name) {
      case "frac":
      case "tfrac":
      case "dfrac":
        return (
          <mfrac>
            {digitOrGroup()}
            {digitOrGroup()}
          </mfrac>
        );
      case "sqrt":
        return <msqrt>{group()}</msqrt>;
      case "left": {
        const open = fence(tokens[at++] ?? ".");
        const inside = many(() => tokens[at] === "\\right");
        at++;
        return (
          <mrow>
            {open}
            {inside}
            {fence(tokens[at++] ?? ".")}
          </mrow>
        );
      }
      case "text":
        return <Word text={words()} />;
      case "mathrm":
      case "operatorname":
        return <mi>{words()}</mi>;
      case "mathbf": {
        const word = words();
        return <mn>{BOLD[word] ?? word}</mn>;
      }
      case "mathbb":
      case "mathds": {
        const word = words();
        return <mi mathvariant="normal">{SETS[word] ?? word}</mi>;
      }
      case "mathcal":
      case "boldsymbol":
      case "bm":
      case "mathit":
        return group();
      case "hat":
      case "bar":
      case "overline":
      case "tilde":
      case "vec":
      case "dot":
        return (
          <mover accent="true">
            {group()}
            <mo stretchy="false">{ACCENTS[name]}</mo>
          </mover>
        );
      case "begin":
        return table(words());
      default:
        if (name in SPACES) return <mtext>{SPACES[name]}</mtext>;
        if (name in GREEK) return <mi>{GREEK[name]}</mi>;
        if (name in SIGNS) return <mo>{SIGNS[name]}</mo>;
        return /^[a-zA-Z]+$/.test(name) ? <mi>{name}</mi> : null;
    }
  }
  function single(token) {
    if (token === undefined) return <mrow />;
    if (token[0] === "\\" && token.length > 1) return command(token.slice(1)) ?? <mspace />;
    if (/^\d/.test(token)) return <mn>{token}</mn>;
    if (/^\p{L}$/u.test(token)) return <mi>{token}</mi>;
    const sign = token === "-" ? "−" : token;
    // A sign after a bracket, another sign or a relation is a number's own.
    const before = tokens[at - 2];
    if (
      "+-".includes(token) &&
      (before === undefined || /^([(\[{=&,+\-−<>]|\\\\|\\(cdot|left|odot|otimes|le|ge|leq|geq))$/.test(before))
    )
      return <mo form="prefix">{sign}</mo>;
    return "()[]|".includes(token) ? <mo stretchy="false">{sign}</mo> : <mo>{sign}</mo>;
  }
  function part() {
    const base = tokens[at] === "{" ? group() : single(tokens[at++]);
    let below, above;
    while (tokens[at] === "_" || tokens[at] === "^") {
      if (tokens[at++] === "_") below = group();
      else above = group();
    }
    if (below && above)
      return (
        <msubsup>
          {base}
          {below}
          {above}
        </msubsup>
      );
    if (below)
      return (
        <msub>
          {base}
          {below}
        </msub>
      );
    return above ? (
      <msup>
        {base}
        {above}
      </msup>
    ) : (
      base
    );
  }
  function many(end) {
    const list = [];
    while (at < tokens.length && !end()) list.push(part());
    return list;
  }
  return many(() => false);
}

const read = new Map();
function parsed(text) {
  if (!read.has(text)) {
    if (read.size > 20000) read.clear();
    read.set(text, readLatex(text));
  }
  return read.get(text);
}

// A formula; texts are LaTeX, numbers stand as they are written.
export function Tex({ t, value, block, hidden }) {
  return (
    <math display={block ? "block" : undefined} aria-hidden={hidden ? "true" : undefined}>
      {parsed(t)}
      {value !== undefined && [<mo>=</mo>, <mn>{value}</mn>]}
    </math>
  );
}

// The pieces of a verdict that are quoted from the line, as formulas.
export function Said({ text, line }) {
  const bare = (words) => words.replace(/\s+/g, "");
  const words = text.split(" ");
  const source = bare(line);
  const pieces = [];
  for (let k = 0; k < words.length; ) {
    let end = 0;
    for (let to = k + 1; to <= words.length; to++) {
      const quoted = words.slice(k, to).join(" ");
      if (/[\\^_]/.test(quoted) && source.includes(bare(quoted))) end = to;
    }
    pieces.push(end ? <Tex t={words.slice(k, end).join(" ")} /> : words[k], " ");
    k = end || k + 1;
  }
  return pieces.slice(0, -1);
}

// The small formulas in the engine's plain sentences: 1 - z^2, y(1 - y), W^T, 1/sqrt(D).
const FORMULA =
  /\w\(\d - \w\)|\d - \w(?:\^\d)?|[A-Z] [-−] 1|\w\^[T\d]|delta_ij|1\/sqrt\(\w\)|d y_i \/ d x_j|(?<!\p{L})(?:beta|gamma)(?!\p{L})/u;
const asTex = (words) =>
  words
    .replace(/sqrt\((\w)\)/, "\\sqrt{$1}")
    .replace("delta_ij", "\\delta_{ij}")
    .replace(/\bd(?= \w_)/g, "\\partial")
    .replace(/beta|gamma/, "\\$&");
export function Typeset({ text }) {
  const pieces = [];
  for (let rest = text; rest !== ""; ) {
    const found = rest.match(FORMULA);
    pieces.push(found ? rest.slice(0, found.index) : rest);
    if (found) pieces.push(<Tex t={asTex(found[0])} />);
    rest = found ? rest.slice(found.index + found[0].length) : "";
  }
  return pieces;
}

// The fraction of two partials.
export function Partial({ top, bottom, then, value }) {
  return (
    <math>
      <mfrac>
        <mrow>
          <mo>∂</mo>
          {parsed(top)}
        </mrow>
        <mrow>
          <mo>∂</mo>
          {parsed(bottom)}
        </mrow>
      </mfrac>
      {then !== undefined && [<mo>=</mo>, ...parsed(then)]}
      {value !== undefined && [<mo>=</mo>, <mn>{value}</mn>]}
    </math>
  );
}

// A label as words: z^{k-1}_{1,2} is "z(k−1)[1,2]", w^{1}_{2,1} is "w(1)[2,1]".
export function spoken(latex) {
  return latex
    .replace(/\^\{?([^{}_]*)\}?/g, (_, up) => `(${up.replaceAll("-", "−")})`)
    .replace(/_\{([^{}]*)\}/g, "[$1]")
    .replace(/_(\w)/g, "[$1]")
    .replace(/\\([a-zA-Z]+)/g, "$1")
    .replaceAll("{", "")
    .replaceAll("}", "");
}

// A label where no formula can stand, as in a list: zᵏ⁻¹₁₂, w¹₂₁, with commas as the command
// writes them.
const UP = { k: "ᵏ", "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
export function listed(latex) {
  const below = (list) => {
    const words = list.split(",").map((word) => word.trim());
    return words
      .map((word) => word.replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]))
      .join(words.some((w) => w.length > 1) ? "," : "");
  };
  return latex
    .replace(/\\([a-zA-Z]+)/g, (_, name) => GREEK[name] ?? name)
    .replace(/\^\{?([^{}_]*)\}?/g, (_, up) => [...up].map((c) => UP[c] ?? c).join(""))
    .replace(/_\{([^{}]*)\}/g, (_, list) => below(list))
    .replace(/_(\w)/g, (_, list) => below(list));
}

// Seen as a formula, heard as words.
export function Heading({ t }) {
  return (
    <>
      <Tex t={t} hidden />
      <span class="offscreen">{spoken(t)}</span>
    </>
  );
}
