// The chain rule, multiplied step by step from either end.
const chainView = { steps: [] }; // "backward" or "forward", one a multiplication

function multiply(a, b) {
  return a.map((slice, s) =>
    slice.map((row) => b[s][0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[s][k][j], 0))),
  );
}

function chainFactors(answer) {
  const { factors } = answer.chain;
  return factors.map((factor, f) => ({
    name: factor.name,
    from: f,
    to: f,
    module: factor.module,
    values: factor.values,
    rows: f === 0 ? answer.rows : answer.columns[f - 1],
    cols: answer.columns[f],
    structure: factor.structure,
    fresh: false,
  }));
}

function joined(a, b) {
  return {
    name: `${a.name} ${b.name}`,
    from: a.from,
    to: b.to,
    module: null,
    values: multiply(a.values, b.values),
    rows: a.rows,
    cols: b.cols,
    fresh: true,
  };
}

// The matrices after the steps taken, and the scalar multiplications that they cost.
function walkChain(answer) {
  let list = chainFactors(answer);
  let cost = 0;
  for (const step of chainView.steps) {
    const at = step === "backward" ? 0 : list.length - 2;
    const [a, b] = [list[at], list[at + 1]];
    cost += a.values.length * a.values[0].length * b.values[0].length * b.values[0][0].length;
    list = list.map((matrix) => ({ ...matrix, fresh: false }));
    list.splice(at, 2, joined(a, b));
  }
  return { list, cost };
}

function smallMatrix(matrix, sample) {
  const values = matrix.values[sample];
  const [rows, cols] = [values.length, values[0].length];
  const largest = Math.max(
    ...values
      .flat()
      .map((x) => Math.abs(x))
      .filter(Number.isFinite),
    0,
  );
  const box = h(
    "figure",
    { class: `factor${matrix.fresh ? " fresh" : ""}` },
    h(
      "figcaption",
      null,
      h("strong", null, factorName(matrix)),
      h("span", { class: "dims" }, `${rows} × ${cols}`),
      h("span", { class: "muted" }, matrix.module ?? t("product")),
    ),
  );
  if (rows * cols > 200) {
    const canvas = h("canvas", {
      class: "thumb",
      width: cols,
      height: rows,
      role: "img",
      "aria-label": `${matrix.name}, ${rows} × ${cols}`,
    });
    thumbnail(canvas, values, largest);
    box.append(canvas);
    return box;
  }
  box.append(
    h(
      "div",
      { class: "scroller", tabindex: "0", role: "group", "aria-label": matrix.name },
      h(
        "table",
        { class: "jacobian numbers small", "aria-label": matrix.name },
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            h("td", { class: "corner" }),
            matrix.cols.map((label) => h("th", { scope: "col" }, heading(label))),
          ),
        ),
        h(
          "tbody",
          null,
          values.map((row, i) =>
            h(
              "tr",
              null,
              h("th", { scope: "row" }, heading(matrix.rows[i])),
              row.map((value) => {
                const cell = h("td", value === 0 ? { class: "zero" } : null, number(value, 3));
                paint(cell, value, largest);
                return cell;
              }),
            ),
          ),
        ),
      ),
    ),
  );
  return box;
}

function thumbnail(canvas, values, largest) {
  const [negative, positive, cell] = themeColors("negative", "positive", "cell");
  const pixels = new ImageData(canvas.width, canvas.height);
  for (const [k, value] of values.flat().entries()) {
    const part = level(value, largest);
    const to = value < 0 ? negative : positive;
    for (let c = 0; c < 3; c++) pixels.data[4 * k + c] = cell[c] + (to[c] - cell[c]) * part;
    pixels.data[4 * k + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

function factorName(matrix) {
  return math(...matrix.name.split(" ").map((name) => `${name[0]}_{${name.slice(1)}}`));
}

function deltaOf(answer, matrix) {
  return matrix.from === 0 ? answer.chain.factors[matrix.to].delta : null;
}

function renderChain() {
  const answer = app.ask(question("chain", { wrt: app.wrt }));
  const place = $("chain");
  if (answer.error) return place.replaceChildren(h("p", { class: "bad" }, answer.error));
  const count = answer.chain.factors.length;
  if (chainView.steps.length >= count) chainView.steps = [];
  const { list, cost } = walkChain(answer);
  const slices = list[0].values.length;
  const sample = Math.min(state.sample, slices - 1);
  const total = answer.chain.cost;
  const step = (which) => () => {
    chainView.steps.push(which);
    renderChain();
    ($(`step-${which}`).disabled ? $("step-restart") : $(`step-${which}`)).focus();
  };
  const row = list.map((matrix, k) =>
    h(
      "div",
      { class: "link" },
      k > 0 && h("span", { class: "dot", "aria-hidden": "true" }, "·"),
      smallMatrix(matrix, sample),
    ),
  );
  const done = list.length < 2;
  const delta =
    chainView.steps.length && chainView.steps.every((s) => s === "backward")
      ? deltaOf(answer, list[0])
      : null;
  place.replaceChildren(
    h("p", null, t("chainIntro")),
    choice(
      t("wrt"),
      app.subject.variables.map((v) => ({ value: v.name, text: v.name })),
      app.wrt,
      (value) => {
        chainView.steps = [];
        Object.assign(state, { wrt: value, at: [0, 0] });
        update({ controls: true });
      },
      "chain-wrt",
    ),
    count < 2
      ? h("p", { class: "story" }, t("chainOne"))
      : h(
          "div",
          { class: "row" },
          h(
            "button",
            {
              type: "button",
              id: "step-backward",
              class: "main",
              disabled: done,
              onclick: step("backward"),
            },
            t("backward"),
          ),
          h(
            "button",
            {
              type: "button",
              id: "step-forward",
              class: "main",
              disabled: done,
              onclick: step("forward"),
            },
            t("forward"),
          ),
          h(
            "button",
            {
              type: "button",
              id: "step-back",
              disabled: chainView.steps.length === 0,
              onclick: () => {
                chainView.steps.pop();
                renderChain();
              },
            },
            t("back"),
          ),
          h(
            "button",
            {
              type: "button",
              id: "step-restart",
              disabled: chainView.steps.length === 0,
              onclick: () => {
                chainView.steps = [];
                renderChain();
              },
            },
            t("restart"),
          ),
        ),
    h(
      "p",
      { class: "cost", role: "status" },
      t("cost"),
      ": ",
      h("strong", null, String(cost)),
      done && count > 1 ? ` — ${t("chainDone")}` : "",
    ),
    h("div", { class: "factors" }, row),
    delta
      ? h(
          "div",
          { class: "delta" },
          h("p", null, t("delta")),
          bracketed(delta.map((line) => line.map((x) => h("span", { class: "cell" }, number(x))))),
        )
      : "",
    count > 1
      ? h(
          "p",
          { class: "muted" },
          t(
            "costAll",
            number(total.left * slices, 9),
            number(total.right * slices, 9),
            number(total.best * slices, 9),
          ),
          " ",
          h("code", null, total.order),
        )
      : "",
  );
}
