// The page as a whole: one update from the state to everything that is seen.
const app = {
  ask: null,
  modules: [],
  subject: null,
  previous: null,
  wrt: null,
  form: null,
  jacobian: null,
  differences: null,
  table: null,
  places: new Map(),
};
const symbolCache = new Map();

// Values that no longer fit (the network changed) are let go of, one by one.
function openSubject() {
  const ask = (more) => app.ask(question("open", more));
  let opened = ask({ wrt: state.wrt });
  if (opened.error && state.wrt !== null && !ask({}).error) {
    state.wrt = null;
    opened = ask({});
  }
  if (opened.error && state.set.size > 0) {
    const all = [...state.set];
    state.set = new Map();
    if (!ask({ wrt: state.wrt }).error)
      for (const [name, values] of all) {
        state.set.set(name, values);
        if (ask({ wrt: state.wrt }).error) state.set.delete(name);
      }
    else state.set = new Map(all);
    opened = ask({ wrt: state.wrt });
  }
  if (opened.error) return opened;
  if (state.wrt === null) {
    const first =
      opened.variables.find((v) => /^W/.test(v.name)) ??
      opened.variables.find((v) => !v.secondary) ??
      opened.variables[0];
    app.wrt = first.name;
    opened = ask({ wrt: app.wrt });
  } else app.wrt = state.wrt;
  return opened;
}

function entryCount(subject) {
  const variable = subject.variables.find((v) => v.name === app.wrt);
  const size = variable.values.length * variable.values[0].length;
  return subject.output.values.length * subject.output.values[0].length * size;
}

function askJacobian() {
  const key = JSON.stringify([
    state.spec,
    state.define,
    state.size,
    state.batch,
    app.wrt,
    app.form,
    state.order,
  ]);
  const small = entryCount(app.subject) <= 4 * TABLE_LIMIT;
  const known = symbolCache.get(key);
  const answer = app.ask(
    question("jacobian", {
      wrt: app.wrt,
      form: app.form,
      entries: small && known === undefined ? "both" : "numbers",
    }),
  );
  if (answer.error) return answer;
  // Symbols are the same for all values: they are asked for once.
  if (small && known === undefined)
    symbolCache.set(key, answer.show.symbols?.flat(Infinity) ?? null);
  return makeJacobian(answer, symbolCache.get(key) ?? undefined);
}

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

function update(what = {}) {
  const opened = openSubject();
  if (opened.error) {
    problem(opened.error);
    renderBuilder();
    return;
  }
  app.previous = app.subject;
  app.subject = opened;
  app.differences = null;
  const allowed = opened.forms.filter((form) => !form.why).map((form) => form.name);
  app.form = allowed.includes(state.form) ? state.form : opened.form;
  if (entryCount(opened) > 400000) problem(t("tooLarge", entryCount(opened)));
  else problem("");
  const jacobian = entryCount(opened) > 400000 ? null : askJacobian();
  if (jacobian?.error) problem(jacobian.error);
  app.jacobian = jacobian?.error ? null : jacobian;
  if (app.jacobian) {
    state.sample = Math.min(state.sample, app.jacobian.slices - 1);
    state.at = [
      Math.min(state.at[0], app.jacobian.rows - 1),
      Math.min(state.at[1], app.jacobian.cols - 1),
    ];
  }
  const sameShape =
    app.previous &&
    JSON.stringify(app.previous.variables.map((v) => [v.name, v.dims])) ===
      JSON.stringify(opened.variables.map((v) => [v.name, v.dims]));
  const gridsStay = sameShape && (what.values || what.numbers || what.controls) && grids.size > 0;
  app.places = labelPlaces(opened);
  if (gridsStay) refreshGrids();
  else renderGrids();
  if (!what.values && !what.numbers && !what.controls) renderBuilder();
  if (!what.values && app.jacobian) renderControls();
  renderView();
  writeState();
}

function renderView() {
  for (const tab of TABS) {
    $(`view-${tab}`).hidden = tab !== state.tab;
    $(`tab-${tab}`).setAttribute("aria-selected", String(tab === state.tab));
    $(`tab-${tab}`).tabIndex = tab === state.tab ? 0 : -1;
  }
  $("jacobian-panel").hidden = !app.jacobian;
  if (!app.jacobian) return;
  if (state.tab === "explore") renderJacobian();
  else app.table = null;
  if (state.tab === "chain") renderChain();
  if (state.tab === "check") renderCheck();
  if (state.tab === "mistake") renderMistake();
  if (state.tab !== "explore") lightGrids([]);
  // The right Jacobian is no help in finding what is wrong with another.
  $("take").hidden = state.tab === "mistake";
  renderCopy();
}

function translate() {
  document.documentElement.lang = ["en", "fr"][language];
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]"))
    element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", t(element.dataset.label));
}

function startTabs() {
  $("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    state.tab = tab.id.replace("tab-", "");
    renderView();
    writeState();
  });
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    state.tab = TABS[(TABS.indexOf(state.tab) + step + TABS.length) % TABS.length];
    renderView();
    writeState();
    $(`tab-${state.tab}`).focus();
  });
}

function startButtons() {
  $("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    app.table?.redraw?.();
    if (state.tab === "chain") renderChain();
  });
  $("language").addEventListener("click", () => {
    language = 1 - language;
    translate();
    if (app.subject) update({ network: true });
  });
  $("share").addEventListener("click", (event) => {
    const address = `${location.href.split("#")[0]}#${fragment()}`;
    history.replaceState(null, "", address);
    copy(address, event.currentTarget);
  });
  $("draw").addEventListener("click", () => {
    state.seed++;
    state.set = new Map();
    update({ numbers: true });
  });
  $("simple").addEventListener("click", simpleNumbers);
  $("claim-form").addEventListener("submit", judgeClaim);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    app.table?.redraw?.(),
  );
  addEventListener("hashchange", () => {
    if (location.hash.slice(1) === fragment()) return;
    readState(location.hash);
    update();
  });
}

async function unpack() {
  const packed = Uint8Array.from(atob($("engine").textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

async function start() {
  language = /^fr/i.test(navigator.language) ? 1 : 0;
  translate();
  // The command puts its words there; a page that no command wrote has none.
  const words = $("start").textContent.trim();
  readState(location.hash.length > 1 || words[0] === "@" ? location.hash : words);
  startTabs();
  startButtons();
  document.querySelector(".what").open = innerWidth > 700;
  try {
    const engine = await startEngine(await unpack());
    app.ask = (words) => engine(words, language);
  } catch (error) {
    problem(t("noEngine") + error.message);
    $("loading").hidden = true;
    return;
  }
  app.modules = app.ask({ ask: "modules" }).modules;
  $("loading").hidden = true;
  $("main").hidden = false;
  update();
  document.documentElement.dataset.ready = "yes";
}

start();
