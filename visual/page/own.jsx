// A Jacobian of one's own, pasted or dropped, held against the right one.
import { useState } from "preact/hooks";
import { ask, question } from "./derive.js";
import { Worst } from "./check.jsx";
import { number, readNumber } from "./number.js";
import { change, state } from "./state.js";
import { t } from "./text.js";

// CSV as people have it: separated by semicolons, tabs, commas or blanks; a first row and a
// first column of labels are skipped; a column 'sample' says the slice.
export function readTable(text) {
  const clean = text
    .replace(/^\s*(?:import numpy.*\n+)?(?:\w+\s*=\s*)?(?:np\.)?(?:array|tensor)\(/, "")
    .replace(/[[\]()]+\s*,?\s*/g, (m) => (m.includes("]") ? "\n" : ""));
  const lines = clean.split(/\r?\n/).filter((line) => line.trim() && !line.startsWith("#"));
  if (lines.length === 0) return { error: t("ownEmpty") };
  const mark = [";", "\t", ","].find((sign) => lines[0].includes(sign));
  const split = (line) =>
    (mark
      ? (line.match(/("[^"]*"|[^"]*?)(?:[;\t,]|$)/g) ?? []).map((w) => w.replace(/[;\t,]$/, ""))
      : line.trim().split(/\s+/)
    ).map((w) => w.trim().replace(/^"|"$/g, ""));
  let rows = lines.map(split).map((row) => (row.at(-1) === "" ? row.slice(0, -1) : row));
  const numeric = (word) => !Number.isNaN(readNumber(word)) || /^-?(inf|nan)$/i.test(word);
  const head = rows[0].some((word) => word && numeric(word)) ? null : rows[0];
  if (head) rows = rows.slice(1);
  const slices = head?.[0] === "sample" ? rows.map((row) => row[0]) : null;
  if (slices) rows = rows.map((row) => row.slice(1));
  if (rows.length && rows.every((row) => !numeric(row[0]))) rows = rows.map((row) => row.slice(1));
  for (const [i, row] of rows.entries())
    for (const [j, word] of row.entries()) if (!numeric(word)) return { error: t("ownCell", i + 1, j + 1, word) };
  const wide = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== wide);
  if (wide === 0 || ragged >= 0) return { error: t("ownRagged", ragged + 1) };
  const data = rows
    .flat()
    .map((word) => (numeric(word) && /nan|inf/i.test(word) ? word.toLowerCase() : readNumber(word)));
  const many = slices ? new Set(slices).size : 1;
  return { shape: many > 1 ? [many, rows.length / many, wide] : [rows.length, wide], data };
}

async function readFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x93 && bytes[1] === 0x4e)
    return { hex: [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("") };
  return { text: new TextDecoder().decode(bytes) };
}

export function OwnMatrix() {
  const [binary, setBinary] = useState(null);
  const [over, setOver] = useState(false);
  const { own } = state.value;
  const take = async (file) => {
    if (!file) return;
    const found = await readFile(file);
    setBinary(found.hex ? { hex: found.hex, name: file.name } : null);
    change({ own: found.text ?? "" }, "own");
  };
  let answer = null;
  if (binary) answer = ask(question("against", { npy: binary.hex, name: binary.name }));
  else if (own.trim()) {
    const table = readTable(own);
    answer = table.error ? table : ask(question("against", table));
  }
  const result = answer?.check?.[0];
  const good = result?.verdict === "agrees";
  return (
    <div
      class={`own-matrix${over ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      <label class="wide">
        <span class="label">{t("ownLabel")}</span>
        <textarea
          id="own"
          rows={3}
          spellcheck={false}
          value={own}
          placeholder={"0.5, 0, 0\n0, 0.5, 0"}
          onInput={(event) => {
            setBinary(null);
            change({ own: event.currentTarget.value }, "own");
          }}
        />
      </label>
      <label class="file button">
        <span>{t("ownFile")}</span>
        <input
          type="file"
          class="offscreen"
          id="own-file"
          accept=".csv,.npy,.txt,.tsv"
          onChange={(event) => take(event.currentTarget.files[0])}
        />
      </label>
      <div id="own-answer" role="status">
        {binary && <p class="muted">{binary.name}</p>}
        {answer?.error && <pre class="bad">{answer.error}</pre>}
        {result && (
          <>
            <p class={`verdict ${good ? "good" : "off"}`}>
              {good ? "✓" : "✗"} {t(good ? "ownAgrees" : "ownDiffers")}
              {answer.reading && ` (${answer.reading})`}
            </p>
            {result.diagnosis && <p>{result.diagnosis}</p>}
            {!good && result.worst && (
              <p class="muted">
                {t("worst")}
                {t("colon")} <Worst worst={result.worst} between=" ≠" />
              </p>
            )}
            {result.max_abs_error !== undefined && result.max_abs_error !== null && (
              <p class="muted">
                {t("largestError")}
                {t("colon")} {number(result.max_abs_error, 2)}
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}
