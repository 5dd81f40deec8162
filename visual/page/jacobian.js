// The Jacobian as a table: labels, symbols, numbers, structure; pointed at and walked over.
const TABLE_LIMIT = 1000; // entries of one slice; beyond, a heat map

function level(value, largest) {
  if (typeof value !== "number" || value === 0 || largest === 0) return 0;
  return Math.min(1, 0.14 + (0.86 * Math.abs(value)) / largest);
}

function paint(cell, value, largest) {
  cell.style.setProperty("--level", level(value, largest).toFixed(3));
  cell.classList.toggle("negative", value < 0);
  cell.classList.toggle("positive", value > 0);
}

function cellContent(jacobian, mode, s, r, c) {
  if (jacobian.zero(s, r, c)) return [mode === "structure" ? "" : "0"];
  const value = number(jacobian.value(s, r, c));
  const symbol = jacobian.symbol(s, r, c);
  if (mode === "structure") return [h("span", { class: "mark" }, "●")];
  if (mode === "numbers" || symbol === undefined) return [h("span", { class: "value" }, value)];
  const formula = h("span", { class: "symbol" }, math(symbol));
  if (mode === "symbols" || /^-?\d+$/.test(symbol)) return [formula];
  return [formula, h("span", { class: "value" }, value)];
}

// In reduced form a block of zeros is one 0.
function zeroBlock(jacobian, s, r, c) {
  const width = jacobian.block[1];
  if (!jacobian.reduced || width < 1 || c % width) return 0;
  for (let k = c; k < c + width; k++) if (!jacobian.zero(s, r, k)) return 0;
  return width;
}

// The table of one slice. point(r, c) is called for what is pointed at; it has a method
// light(r, c) to mark an entry, its row and its column.
function jacobianTable(jacobian, { mode, sample, label, corner, point, turn }) {
  const s = sample;
  const cells = [];
  const [down, across] = jacobian.block;
  const edge = (r, c) =>
    [
      down > 0 && r > 0 && r % down === 0 && "block-top",
      across > 0 && c > 0 && c % across === 0 && "block-left",
    ]
      .filter(Boolean)
      .join(" ");
  const heads = Array.from({ length: jacobian.cols }, (_, c) =>
    h("th", { scope: "col", class: edge(0, c), "data-c": c }, heading(jacobian.col(s, c))),
  );
  const sides = [];
  const body = Array.from({ length: jacobian.rows }, (_, r) => {
    const line = [];
    cells.push([]);
    for (let c = 0; c < jacobian.cols; ) {
      const wide = zeroBlock(jacobian, s, r, c);
      const cell = h(
        "td",
        {
          tabindex: "-1",
          "data-r": r,
          "data-c": c,
          class: edge(r, c),
          colspan: wide > 1 ? wide : null,
        },
        cellContent(jacobian, mode, s, r, c),
      );
      if (jacobian.zero(s, r, c)) cell.classList.add("zero");
      paint(
        cell,
        mode === "structure" || mode === "symbols" ? 0 : jacobian.value(s, r, c),
        jacobian.largest,
      );
      if ((mode === "structure" || mode === "symbols") && !jacobian.zero(s, r, c))
        cell.classList.add("marked");
      line.push(cell);
      for (let k = 0; k < Math.max(1, wide); k++, c++) cells[r].push(cell);
    }
    sides.push(h("th", { scope: "row", class: edge(r, 0) }, heading(jacobian.row(s, r))));
    return h("tr", null, sides[r], line);
  });
  const table = h(
    "table",
    { class: `jacobian ${mode}`, role: "grid", "aria-label": label },
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        h("td", { class: "corner", "aria-hidden": "true" }, corner ? math(corner) : []),
        heads,
      ),
    ),
    h("tbody", null, body),
  );
  let now = [0, 0];
  function light(r, c) {
    for (const old of table.querySelectorAll(".band, .here")) old.classList.remove("band", "here");
    table.querySelector('td[tabindex="0"]')?.setAttribute("tabindex", "-1");
    now = [r, c];
    for (const cell of cells[r]) cell.classList.add("band");
    for (const row of cells) row[c].classList.add("band");
    heads[c].classList.add("band");
    sides[r].classList.add("band");
    cells[r][c].classList.add("here");
    cells[r][c].setAttribute("tabindex", "0");
  }
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td[data-r]");
    if (cell && event.pointerType !== "touch")
      point(Number(cell.dataset.r), Number(cell.dataset.c));
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-r]");
    if (cell) go(Number(cell.dataset.r), Number(cell.dataset.c));
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td[data-r]");
    if (cell && cell !== cells[now[0]][now[1]])
      point(Number(cell.dataset.r), Number(cell.dataset.c));
    else if (cell) point(...now);
  });
  function go(r, c) {
    if (!cells[r]?.[c]) return;
    point(r, c);
    now = [r, c];
    cells[r][c].focus();
  }
  table.addEventListener("keydown", (event) => {
    let [r, c] = now;
    const same = (to) => cells[r][to] === cells[r][c];
    switch (event.key) {
      case "ArrowUp":
        r--;
        break;
      case "ArrowDown":
        r++;
        break;
      case "ArrowLeft":
        do c--;
        while (c > 0 && same(c) && cells[r][c] === cells[now[0]][now[1]]);
        break;
      case "ArrowRight": {
        const from = cells[r][c];
        do c++;
        while (cells[r][c] === from && c < jacobian.cols);
        break;
      }
      case "Home":
        c = 0;
        break;
      case "End":
        c = jacobian.cols - 1;
        break;
      case "PageUp":
        turn?.(-1);
        event.preventDefault();
        return;
      case "PageDown":
        turn?.(1);
        event.preventDefault();
        return;
      default:
        return;
    }
    event.preventDefault();
    go(r, c);
  });
  // Other values in the same places: the symbols stay.
  function refresh(next) {
    for (let r = 0; r < next.rows; r++)
      for (let c = 0; c < next.cols; c++) {
        const cell = cells[r][c];
        if (next.zero(s, r, c)) continue;
        const text = cell.querySelector(".value");
        const value = next.value(s, r, c);
        if (text) text.textContent = number(value);
        if (mode !== "structure" && mode !== "symbols") paint(cell, value, next.largest);
      }
  }
  return { element: table, light, refresh, go: () => cells[now[0]][now[1]].focus() };
}

// Every number's label, to find those that a symbol names.
function labelPlaces(subject) {
  const places = new Map();
  for (const variable of subject.variables)
    for (const [row, labels] of variable.labels.entries())
      for (const [col, label] of labels.entries())
        places.set(label, { name: variable.name, row, col });
  for (const [row, labels] of subject.output.labels.entries())
    for (const [col, label] of labels.entries()) places.set(label, { name: "", row, col });
  return places;
}

function namedIn(symbol) {
  return symbol?.match(/\\?[A-Za-z]+(?:\^\{[^{}]*\})?_\{[^{}]*\}/g) ?? [];
}

// What makes the entry: its output, its variable, softly the numbers in its formula.
function litBy(jacobian, s, r, c) {
  const [n, o] = jacobian.output(s, r);
  const [row, col] = jacobian.place(s, c);
  const soft = namedIn(jacobian.symbol(s, r, c))
    .map((label) => app.places.get(label))
    .filter(Boolean);
  return [
    ...soft.map((place) => ({ ...place, soft: true })),
    { name: "", row: n, col: o },
    { name: app.wrt, row, col },
  ];
}

// The entries that the number of a grid stands behind.
function lightVariable(name, i, j) {
  const jacobian = app.jacobian;
  if (!jacobian || name !== app.wrt || !app.table) return;
  for (let c = 0; c < jacobian.cols; c++) {
    const [row, col] = jacobian.place(state.sample, c);
    if (row !== i || col !== j) continue;
    for (let r = 0; r < jacobian.rows; r++)
      if (!jacobian.zero(state.sample, r, c)) return pointAt(r, c);
  }
}
