// The Jacobian for other programs, as the command writes it; pictures; the link; print.
import { useState } from "preact/hooks";
import { ask, commandLine, form, mode, question } from "./derive.js";
import { announce } from "./parts.jsx";
import { flush, state } from "./state.js";
import { t } from "./text.js";

export async function copyText(text) {
  try {
    if (document.featurePolicy?.allowsFeature("clipboard-write") === false) throw new Error("not here");
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.className = "offscreen";
    area.value = text;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    before?.focus();
  }
  announce(t("copied"));
}

function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function exported(format) {
  return ask(question("export", { format, form: form.value, entries: mode.value }));
}

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

async function pngOf(svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function asNumpy() {
  const numbers = ask(question("values", { form: form.value }));
  const shape = numbers.size[0] > 1 ? numbers.size : numbers.size.slice(1);
  const word = (x) => (Number.isNaN(x) ? "np.nan" : Number.isFinite(x) ? String(x) : x < 0 ? "-np.inf" : "np.inf");
  return `import numpy as np\n\nJ = np.array([${[...numbers.numbers].map(word).join(", ")}]).reshape(${shape.join(", ")})\n`;
}

const KINDS = [
  { name: "LaTeX", format: "latex", file: "jacobian.tex", type: "text/plain" },
  { name: "Markdown", format: "markdown", file: "jacobian.md", type: "text/plain" },
  { name: "CSV", format: "csv", file: "jacobian.csv", type: "text/csv" },
  { name: "NumPy", format: "numpy", file: "jacobian.npy", type: "application/octet-stream" },
  { name: "SVG", format: "svg", file: "jacobian.svg", type: "image/svg+xml" },
  { name: "PNG", format: "png", file: "jacobian.png", type: "image/png" },
];

async function saveAs(kind) {
  if (kind.format === "png") return save(kind.file, await pngOf(exported("svg").text), kind.type);
  if (kind.format === "numpy") return save(kind.file, bytesOf(exported("npy").hex), kind.type);
  return save(kind.file, exported(kind.format).text, kind.type);
}

async function copyAs(kind) {
  if (kind.format === "numpy") return copyText(asNumpy());
  if (kind.format === "png")
    try {
      const blob = await pngOf(exported("svg").text);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      return announce(t("copied"));
    } catch {
      return saveAs(kind);
    }
  return copyText(exported(kind.format).text);
}

export function CopyButton({ id, title, children, onCopy }) {
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      id={id}
      title={title}
      aria-label={done ? undefined : title}
      onClick={async () => {
        await onCopy();
        setDone(true);
        setTimeout(() => setDone(false), 1200);
      }}
    >
      {done ? t("copied") : children}
    </button>
  );
}

export function shareLink() {
  flush();
  return location.href;
}

export function Take() {
  void state.value;
  return (
    <section class="take" id="take" aria-label={t("take")}>
      <table>
        <tbody>
          {KINDS.map((kind) => (
            <tr key={kind.name}>
              <th scope="row">{kind.name}</th>
              <td>
                <CopyButton id={`copy-${kind.name}`} onCopy={() => copyAs(kind)}>
                  {t("copyIt")}
                </CopyButton>
              </td>
              <td>
                <button
                  type="button"
                  id={`save-${kind.name}`}
                  aria-label={`${t("saveIt")} ${kind.name}`}
                  onClick={() => saveAs(kind)}
                >
                  {t("saveIt")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="take-more">
        <CopyButton
          id="copy-embed"
          onCopy={() => copyText(`<iframe src="${shareLink()}&embed=1" width="700" height="420"></iframe>`)}
        >
          {t("copyEmbed")}
        </CopyButton>
        <button type="button" id="print" onClick={() => print()}>
          {t("print")}
        </button>
        <p class="label">{t("command")}</p>
        <code class="command" id="command" tabIndex={0}>
          {commandLine()}
        </code>
      </div>
    </section>
  );
}
