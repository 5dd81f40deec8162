// LaTeX, as far as the engine writes it, to MathML; and numbers as people write them.
const GREEK = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ϵ",
  mu: "μ",
  sigma: "σ",
  Phi: "Φ",
  varphi: "φ",
  ell: "ℓ",
  lambda: "λ",
  rho: "ρ",
  theta: "θ",
  pi: "π",
};
const SIGNS = {
  leq: "≤",
  geq: "≥",
  neq: "≠",
  cdot: "⋅",
  odot: "⊙",
  otimes: "⊗",
  top: "⊤",
  bullet: "•",
  partial: "∂",
  infty: "∞",
  sum: "∑",
  times: "×",
  ldots: "…",
  in: "∈",
  to: "→",
};
const BOLD = { 0: "𝟎", 1: "𝟏" };

function latexTokens(text) {
  return text.match(/\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[^\s]/gu) ?? [];
}

function readLatex(text) {
  const tokens = latexTokens(text);
  let at = 0;

  function group() {
    if (tokens[at] !== "{") return single(tokens[at++]);
    at++;
    const inside = many(() => tokens[at] === "}");
    at++;
    return row(inside);
  }
  // The letters of a group as they stand: \text{if }, \mathrm{sg}.
  function words() {
    if (tokens[at] !== "{") return tokens[at++] ?? "";
    let word = "";
    for (at++; at < tokens.length && tokens[at] !== "}"; ) word += tokens[at++];
    at++;
    return word;
  }
  function row(list) {
    return list.length === 1 ? list[0] : m("mrow", ...list);
  }
  function fence(sign) {
    return sign === "." ? null : m("mo", sign.replace("\\", ""));
  }
  function cases() {
    words();
    const lines = [[[]]];
    while (at < tokens.length && tokens[at] !== "\\end") {
      if (tokens[at] === "&") lines.at(-1).push([]) && at++;
      else if (tokens[at] === "\\\\") lines.push([[]]) && at++;
      else lines.at(-1).at(-1).push(part());
    }
    at++;
    words();
    const table = m("mtable", ...lines.map((l) => m("mtr", ...l.map((c) => m("mtd", ...c)))));
    table.classList.add("cases");
    return m("mrow", m("mo", "{"), table);
  }
  function command(name) {
    switch (name) {
      case "frac":
        return m("mfrac", group(), group());
      case "sqrt":
        return m("msqrt", group());
      case "left": {
        const open = fence(tokens[at++]);
        const inside = many(() => tokens[at] === "\\right");
        at++;
        return m("mrow", open, ...inside, fence(tokens[at++] ?? "."));
      }
      case "text":
        return m("mtext", `\u00a0${words()}\u00a0`);
      case "mathrm":
      case "operatorname":
        return m("mi", words());
      case "mathbf": {
        const word = words();
        return m("mn", BOLD[word] ?? word);
      }
      case "begin":
        return cases();
      case "quad":
        return m("mtext", "\u2003");
      default:
        if (GREEK[name]) return m("mi", GREEK[name]);
        if (SIGNS[name]) return m("mo", SIGNS[name]);
        return /^[a-zA-Z]+$/.test(name) ? m("mi", name) : null;
    }
  }
  function single(token) {
    if (token === undefined) return m("mrow");
    if (token[0] === "\\") return command(token.slice(1)) ?? m("mspace");
    if (/^\d/.test(token)) return m("mn", token);
    if (/^\p{L}$/u.test(token)) return m("mi", token);
    const sign = m("mo", token === "-" ? "−" : token);
    if ("()[]|".includes(token)) sign.setAttribute("stretchy", "false");
    return sign;
  }
  function part() {
    const base = tokens[at] === "{" ? group() : single(tokens[at++]);
    let below, above;
    while (tokens[at] === "_" || tokens[at] === "^") {
      if (tokens[at++] === "_") below = group();
      else above = group();
    }
    if (below && above) return m("msubsup", base, below, above);
    if (below) return m("msub", base, below);
    return above ? m("msup", base, above) : base;
  }
  function many(end) {
    const list = [];
    while (at < tokens.length && !end()) list.push(part());
    return list;
  }
  return many(() => false);
}

function math(...parts) {
  const element = m("math");
  for (const part of parts)
    element.append(...(typeof part === "string" ? readLatex(part) : [part]));
  return element;
}

// A label as plain text, for screen readers and titles: z^{k-1}_{1,2} is "z[1,2]".
function spoken(latex) {
  return latex
    .replace(/\^\{?[^{}_]*\}?/g, "")
    .replace(/_\{([^{}]*)\}/g, "[$1]")
    .replace(/\\([a-zA-Z]+)/g, "$1");
}

// A row's or a column's heading: seen as a formula, heard as words.
function heading(latex) {
  const formula = math(latex);
  formula.setAttribute("aria-hidden", "true");
  return [formula, h("span", { class: "offscreen" }, spoken(latex))];
}

const SUPERSCRIPT = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

function number(value, digits = 4) {
  if (typeof value !== "number") return String(value).replace("inf", "∞").replace("-", "−");
  if (value === 0) return "0";
  const size = Math.abs(value);
  let text;
  if (size >= 1e-3 && size < 1e6) {
    const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
    text = String(Number(size.toFixed(Math.min(places, 12))));
  } else {
    const [mantissa, power] = size.toExponential(Math.min(digits - 1, 2)).split("e");
    const up = [...String(Number(power))].map((c) => SUPERSCRIPT[c]).join("");
    text = `${Number(mantissa)}·10${up}`;
  }
  return (value < 0 ? "−" : "") + text;
}

// A number that a person typed, or NaN. A comma may be the point, as French tables have.
function readNumber(text) {
  const clean = text
    .trim()
    .replace(/[−–]/g, "-")
    .replace(/^([^,]*),([^,]*)$/, "$1.$2");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(clean) ? Number(clean) : NaN;
}
