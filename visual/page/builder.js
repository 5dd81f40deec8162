// The network as a row of boxes: add, remove, reorder, resize.
function readSpec(word) {
  const [, name, sizes, options] = word.match(/^([^:,]*)(?::([^,]*))?(?:,(.*))?$/);
  return {
    name,
    sizes: sizes ? sizes.split("x") : [],
    options: new Map(
      (options ? options.split(",") : []).map((option) => {
        const [key, value] = option.split("=");
        return [key, value ?? null];
      }),
    ),
  };
}

function writeSpec({ name, sizes, options }) {
  const more = [...options].map(([key, value]) =>
    value === null ? `,${key}` : `,${key}=${value}`,
  );
  return name + (sizes.length ? `:${sizes.join("x")}` : "") + more.join("");
}

function moduleRow(name) {
  return app.modules.find((row) => row.name === name);
}

// The boxes with all their sizes: those left out are taken from what the engine inferred.
function boxes() {
  const known = app.subject?.modules ?? [];
  return state.spec.map((word, k) => {
    const box = readSpec(word);
    const row = moduleRow(box.name);
    if (row && box.sizes.length < row.nsize && known.length === state.spec.length)
      box.sizes = readSpec(known[k]).sizes;
    return box;
  });
}

// Sizes that the neighbour gives are left out, so that a change runs through the network.
function takeBoxes(list, focus) {
  state.spec = list.map((box, k) => {
    const row = moduleRow(box.name);
    const inferred = k > 0 && row && !row.fixed && box.sizes.length === row.nsize && row.nsize > 0;
    return writeSpec(inferred ? { ...box, sizes: box.sizes.slice(1) } : box);
  });
  state.define = null;
  state.wrt = null;
  state.form = null;
  state.sample = 0;
  state.at = [0, 0];
  update({ network: true });
  if (focus) document.querySelector(focus)?.focus();
}

function freshBox(name, first) {
  const row = moduleRow(name);
  const box = readSpec(row.example);
  box.options.delete("bias");
  if (!first && !row.fixed && row.nsize > 0) box.sizes = box.sizes.slice(1);
  return box;
}

function optionFields(box, k, row) {
  return row.options.map((option) => {
    const change = (value) => {
      const list = boxes();
      if (value === null || value === "") list[k].options.delete(option.name);
      else list[k].options.set(option.name, option.value === null ? null : value);
      takeBoxes(list, `#option-${k}-${option.name}`);
    };
    const id = `option-${k}-${option.name}`;
    const given = box.options.has(option.name);
    const input =
      option.value === null
        ? h("input", {
            id,
            type: "checkbox",
            checked: given,
            onchange: (e) => change(e.target.checked ? "on" : null),
          })
        : h("input", {
            id,
            class: "option",
            value: given ? box.options.get(option.name) : "",
            placeholder: option.value,
            onchange: (e) => change(e.target.value.trim()),
          });
    return h("label", { class: "option", title: option.help }, input, " ", option.name);
  });
}

function sizeFields(box, k, count) {
  return box.sizes.map((size, place) => [
    place > 0 && h("span", { class: "times", "aria-hidden": "true" }, "×"),
    h("input", {
      type: "number",
      class: "size",
      id: `size-${k}-${place}`,
      min: "1",
      max: "400",
      value: size,
      "aria-label": `${box.name} ${t("size")} ${place + 1}`,
      // What the module before gives is not for this box to say.
      disabled: k > 0 && place === 0 && count > 0,
      onchange: (event) => {
        const list = boxes();
        list[k].sizes[place] = String(
          Math.max(1, Math.min(400, Math.round(Number(event.target.value)) || 1)),
        );
        takeBoxes(list, `#size-${k}-${place}`);
      },
    }),
  ]);
}

function moduleBox(box, k, all) {
  const row = moduleRow(box.name);
  const swap = (other) => {
    const list = boxes();
    if (other === 0 || k === 0) {
      const first = list[Math.min(k, other)].sizes[0];
      [list[k], list[other]] = [list[other], list[k]];
      const box0 = list[0];
      if (box0.sizes.length && !moduleRow(box0.name)?.fixed) box0.sizes[0] = first;
    } else [list[k], list[other]] = [list[other], list[k]];
    takeBoxes(list, `#module-${other}`);
  };
  const select = h(
    "select",
    {
      id: `module-${k}`,
      "aria-label": `${t("module")} ${k + 1}`,
      onchange: (event) => {
        const list = boxes();
        const before = list[k].sizes;
        list[k] = freshBox(event.target.value, k === 0);
        const chosen = moduleRow(event.target.value);
        if (k === 0 && before.length && chosen.nsize > 0 && !chosen.fixed)
          list[k].sizes[0] = before[0];
        takeBoxes(list, `#module-${k}`);
      },
    },
    row ? null : h("option", { value: box.name, selected: true }, box.name),
    app.modules.map((other) =>
      h("option", { value: other.name, selected: other.name === box.name }, other.name),
    ),
  );
  const button = (name, sign, act, off) =>
    h(
      "button",
      {
        type: "button",
        class: "tiny",
        "aria-label": `${t(name)}: ${box.name}`,
        title: t(name),
        disabled: off,
        onclick: act,
      },
      sign,
    );
  return h(
    "li",
    { class: "module" },
    h(
      "div",
      { class: "module-head" },
      select,
      h("span", { class: "sizes" }, sizeFields(box, k, row && !row.fixed ? 1 : 0)),
    ),
    h(
      "div",
      { class: "module-foot" },
      row ? optionFields(box, k, row) : [],
      h(
        "span",
        { class: "buttons" },
        all.length > 1 && button("left", "←", () => swap(k - 1), k === 0),
        all.length > 1 && button("right", "→", () => swap(k + 1), k === all.length - 1),
        all.length > 1 &&
          button("remove", "×", () => {
            const list = boxes();
            const [gone] = list.splice(k, 1);
            if (k === 0 && !moduleRow(list[0].name)?.fixed && list[0].sizes.length)
              list[0].sizes[0] = gone.sizes[0] ?? list[0].sizes[0];
            takeBoxes(list, `#module-${Math.max(0, k - 1)}`);
          }),
      ),
    ),
  );
}

function arrow(name, dims) {
  return h(
    "li",
    { class: "flow" },
    h("span", null, name),
    h("span", { class: "dims" }, dims),
    h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
  );
}

const EXAMPLES = [
  ["exLinear", "spec=linear:3x2"],
  ["exBatch", "spec=linear:3x2&batch=3&wrt=W"],
  ["exSoftmax", "spec=softmax:3&set=z=1 2 3"],
  ["exNetwork", "spec=linear:3x4,bias tanh linear:2 cross-entropy&wrt=W1&view=chain"],
  ["exConv", "spec=conv1d:2x1x2,length=4&wrt=z"],
  ["exNorm", "spec=batch-norm:2&batch=3"],
  ["exAttention", "spec=attention:2x2&batch=3&wrt=Q"],
  ["exLarge", "spec=linear:24x12&wrt=W"],
];

function renderBuilder() {
  const list = boxes();
  const input = app.subject?.variables.find((variable) => variable.role === "data");
  const values = app.subject?.output.values;
  $("network").replaceChildren(
    arrow(t("input"), input ? `${state.batch} × ${input.dims.at(-1)}` : ""),
    ...(state.define
      ? [h("li", { class: "module" }, h("code", null, state.define))]
      : list
          .map((box, k) => [
            k > 0
              ? h(
                  "li",
                  { class: "flow", "aria-hidden": "true" },
                  h("span", { class: "arrow" }, "→"),
                )
              : null,
            moduleBox(box, k, list),
          ])
          .flat()
          .filter(Boolean)),
    h(
      "li",
      { class: "flow" },
      h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
      h("span", null, t("output")),
      h("span", { class: "dims" }, values ? `${values.length} × ${values[0].length}` : ""),
    ),
  );
  $("network-tools").replaceChildren(
    h(
      "label",
      { class: "field" },
      h("span", { class: "label" }, t("add")),
      h(
        "select",
        {
          id: "add-module",
          onchange: (event) => {
            const next = boxes();
            next.push(freshBox(event.target.value, false));
            takeBoxes(next, "#add-module");
          },
        },
        h("option", { value: "", selected: true, disabled: true }, t("choose")),
        app.modules.map((row) => h("option", { value: row.name }, row.name)),
      ),
    ),
    h(
      "label",
      { class: "field" },
      h("span", { class: "label" }, t("batch")),
      h("input", {
        type: "number",
        id: "batch",
        min: "1",
        max: "100",
        value: state.batch,
        onchange: (event) => {
          state.batch = Math.max(1, Math.min(100, Math.round(Number(event.target.value)) || 1));
          state.form = null;
          state.sample = 0;
          update({ network: true });
          $("batch").focus();
        },
      }),
    ),
    h(
      "label",
      { class: "field" },
      h("span", { class: "label" }, t("examples")),
      h(
        "select",
        {
          id: "examples",
          onchange: (event) => {
            readState(EXAMPLES[event.target.value][1].replaceAll(" ", "+"));
            update({ network: true });
            $("examples").focus();
          },
        },
        h("option", { value: "", selected: true, disabled: true }, t("choose")),
        EXAMPLES.map(([name], k) => h("option", { value: k }, t(name))),
      ),
    ),
  );
}
