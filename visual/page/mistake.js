// 'Find the mistake': a Jacobian with a classic mistake, choices, the explanation.
const game = {
  planted: null,
  draw: 1,
  choices: [],
  tried: new Set(),
  done: false,
  right: 0,
  rounds: 0,
  reveal: false,
  hint: false,
  last: null,
};

function shuffled(list) {
  const copy = [...list];
  for (let k = copy.length - 1; k > 0; k--) {
    const other = Math.floor(Math.random() * (k + 1));
    [copy[k], copy[other]] = [copy[other], copy[k]];
  }
  return copy;
}

// The engine's answer for what is planted; its sentences are in the page's language.
function askPlanted() {
  return app.ask(
    question("mistake", {
      wrt: app.wrt,
      form: app.form,
      mistake: game.planted ?? "",
      draw: game.draw,
    }),
  );
}

function plant() {
  game.draw = 1 + Math.floor(Math.random() * 1e6);
  const last = game.planted;
  game.planted = null;
  const { mistakes } = askPlanted();
  const fresh = (mistakes ?? []).filter((name) => name !== last || mistakes.length === 1);
  Object.assign(game, {
    planted: shuffled(fresh)[0] ?? null,
    tried: new Set(),
    done: false,
    reveal: false,
    hint: false,
    subject: tableSubject(),
  });
  const { choices } = askPlanted();
  game.choices = shuffled((choices ?? []).map(({ name }) => name));
}

function tableSubject() {
  return JSON.stringify([state.spec, state.define, state.batch, app.wrt, app.form, state.order]);
}

function answerMistake(name) {
  if (game.done) return;
  if (name === game.planted) {
    game.done = true;
    game.rounds++;
    if (game.tried.size === 0 && !game.hint) game.right++;
  } else game.tried.add(name);
  game.last = name;
  renderMistake();
  $("verdict-mistake")?.focus();
}

// The entry where the wrong table and the right one are furthest apart.
function worstPlace(wrong) {
  const right = app.jacobian;
  let worst = [0, 0, 0];
  let apart = -1;
  for (let s = 0; s < right.slices; s++)
    for (let r = 0; r < right.rows; r++)
      for (let c = 0; c < right.cols; c++) {
        const distance = Math.abs(right.value(s, r, c) - wrong.value(s, r, c));
        if (distance > apart) [worst, apart] = [[s, r, c], distance];
      }
  return worst;
}

function renderMistake() {
  const place = $("mistake");
  if (game.subject !== tableSubject() || game.planted === null) plant();
  if (game.planted === null || app.jacobian.rows * app.jacobian.cols > TABLE_LIMIT)
    return place.replaceChildren(h("p", { class: "story" }, t("mistakeNone")));
  const planted = askPlanted();
  if (!planted.values) {
    game.planted = null;
    return place.replaceChildren(h("p", { class: "story" }, t("mistakeNone")));
  }
  const said = Object.fromEntries(planted.choices.map(({ name, text }) => [name, text]));
  const wrong = withValues(app.jacobian, planted.values);
  const shown = game.reveal
    ? app.jacobian
    : { ...wrong, largest: Math.max(...planted.values.flat(Infinity).map(Math.abs)) };
  const [s, r, c] = worstPlace(wrong);
  const sample =
    game.hint && !game.reveal && !game.done ? s : Math.min(state.sample, shown.slices - 1);
  const table = jacobianTable(shown, {
    mode: "numbers",
    sample,
    label: t("mistake"),
    corner: cornerOf(),
    point: (row, col) => {
      table.light(row, col);
      lightGrids(litBy(app.jacobian, sample, row, col));
    },
    turn: (by) => {
      state.sample = Math.min(Math.max(0, state.sample + by), shown.slices - 1);
      renderMistake();
    },
  });
  table.light(...(game.hint ? [r, c] : [0, 0]));
  const hint = sentence("hintText", {
    e: () => math(partial(app.jacobian.row(s, r), app.jacobian.col(s, c))),
    s: () => h("strong", null, number(app.jacobian.value(s, r, c))),
    t: () => h("strong", null, number(wrong.value(s, r, c))),
  });
  place.replaceChildren(
    h("p", null, t("mistakeIntro")),
    h("p", { class: "definition" }, math(app.subject.definition ?? "")),
    shown.slices > 1
      ? h(
          "p",
          { class: "muted" },
          `${t("sample")} ${sample + 1} ${t("ofN")} ${shown.slices}`,
          " ",
          h(
            "button",
            {
              type: "button",
              class: "tiny",
              "aria-label": `${t("sample")} −`,
              onclick: () => {
                state.sample = Math.max(0, sample - 1);
                game.hint = false;
                renderMistake();
              },
            },
            "←",
          ),
          h(
            "button",
            {
              type: "button",
              class: "tiny",
              "aria-label": `${t("sample")} +`,
              onclick: () => {
                state.sample = Math.min(shown.slices - 1, sample + 1);
                game.hint = false;
                renderMistake();
              },
            },
            "→",
          ),
        )
      : "",
    h("div", { class: `scroller game${game.reveal ? " right" : ""}` }, table.element),
    h(
      "div",
      { class: "answers", role: "group", "aria-label": t("mistake") },
      game.choices.map((name) =>
        h(
          "button",
          {
            type: "button",
            class:
              game.done && name === game.planted
                ? "answer good"
                : game.tried.has(name)
                  ? "answer off"
                  : "answer",
            disabled: game.tried.has(name) || (game.done && name !== game.planted),
            onclick: () => answerMistake(name),
          },
          said[name],
        ),
      ),
    ),
    h(
      "div",
      { id: "verdict-mistake", tabindex: "-1", role: "status" },
      game.done
        ? [
            h("p", { class: "verdict good" }, `✓ ${t("right2")} ${planted.diagnosis}.`),
            h("p", null, planted.why),
          ]
        : game.tried.size
          ? h("p", { class: "verdict off" }, `✗ ${t("wrong2")}`, hint)
          : game.hint
            ? h("p", null, hint)
            : "",
    ),
    h(
      "div",
      { class: "row" },
      game.done
        ? h(
            "button",
            {
              type: "button",
              class: "main",
              id: "another",
              onclick: () => {
                game.planted ??= "";
                plant();
                renderMistake();
                $("mistake").querySelector(".answer").focus();
              },
            },
            t("another"),
          )
        : h(
            "button",
            {
              type: "button",
              onclick: () => {
                game.hint = true;
                renderMistake();
              },
            },
            t("hint"),
          ),
      game.done
        ? h(
            "button",
            {
              type: "button",
              id: "reveal",
              "aria-pressed": String(game.reveal),
              onclick: () => {
                game.reveal = !game.reveal;
                renderMistake();
                $("reveal").focus();
              },
            },
            t(game.reveal ? "hideRight" : "reveal"),
          )
        : "",
      game.rounds ? h("span", { class: "muted" }, t("score", game.right, game.rounds)) : "",
    ),
  );
}
