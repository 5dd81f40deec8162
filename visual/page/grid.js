// The numbers: every variable as a grid that can be edited, the outputs beside.
const GRID_LIMIT = 300;
const grids = new Map(); // NAME -> cells[row][column], to light them up

function setVariable(variable, rows) {
  state.set.set(variable.name, valuesText(variable, rows));
  update({ values: variable.name });
}

function complain(variable, text) {
  $(`bad-${variable.name}`).textContent = text;
}

function editCell(variable, i, j, input) {
  const before = variable.values[i][j];
  const value = readNumber(input.value);
  if (Number.isNaN(value)) {
    input.setAttribute("aria-invalid", "true");
    complain(variable, t("notNumber", input.value, number(before)));
    return;
  }
  input.removeAttribute("aria-invalid");
  complain(variable, "");
  if (value === before) return;
  const rows = variable.values.map((row) => [...row]);
  rows[i][j] = value;
  setVariable(variable, rows);
}

// A table from a spreadsheet fills the grid from the cell where it is pasted; one cell alone
// is left to the browser.
function paste(variable, i, j, event) {
  const text = event.clipboardData.getData("text/plain").replace(/[\r\n]+$/, "");
  const table = text.split(/\r?\n|;/).map((line) => {
    const clean = line.trim();
    return clean.split(clean.includes("\t") ? "\t" : /[\s,]+/);
  });
  if (table.length === 1 && table[0].length === 1) return;
  event.preventDefault();
  const [rows, cols] = [variable.values.length, variable.values[0].length];
  const wide = Math.max(...table.map((line) => line.length));
  if (i + table.length > rows || j + wide > cols) {
    complain(variable, t("pasteShape", `${table.length} × ${wide}`, `${rows} × ${cols}`));
    return;
  }
  const next = variable.values.map((row) => [...row]);
  for (const [di, line] of table.entries())
    for (const [dj, word] of line.entries()) {
      const value = readNumber(word);
      if (Number.isNaN(value)) {
        complain(variable, t("notNumber", word, number(next[i + di][j + dj])));
        return;
      }
      next[i + di][j + dj] = value;
    }
  complain(variable, "");
  setVariable(variable, next);
}

function walk(event, cells, i, j) {
  const input = event.target;
  const start = input.selectionStart === 0 && input.selectionEnd === 0;
  const end = input.selectionStart === input.value.length;
  const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const target = {
    ArrowUp: cells[i - 1]?.[j],
    ArrowDown: cells[i + 1]?.[j],
    Enter: cells[i + 1]?.[j],
    ArrowLeft: start || all ? cells[i][j - 1] : null,
    ArrowRight: end || all ? cells[i][j + 1] : null,
  }[event.key];
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.select();
}

function exactly(value) {
  if (typeof value !== "number") return String(value);
  return String(Number(value.toPrecision(Math.abs(value) < 0.01 ? 3 : 4)));
}

function editable(variable) {
  const cells = variable.values.map((row, i) =>
    row.map((value, j) => {
      const input = h("input", {
        class: "cell",
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": spoken(variable.labels[i][j]),
        "aria-describedby": `bad-${variable.name}`,
        value: exactly(value),
        oninput: () => editCell(variable, i, j, input),
        onblur: () => {
          if (input.hasAttribute("aria-invalid")) {
            input.value = exactly(variable.values[i][j]);
            input.removeAttribute("aria-invalid");
          }
        },
        onpaste: (event) => paste(variable, i, j, event),
        onkeydown: (event) => walk(event, cells, i, j),
        onfocus: () => lightVariable(variable.name, i, j),
      });
      return input;
    }),
  );
  grids.set(variable.name, cells);
  return bracketed(cells, variable.dims.length === 3 ? variable.dims[1] : 0);
}

function bracketed(cells, slab = 0) {
  return h(
    "div",
    // What cannot be edited can still be wider than its place: the keyboard scrolls it.
    {
      class: cells[0].length > 3 ? "bracketed narrow" : "bracketed",
      tabindex: cells[0][0].tagName === "SPAN" && cells[0].length > 4 ? "0" : null,
    },
    h(
      "table",
      { role: "presentation" },
      cells.map((row, i) =>
        h(
          "tr",
          slab && i > 0 && i % slab === 0 ? { class: "slab" } : null,
          row.map((cell) => h("td", null, cell)),
        ),
      ),
    ),
  );
}

function variableTitle(variable) {
  const dims = variable.dims.join(" × ");
  // A matrix has the capital letter of its entries: w^{1} is an entry of W^{1}.
  const capital = variable.role === "parameter" && /^[A-Z]/.test(variable.name);
  const symbol = capital
    ? variable.symbol.replace(/^[a-z]/, (letter) => letter.toUpperCase())
    : variable.symbol;
  return h("h3", null, math(symbol), " ", h("span", { class: "dims" }, dims));
}

function renderGrids() {
  grids.clear();
  const list = app.subject.variables.map((variable) => {
    const count = variable.values.length * variable.values[0].length;
    return h(
      "section",
      { class: "variable", "data-name": variable.name },
      variableTitle(variable),
      count <= GRID_LIMIT
        ? editable(variable)
        : h("textarea", {
            class: "many",
            rows: "2",
            "aria-label": variable.name,
            placeholder: t("tooMany", count),
            onpaste: (event) => paste(variable, 0, 0, event),
          }),
      h("p", { class: "bad", id: `bad-${variable.name}`, role: "status" }),
    );
  });
  const output = app.subject.output;
  const count = output.values.length * output.values[0].length;
  const cells = output.values.map((row) =>
    row.map((value) => h("span", { class: "cell" }, number(value))),
  );
  grids.set("", cells);
  list.push(
    h(
      "section",
      { class: "variable result", "data-name": "" },
      h(
        "h3",
        null,
        math(output.symbol),
        " ",
        h("span", { class: "dims" }, `${output.values.length} × ${output.values[0].length}`),
      ),
      count <= GRID_LIMIT ? bracketed(cells) : null,
    ),
  );
  $("grids").replaceChildren(...list);
}

// New values in grids that stay: the cell being typed in is left as it is.
function refreshGrids() {
  for (const variable of app.subject.variables) {
    const section = document.querySelector(`[data-name="${CSS.escape(variable.name)}"]`);
    const cells = grids.get(variable.name);
    if (!section || !cells) continue;
    const old = app.previous.variables.find((other) => other.name === variable.name);
    for (const [i, row] of variable.values.entries())
      for (const [j, value] of row.entries()) {
        if (old) old.values[i][j] = value;
        if (cells[i][j] !== document.activeElement) cells[i][j].value = exactly(value);
      }
    if (old) app.subject.variables[app.subject.variables.indexOf(variable)] = old;
  }
  const cells = grids.get("");
  for (const [i, row] of app.subject.output.values.entries())
    for (const [j, value] of row.entries()) cells[i][j].textContent = number(value);
}

function simpleNumbers() {
  for (const variable of app.subject.variables) {
    if (variable.domain !== "real") continue;
    let next = 1;
    state.set.set(
      variable.name,
      valuesText(
        variable,
        variable.values.map((row) => row.map(() => next++)),
      ),
    );
  }
  update({ numbers: true });
}

function lightGrids(lit) {
  for (const cell of document.querySelectorAll("#grids .lit, #grids .lit-soft"))
    cell.classList.remove("lit", "lit-soft");
  for (const { name, row, col, soft } of lit)
    grids.get(name)?.[row]?.[col]?.classList.add(soft ? "lit-soft" : "lit");
}
