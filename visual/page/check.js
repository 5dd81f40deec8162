// Whether the Jacobian is right: references, the step of a finite difference, a formula of
// one's own.
function renderCheck() {
  const answer = app.ask(question("check", { wrt: app.wrt }));
  if (answer.error) return $("references").replaceChildren(h("p", { class: "bad" }, answer.error));
  $("references").replaceChildren(
    ...answer.check.map((result) => {
      const good = result.verdict === "agrees";
      return h(
        "article",
        { class: `reference ${good ? "good" : "off"}` },
        h("h3", null, t(result.against)),
        h("p", { class: "verdict" }, `${good ? "✓" : "✗"} ${t(result.verdict)}`),
        h("p", null, `${t("largestError")}: `, h("strong", null, number(result.max_abs_error, 2))),
        result.worst
          ? h(
              "p",
              { class: "muted" },
              `${t("worst")}: `,
              math(partial(result.worst.row, result.worst.column)),
              ` ${number(result.worst.jacobian)}, ${number(result.worst.reference)}`,
            )
          : null,
      );
    }),
  );
  renderCurve();
}

const curveView = { step: 20 };
const LOW = -17;
const HIGH = 1;

function errors(curve, list) {
  return list.map((value) =>
    typeof value === "number" && typeof curve.jacobian === "number"
      ? Math.abs(value - curve.jacobian)
      : NaN,
  );
}

function line(steps, list, x, y) {
  return list
    .map((error, k) =>
      Number.isFinite(error)
        ? `${x(Math.log10(steps[k]))},${y(error > 0 ? Math.log10(error) : LOW)}`
        : null,
    )
    .filter(Boolean)
    .join(" ");
}

function curvePicture(curve, central, forward) {
  const x = (power) => 60 + ((power + 15) / 15) * 560;
  const y = (power) => 20 + ((HIGH - Math.min(HIGH, Math.max(LOW, power))) / (HIGH - LOW)) * 240;
  const marks = [];
  for (let power = -15; power <= 0; power += 3)
    marks.push(
      svg("line", { x1: x(power), x2: x(power), y1: 20, y2: 260, class: "gridline" }),
      svg(
        "text",
        { x: x(power), y: 280, "text-anchor": "middle" },
        power === 0 ? "1" : `1e${power}`.replace("-", "−"),
      ),
    );
  for (let power = -16; power <= 0; power += 4)
    marks.push(
      svg("line", { x1: 60, x2: 620, y1: y(power), y2: y(power), class: "gridline" }),
      svg(
        "text",
        { x: 52, y: y(power) + 4, "text-anchor": "end" },
        power === 0 ? "1" : `1e${power}`.replace("-", "−"),
      ),
    );
  const at = x(Math.log10(curve.steps[curveView.step]));
  const dot = (list, name) => {
    const error = list[curveView.step];
    return Number.isFinite(error)
      ? svg("circle", { cx: at, cy: y(error > 0 ? Math.log10(error) : LOW), r: 6, class: name })
      : "";
  };
  return svg(
    "svg",
    { viewBox: "0 0 640 300", class: "curve", role: "img", "aria-label": t("curveTitle") },
    marks,
    svg("text", { x: 620, y: 296, "text-anchor": "end" }, t("stepH")),
    svg("text", { x: 60, y: 12 }, t("errorOf")),
    svg("polyline", { points: line(curve.steps, forward, x, y), class: "forward" }),
    svg("polyline", { points: line(curve.steps, central, x, y), class: "central" }),
    svg("line", { x1: at, x2: at, y1: 20, y2: 260, class: "now" }),
    dot(forward, "forward"),
    dot(central, "central"),
  );
}

function renderCurve() {
  const jacobian = app.jacobian;
  const place = $("curve");
  if (!jacobian) return place.replaceChildren();
  const [s, r, c] = [state.sample, ...state.at];
  const curve = app.ask(
    question("curve", { wrt: app.wrt, form: app.form, slice: s, row: r, col: c }),
  );
  if (curve.error) return place.replaceChildren(h("p", { class: "bad" }, curve.error));
  const central = errors(curve, curve.central);
  const forward = errors(curve, curve.forward);
  const finite = central.map((error) => (Number.isFinite(error) ? error : Infinity));
  const best = finite.indexOf(Math.min(...finite));
  const straight = finite
    .slice(0, 5)
    .every((error) => error < 1e-12 * Math.max(1, Math.abs(curve.jacobian)));
  const picture = h("div");
  const says = h("p", { class: "says", role: "status" });
  const slider = h("input", {
    type: "range",
    id: "step",
    min: "0",
    max: "60",
    value: 60 - curveView.step,
    "aria-valuetext": number(curve.steps[curveView.step], 2),
    oninput: () => {
      curveView.step = 60 - Number(slider.value);
      slider.setAttribute("aria-valuetext", number(curve.steps[curveView.step], 2));
      draw();
    },
  });
  function draw() {
    const k = curveView.step;
    picture.replaceChildren(curvePicture(curve, central, forward));
    const near = central[k] <= 30 * finite[best] + 1e-14;
    const story = straight ? "curveExact" : near ? "best" : k < best ? "truncation" : "rounding";
    says.replaceChildren(
      h("strong", null, `h = ${number(curve.steps[k], 2)}`),
      ` · ${t("central")}: ${number(curve.central[k], 8)}, ${t("errorOf")} ${number(central[k], 2)}`,
      ` · ${t("forwardD")}: ${number(curve.forward[k], 8)}, ${t("errorOf")} ${number(forward[k], 2)}`,
      h("br"),
      t(story),
    );
  }
  draw();
  const options = [];
  for (let i = 0; i < jacobian.rows && options.length < 400; i++)
    for (let j = 0; j < jacobian.cols && options.length < 400; j++)
      if (!jacobian.zero(s, i, j) || (i === r && j === c))
        options.push(
          h(
            "option",
            { value: `${i},${j}`, selected: i === r && j === c },
            `∂ ${spoken(jacobian.row(s, i))} / ∂ ${spoken(jacobian.col(s, j))}`,
          ),
        );
  const focused = document.activeElement?.id;
  place.replaceChildren(
    h(
      "div",
      { class: "row" },
      h(
        "label",
        { class: "field" },
        h("span", { class: "label" }, t("curveEntry")),
        h(
          "select",
          {
            id: "curve-entry",
            onchange: (event) => pointAt(...event.target.value.split(",").map(Number)),
          },
          options,
        ),
      ),
      h(
        "span",
        null,
        math(
          partial(jacobian.row(s, r), jacobian.col(s, c)),
          "=",
          m("mn", number(curve.jacobian, 8)),
        ),
      ),
    ),
    picture,
    h(
      "div",
      { class: "under-curve" },
      h("label", { for: "step", class: "label" }, t("stepH")),
      slider,
    ),
    h(
      "p",
      { class: "key" },
      h("span", { class: "swatch central" }),
      t("central"),
      h("span", { class: "swatch forward" }),
      t("forwardD"),
    ),
    says,
  );
  if (focused === "curve-entry") $(focused).focus();
}

function judgeClaim(event) {
  event.preventDefault();
  const claim = $("claim").value.trim();
  const place = $("claim-answer");
  if (claim === "") return place.replaceChildren();
  const answer = app.ask(question("claim", { wrt: app.wrt, claim }));
  if (answer.error) return place.replaceChildren(h("p", { class: "bad" }, answer.error));
  const [result] = answer.check;
  const good = result.verdict === "agrees";
  place.replaceChildren(
    h(
      "p",
      { class: good ? "verdict good" : "verdict off" },
      `${good ? "✓" : "✗"} ${t(good ? "holds" : "holdsNot")}`,
    ),
    result.diagnosis ? h("p", null, result.diagnosis) : "",
    !good && result.worst
      ? h(
          "p",
          { class: "muted" },
          `${t("worst")}: `,
          math(partial(result.worst.row, result.worst.column)),
          ` ${number(result.worst.jacobian)} ≠ ${number(result.worst.reference)}`,
        )
      : "",
  );
}
