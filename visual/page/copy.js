// The Jacobian for other programs: LaTeX, CSV, NumPy; and the link that restores the page.
function slicesOf(jacobian) {
  return Array.from({ length: jacobian.slices }, (_, s) =>
    Array.from({ length: jacobian.rows }, (_, r) =>
      Array.from({ length: jacobian.cols }, (_, c) => [s, r, c]),
    ),
  );
}

function asLatex(jacobian) {
  const mode = entriesMode();
  const entry = ([s, r, c]) => {
    if (jacobian.zero(s, r, c)) return "0";
    const symbol = jacobian.symbol(s, r, c);
    const value = Number(Number(jacobian.value(s, r, c)).toPrecision(4));
    const power = String(value).replace(/e([-+]?\d+)/, (_, n) => ` \\cdot 10^{${Number(n)}}`);
    if (mode === "structure") return "\\ast";
    if (symbol === undefined || mode === "numbers") return power;
    return mode === "symbols" || symbol === power ? symbol : `${symbol} = ${power}`;
  };
  return slicesOf(jacobian)
    .map(
      (rows) =>
        `\\begin{pmatrix}\n${rows.map((row) => `  ${row.map(entry).join(" & ")}`).join(" \\\\\n")}\n\\end{pmatrix}\n`,
    )
    .join("\n");
}

function csvWord(word) {
  return /[,;"\s]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}

function asCsv(jacobian) {
  const many = jacobian.slices > 1;
  const heads = Array.from({ length: jacobian.cols }, (_, c) =>
    csvWord(jacobian.col(many ? 0 : state.sample, c)),
  );
  const lines = [[...(many ? ["sample"] : []), "output", ...heads].join(",")];
  for (const rows of slicesOf(jacobian))
    for (const row of rows) {
      const [s, r] = row[0];
      lines.push(
        [
          ...(many ? [s + 1] : []),
          csvWord(jacobian.row(s, r)),
          ...row.map((at) => String(jacobian.value(...at))),
        ].join(","),
      );
    }
  return `${lines.join("\n")}\n`;
}

function asNumpy(jacobian) {
  const flat = slicesOf(jacobian).map((rows) =>
    rows.map((row) =>
      row.map((at) =>
        String(jacobian.value(...at))
          .replace("nan", "np.nan")
          .replace("inf", "np.inf"),
      ),
    ),
  );
  const slices = flat
    .map((rows) => `[${rows.map((row) => `[${row.join(", ")}]`).join(",\n  ")}]`)
    .join(",\n ");
  const shape = jacobian.shape.join(", ");
  return `import numpy as np\n\nJ = np.array([${slices}]).reshape(${shape})\n`;
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "offscreen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const before = button.textContent;
  if (before === t("copied")) return;
  button.textContent = t("copied");
  announce(t("copied"));
  setTimeout(() => (button.textContent = before), 1200);
}

function renderCopy() {
  const kinds = [
    ["LaTeX", asLatex],
    ["CSV", asCsv],
    ["NumPy", asNumpy],
  ];
  $("copy").replaceChildren(
    h("span", { class: "label" }, t("copy")),
    ...kinds.map(([name, make]) =>
      h(
        "button",
        {
          type: "button",
          id: `copy-${name}`,
          onclick: (event) => copy(make(app.jacobian), event.currentTarget),
        },
        name,
      ),
    ),
  );
  const line = commandLine();
  $("command").replaceChildren(
    h("span", { class: "label" }, t("command")),
    h("code", { tabindex: "0" }, line),
  );
}
