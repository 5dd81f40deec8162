// The view of the Jacobian itself: what to show, the table or the heat map, its story.
function pointAt(r, c) {
  const jacobian = app.jacobian;
  if (!jacobian) return;
  state.at = [Math.min(r, jacobian.rows - 1), Math.min(c, jacobian.cols - 1)];
  app.table?.light(...state.at);
  lightGrids(litBy(jacobian, state.sample, ...state.at));
  if (state.tab === "explore") renderDetail();
  if (state.tab === "check") renderCurve();
  writeState();
}

function turnTo(sample) {
  const last = app.jacobian.slices - 1;
  state.sample = Math.min(Math.max(0, sample), last);
  renderJacobian();
  app.table.go?.();
}

function renderControls() {
  const names = app.subject.variables;
  const forms = app.subject.forms.map((form) => ({
    value: form.name,
    text: form.name === "batch" ? t("batchForm") : t(form.name),
    why: form.why ? t("notHere") + form.why : null,
  }));
  const network = !app.jacobian?.symbolic;
  $("controls").replaceChildren(
    choice(
      t("wrt"),
      names.map((v) => ({ value: v.name, text: v.name })),
      app.wrt,
      (value) => {
        Object.assign(state, { wrt: value, at: [0, 0] });
        update({ controls: true });
      },
      "wrt",
    ),
    choice(
      t("form"),
      forms,
      app.form,
      (value) => {
        Object.assign(state, { form: value, at: [0, 0], sample: 0 });
        update({ controls: true });
      },
      "form",
    ),
    choice(
      t("entries"),
      [
        ["numbers", "eNumbers"],
        ["symbols", "eSymbols"],
        ["both", "eBoth"],
        ["structure", "eStructure"],
      ].map(([value, name]) => ({
        value,
        text: t(name),
        why: network && (value === "symbols" || value === "both") ? t("noSymbols") : null,
      })),
      entriesMode(),
      (value) => {
        state.entries = value;
        update({ controls: true });
      },
      "entries",
    ),
    names.find((v) => v.name === app.wrt)?.dims.length > 1 &&
      names.find((v) => v.name === app.wrt).role === "parameter"
      ? choice(
          t("order"),
          [
            { value: "F", text: t("orderF") },
            { value: "C", text: t("orderC") },
          ],
          state.order,
          (value) => {
            // Values of three dimensions are written in the numbering: they are taken along.
            const values = new Map(app.subject.variables.map((v) => [v.name, v]));
            state.order = value;
            for (const name of state.set.keys())
              state.set.set(name, valuesText(values.get(name), values.get(name).values));
            update({ controls: true });
          },
          "order",
        )
      : "",
  );
}

function entriesMode() {
  if (app.jacobian?.symbolic || state.entries === "structure") return state.entries;
  return "numbers";
}

// A network says which module: "batch-norm:2: mean and variance ...".
function reasonText(reason) {
  const at = reason.lastIndexOf(": ") + 1;
  return at > 0 ? `${reason.slice(0, at)} ${t(reason.slice(at + 1))}` : t(reason);
}

function renderStory() {
  const jacobian = app.jacobian;
  const parts = [];
  const definition = h("p", { class: "definition" }, math(app.subject.definition ?? ""));
  if (app.subject.where) definition.append(h("span", { class: "where" }, math(app.subject.where)));
  if (app.subject.definition) parts.push(definition);
  const words = [
    jacobian.rows === 1
      ? t("shapeOne", jacobian.cols, app.wrt)
      : t("shape", jacobian.rows, jacobian.cols, app.wrt),
  ];
  if (jacobian.slices > 1) words.push(t("shapeBatch", jacobian.slices));
  if (jacobian.always > 0) words.push(t("zeros", jacobian.always, jacobian.count));
  if (app.subject.reason) words.push(t("coupled", reasonText(app.subject.reason)));
  if (!jacobian.symbolic && state.entries !== "numbers" && state.entries !== "structure")
    words.push(t("noSymbols"));
  parts.push(h("p", { class: "story" }, words.join(" ")));
  $("story").replaceChildren(...parts);
}

function renderSlider() {
  const { slices } = app.jacobian;
  const place = $("samples");
  place.hidden = slices < 2;
  if (slices < 2) return;
  const value = h("output", null, `${state.sample + 1} ${t("ofN")} ${slices}`);
  const slider = h("input", {
    type: "range",
    id: "sample",
    min: "1",
    max: slices,
    value: state.sample + 1,
    oninput: () => {
      state.sample = Number(slider.value) - 1;
      value.textContent = `${state.sample + 1} ${t("ofN")} ${slices}`;
      renderTable();
    },
  });
  place.replaceChildren(h("label", { for: "sample" }, t("sample")), slider, value);
}

function renderTable() {
  const jacobian = app.jacobian;
  const large = jacobian.rows * jacobian.cols > TABLE_LIMIT;
  const label = `${t("explore")}: ∂/∂${app.wrt}, ${jacobian.rows} × ${jacobian.cols}`;
  const options = {
    mode: entriesMode(),
    sample: state.sample,
    label,
    corner: cornerOf(),
    point: pointAt,
    turn: (by) => jacobian.slices > 1 && turnTo(state.sample + by),
  };
  app.table = large ? heatMap(jacobian, options) : jacobianTable(jacobian, options);
  app.table.key = tableKey();
  const behind = Math.min(2, jacobian.slices - 1 - state.sample);
  $("table").className = `stack behind-${behind}`;
  $("table").replaceChildren(h("div", { class: large ? "" : "scroller" }, app.table.element));
  $("table-note").textContent = large ? t("largeNote", jacobian.count) : "";
  pointAt(...state.at);
}

function cornerOf() {
  const variable = app.subject.variables.find((v) => v.name === app.wrt);
  const short = variable.role === "parameter" && app.wrt.length === 1 ? app.wrt : variable.symbol;
  return partial(app.subject.output.symbol, short);
}

// What must be equal for a table to take other values without being built anew.
function tableKey() {
  return JSON.stringify([
    state.spec,
    state.define,
    state.batch,
    app.wrt,
    app.form,
    state.order,
    entriesMode(),
    state.sample,
    language,
  ]);
}

function renderJacobian() {
  const jacobian = app.jacobian;
  $("jacobian-panel").hidden = !jacobian;
  if (!jacobian) return;
  if (app.table?.key === tableKey() && $("table").contains(app.table.element)) {
    app.table.refresh(jacobian);
    pointAt(...state.at);
    return;
  }
  renderStory();
  renderSlider();
  renderTable();
}
