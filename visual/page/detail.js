// One entry explained: what it says, where it comes from, whether it is true.
function partial(top, bottom) {
  const d = () => m("mo", "∂");
  return m("mfrac", m("mrow", d(), ...readLatex(top)), m("mrow", d(), ...readLatex(bottom)));
}

// A text in which %o, %v and %a stand for formulas.
function sentence(name, parts) {
  return t(name)
    .split(/(%[a-z])/)
    .map((piece) => (parts[piece[1]] && piece[0] === "%" ? parts[piece[1]]() : piece));
}

function differencesOf(jacobian, s, r, c) {
  if (jacobian.count <= 4 * TABLE_LIMIT) {
    app.differences ??= app.ask(question("differences", { wrt: app.wrt, form: app.form }));
    if (!app.differences.error)
      return { value: app.differences.values[s][r][c], error: app.differences.errors[s][r][c] };
  }
  const curve = app.ask(
    question("curve", { wrt: app.wrt, form: app.form, slice: s, row: r, col: c }),
  );
  return { value: curve.central?.[20] ?? NaN, error: NaN };
}

function entryParts(jacobian, s, r, c) {
  const value = jacobian.value(s, r, c);
  return {
    o: () => math(jacobian.row(s, r)),
    v: () => math(jacobian.col(s, c)),
    a: () => h("strong", null, number(Math.abs(value))),
  };
}

function meaning(jacobian, s, r, c) {
  const value = jacobian.value(s, r, c);
  if (jacobian.zero(s, r, c)) return "alwaysZero";
  if (value === 0) return "zeroHere";
  return value < 0 ? "falls" : "grows";
}

function renderDetail() {
  const jacobian = app.jacobian;
  const place = $("detail");
  if (!jacobian) return place.replaceChildren(h("p", { class: "muted" }, t("pick")));
  const [s, r, c] = [state.sample, ...state.at];
  const value = jacobian.value(s, r, c);
  const symbol = jacobian.symbol(s, r, c);
  const parts = entryParts(jacobian, s, r, c);
  const formula = math(partial(jacobian.row(s, r), jacobian.col(s, c)), "=");
  if (symbol !== undefined && symbol !== String(value))
    formula.append(...readLatex(symbol), ...readLatex("="));
  formula.append(m("mn", number(value, 5)));
  const difference = differencesOf(jacobian, s, r, c);
  const apart = Math.abs(difference.value - value);
  const estimate = difference.error > 0 ? ` ± ${number(difference.error, 1)}` : "";
  const words = sentence(meaning(jacobian, s, r, c), parts);
  place.replaceChildren(
    h("p", { class: "formula" }, formula),
    h("p", { class: "says" }, words),
    h(
      "dl",
      { class: "pairs" },
      h("div", null, h("dt", null, t("explicit")), h("dd", null, number(value, 8))),
      h(
        "div",
        null,
        h("dt", null, t("difference")),
        h("dd", null, number(difference.value, 8), h("small", null, estimate)),
      ),
      h("div", null, h("dt", null, t("apart")), h("dd", null, number(apart, 2))),
    ),
    nudge(jacobian, s, r, c, value, parts),
  );
  announce(`${spoken(jacobian.row(s, r))}, ${spoken(jacobian.col(s, c))}: ${number(value)}`);
}

// The entry tried out: the number is really moved, the output really computed.
let nudgeBy = 0.5;
function nudge(jacobian, s, r, c, value, parts) {
  const variable = app.subject.variables.find((other) => other.name === app.wrt);
  const [row, col] = jacobian.place(s, c);
  const [n, o] = jacobian.output(s, r);
  const real = h("output", { class: "bar-value" });
  const says = h("output", { class: "bar-value" });
  const realBar = h("span", { class: "bar" });
  const saysBar = h("span", { class: "bar" });
  const by = h("output", null);
  const slider = h("input", {
    type: "range",
    id: "nudge",
    min: "-1",
    max: "1",
    step: "0.05",
    value: nudgeBy,
    oninput: () => {
      nudgeBy = Number(slider.value);
      move();
    },
  });
  function bar(element, length, largest) {
    element.style.setProperty("--from", `${50 + Math.min(0, (50 * length) / largest)}%`);
    element.style.setProperty("--long", `${Math.min(50, Math.abs((50 * length) / largest))}%`);
    element.classList.toggle("negative", length < 0);
  }
  function move() {
    const rows = variable.values.map((line) => [...line]);
    rows[row][col] += nudgeBy;
    const set = new Map(state.set).set(variable.name, valuesText(variable, rows));
    const moved = app.ask({
      ...question("open"),
      set: [...set].map(([name, values]) => `${name}=${values}`),
    });
    const before = app.subject.output.values[n]?.[o];
    const went = moved.error ? NaN : moved.output.values[n][o] - before;
    const linear = value * nudgeBy;
    const largest = Math.max(Math.abs(went), Math.abs(linear), Math.abs(value), 1e-12) * 1.05;
    by.textContent = number(nudgeBy, 2);
    real.textContent = number(went, 4);
    says.textContent = number(linear, 4);
    bar(realBar, went, largest);
    bar(saysBar, linear, largest);
  }
  move();
  return h(
    "div",
    { class: "nudge" },
    h("label", { for: "nudge" }, sentence("nudge", parts), " ", by),
    slider,
    h(
      "div",
      { class: "bars" },
      h("span", null, sentence("nudgeReal", parts)),
      h("span", { class: "track" }, realBar),
      real,
      h("span", null, t("nudgeLinear")),
      h("span", { class: "track" }, saysBar),
      says,
    ),
  );
}
