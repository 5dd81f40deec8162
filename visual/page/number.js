// Numbers as people write and read them: one minus sign, powers of ten as powers, decimal
// points one under the other.
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

// What the engine hands over: numbers, and words for what is not finite.
export function toNumber(value) {
  if (typeof value === "number") return value;
  return { inf: Infinity, "-inf": -Infinity }[value] ?? NaN;
}

export function number(given, digits = 4) {
  const value = toNumber(given);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
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

// A number that a person typed, or NaN. A comma may be the point, as French tables have;
// what is too large to be a number of the machine is none.
export function readNumber(text) {
  const clean = text
    .trim()
    .replace(/[−–]/g, "-")
    .replace(
      /[·×*]\s*10\s*\^?\s*\{?([-⁻]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)\}?$/,
      (_, power) =>
        `e${[...power].map((c) => Object.keys(SUPERSCRIPT).find((k) => SUPERSCRIPT[k] === c) ?? c).join("")}`,
    )
    .replace(/^([^,]*),([^,]*)$/, "$1.$2");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(clean)) return NaN;
  const value = Number(clean);
  return Number.isFinite(value) ? value : NaN;
}

// The words of --set: rows by semicolons. null where one is no number.
export function readRows(text) {
  const rows = text
    .split(/[;\n]/)
    .map((line) =>
      line
        .trim()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
    .filter((row) => row.length > 0);
  const values = rows.map((row) => row.map(readNumber));
  const wide = values[0]?.length ?? 0;
  return wide > 0 && values.every((row) => row.length === wide && !row.some(Number.isNaN)) ? values : null;
}

// Widths in halves of a digit, and blanks for them, the widest first.
const UNITS = { ".": 1, "·": 1, "−": 2.6 };
const unitsOf = (text) => [...text].reduce((sum, c) => sum + (UNITS[c] ?? (/[⁰-⁹⁻¹²³]/.test(c) ? 1.25 : 2)), 0);
const BLANKS = [
  ["\u2007", 2],
  ["\u2008", 1],
  ["\u2009", 0.6],
];
function blank(units) {
  let text = "";
  for (const [letter, wide] of BLANKS) for (; units >= wide - 0.01; units -= wide) text += letter;
  return text;
}

// Texts with their points under each other: padded at the right with blanks; with `both` at
// the left too, so that in the middle of their cells they still are.
export function aligned(texts, both = false) {
  const parts = texts.map((text) => {
    const at = text.search(/[.·]/);
    return at < 0 ? [unitsOf(text), 0] : [unitsOf(text.slice(0, at)), unitsOf(text.slice(at))];
  });
  const [head, tail] = [0, 1].map((side) => parts.reduce((most, part) => Math.max(most, part[side]), 0));
  return texts.map((text, k) => {
    if (text === "") return text;
    const [before, after] = parts[k];
    return (both ? blank(head - before) : "") + text + blank(tail - after);
  });
}

// One minus sign, and one sign of times, in the engine's sentences too.
export const minus = (text) =>
  text
    .replace(/(?<![\w)])-0(?![.\d])/g, "0")
    .replace(/(?<![\w)])-(?=\d)/g, "−")
    .replace(/(?<=\d\)?) x (?=\(?\d)/g, " × ")
    .replace(/(?<=\d)\*(?=\d)/g, "·");
