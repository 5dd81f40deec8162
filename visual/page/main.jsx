// The page as a whole.
import { Fragment, render } from "preact";
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Chain } from "./chain.jsx";
import { Check } from "./check.jsx";
import { Derivation, derivation } from "./derivation.jsx";
import { engine, jacobian, problem, stale, subject, wrt } from "./derive.js";
import { Entry, EntryLine } from "./entry.jsx";
import { startEngine, unpackEngine } from "./engine.js";
import { Explore } from "./explore.jsx";
import { Geometry } from "./geometry.jsx";
import { Links } from "./links.jsx";
import { Mistake } from "./mistake.jsx";
import { Numbers } from "./numbers.jsx";
import { Announcer, Button, useEdges } from "./parts.jsx";
import { Path, startPath } from "./path.jsx";
import {
  change,
  history_,
  language,
  pointed,
  prefs,
  redo,
  setPrefs,
  startState,
  state,
  ui,
  undo,
  VIEWS,
} from "./state.js";
import { Strip } from "./strip.jsx";
import { CopyButton, copyText, shareLink } from "./take.jsx";
import { t } from "./text.js";
import { Write } from "./write.jsx";

const SHOWN = {
  explore: Explore,
  chain: Chain,
  derive: Derivation,
  geometry: Geometry,
  check: Check,
  mistake: Mistake,
  write: Write,
};

function dark() {
  return prefs.value.theme ? prefs.value.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function Header() {
  const { at, top } = history_.value;
  return (
    <header class="top">
      <h1>
        <svg viewBox="0 0 32 32" class="logo" aria-hidden="true">
          <rect x="2" y="2" width="28" height="28" rx="6" class="logo-back" />
          <rect x="7" y="7" width="8" height="8" rx="1.5" class="logo-a" />
          <rect x="17" y="17" width="8" height="8" rx="1.5" class="logo-b" />
          <rect x="17" y="7" width="8" height="8" rx="1.5" class="logo-c" />
          <rect x="7" y="17" width="8" height="8" rx="1.5" class="logo-c" />
        </svg>
        <span>{t("title")}</span>
      </h1>
      <Tabs />
      <div class="top-buttons">
        <button
          type="button"
          id="path"
          aria-pressed={state.value.task !== null}
          onClick={() => (state.value.task === null ? startPath() : change({ task: null }))}
        >
          {t("path")}
        </button>
        <Button id="undo" off={at < 1} aria-label={t("undo")} title={t("undo")} onClick={undo}>
          ↶
        </Button>
        <Button id="redo" off={at >= top} aria-label={t("redo")} title={t("redo")} onClick={redo}>
          ↷
        </Button>
        <CopyButton id="share" title={t("share")} onCopy={() => copyText(shareLink())}>
          <svg viewBox="0 0 16 16" class="icon" aria-hidden="true">
            <path d="M6.500 9.500l3-3M7 4.500l2-2a3 3 0 0 1 4.500 4.500l-2 2M9 11.500l-2 2a3 3 0 0 1-4.500-4.500l2-2" />
          </svg>
        </CopyButton>
        <button
          type="button"
          id="present"
          title={t("presentHelp")}
          aria-label={t("present")}
          onClick={() => change({ present: true })}
        >
          <svg viewBox="0 0 16 16" class="icon" aria-hidden="true">
            <path d="M1 2h14v9H1zM8 11v2M5 14.500h6" />
          </svg>
        </button>
        <button
          type="button"
          id="language"
          lang={language() ? "en" : "fr"}
          title={t("language")}
          aria-label={`${language() ? "EN" : "FR"}: ${t("language")}`}
          onClick={() => setPrefs({ lang: language() ? "en" : "fr" })}
        >
          {language() ? "EN" : "FR"}
        </button>
        <button
          type="button"
          id="theme"
          aria-label={t("light")}
          title={t("light")}
          onClick={() => setPrefs({ theme: dark() ? "light" : "dark" })}
        >
          ◐
        </button>
      </div>
    </header>
  );
}

const FADE = 32; // px, as layout.css has it

function Tabs() {
  const { view } = state.value;
  const root = useRef(null);
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length];
    change({ view: next });
    requestAnimationFrame(() => document.getElementById(`tab-${next}`).focus());
  };
  useEffect(() => {
    const tab = root.current.querySelector('[aria-selected="true"]');
    const box = root.current;
    const [left, right] = [tab.offsetLeft, tab.offsetLeft + tab.offsetWidth];
    // Whole, and not where the row fades out.
    if (left < box.scrollLeft || right > box.scrollLeft + box.clientWidth - FADE) box.scrollLeft = left - 40;
  }, [view]);
  return (
    <div class="tabs" role="tablist" aria-label={t("views")} onKeyDown={onKeyDown} ref={root}>
      {VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls="view"
          aria-selected={name === view}
          tabIndex={name === view ? 0 : -1}
          onClick={() => change({ view: name })}
        >
          {t(name)}
        </button>
      ))}
    </div>
  );
}

// To project: the parts of the story, one key a step.
function scenes() {
  const list = [
    { view: "explore", entries: "structure", pin: null },
    ...(jacobian.value?.symbolic ? [{ view: "explore", entries: "symbols", pin: null }] : []),
    { view: "explore", entries: "numbers", pin: null },
    { view: "explore", entries: "both", pin: [0, 0] },
  ];
  const modules = subject.value.modules.length;
  for (let k = 0; k <= modules && modules > 1; k++) list.push({ view: "chain", steps: "b".repeat(Math.min(k, 50)) });
  const steps = modules < 2 ? (derivation.value?.steps?.length ?? 0) : 0;
  for (let k = 1; k <= steps; k++) list.push({ view: "derive", upto: k });
  if (jacobian.value?.cols > 1) list.push({ view: "geometry" });
  return list;
}
const sceneAt = (list) =>
  list.findLastIndex((scene) =>
    Object.entries(scene).every(([name, value]) => JSON.stringify(state.value[name]) === JSON.stringify(value)),
  );

function stepScene(by) {
  const list = scenes();
  const next = list[Math.min(list.length - 1, Math.max(0, sceneAt(list) + by))];
  change(next);
}

// What has been typed in a field is the field's own to undo, until another step is shown.
let typed = null;
function watchTyping() {
  addEventListener("input", (event) => (typed = event.target));
  addEventListener("popstate", () => (typed = null));
}

function onKey(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName ?? "") && event.target.type !== "range";
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
    if (typing && !event.target.classList.contains("cell") && typed === event.target) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
    return;
  }
  if (event.key === "Escape") {
    pointed.value = null;
    if (ui.value.panel || ui.value.box !== null) ui.value = { ...ui.value, panel: null, box: null };
    else if (state.value.present) change({ present: false });
    else if (state.value.pin) change({ pin: null });
    return;
  }
  if (state.value.present && !typing && event.target.getAttribute?.("role") !== "tab") {
    const by = { PageDown: 1, ArrowRight: 1, " ": 1, PageUp: -1, ArrowLeft: -1 }[event.key];
    if (!by || event.target.closest?.("table, .choice, button")) return;
    event.preventDefault();
    stepScene(by);
  }
}

// What had the focus may go, or be hidden, with the change that it made: the view takes it
// over. Who left it by hand is left alone.
let held = null;
const stands = (element) => element.isConnected && element.getClientRects().length > 0;
function keepFocus() {
  if (document.activeElement !== document.body || held === null || stands(held)) return;
  const back = state.value.present ? null : document.getElementById(held.dataset.back ?? "");
  held = null;
  (back ?? document.getElementById("view"))?.focus({ preventScroll: true });
}
function watchFocus() {
  addEventListener("focusin", (event) => (held = event.target));
  addEventListener("focusout", ({ target }) => {
    requestAnimationFrame(() => {
      if (held === target && stands(target) && document.activeElement !== target) held = null;
      else keepFocus();
    });
  });
  effect(() => {
    void [state.value, ui.value, prefs.value];
    requestAnimationFrame(() => requestAnimationFrame(keepFocus));
  });
}

function toTable() {
  const target = ['#table td[tabindex="0"]', "canvas.heat", "#view"]
    .map((s) => document.querySelector(s))
    .find(Boolean);
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

function Problem() {
  const found = problem.value;
  return (
    <p id="problem" class="problem" role="alert" hidden={!found}>
      {found &&
        (found.box !== undefined
          ? `${t("boxWrong", found.box + 1)} ${found.text}`
          : found.text.split("\n").map((line, k) => (
              <Fragment key={k}>
                {k > 0 && <br />}
                {k > 0 ? <code>{line}</code> : line}
              </Fragment>
            )))}
      {found && subject.value && ` ${t("oldKept")}`}
    </p>
  );
}

function App() {
  const stage = useRef(null);
  const page = useRef(null);
  useEdges(page);
  const { view, embed, present, task } = state.value;
  useEffect(() => {
    addEventListener("keydown", onKey);
    // What is drawn in the colours of the scheme is drawn anew.
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => (prefs.value = { ...prefs.value });
    scheme.addEventListener("change", redraw);
    return () => {
      removeEventListener("keydown", onKey);
      scheme.removeEventListener("change", redraw);
    };
  }, []);
  useEffect(() => {
    document.documentElement.lang = language() ? "fr" : "en";
    document.title = t("title");
    document.documentElement.dataset.ready = "yes";
  });
  const View = SHOWN[view];
  const mode = embed ? " embed" : present ? " present" : "";
  if (!subject.value)
    return (
      <div class={`page${mode}`} ref={page}>
        <Header />
        <Problem />
        <Strip />
      </div>
    );
  return (
    <div class={`page${mode}`} ref={page}>
      <button type="button" class="skip" id="skip" onClick={toTable}>
        {t("skip")}
      </button>
      {!embed && <Header />}
      {task !== null && !embed && <Path />}
      {!embed && <Strip />}
      <Problem />
      <main class={`stage view-${view}${stale.value ? " stale" : ""}`} ref={stage}>
        <Numbers />
        <section
          class="view"
          id="view"
          role="tabpanel"
          aria-labelledby={embed ? undefined : `tab-${view}`}
          aria-label={embed ? t(view) : undefined}
          tabIndex={-1}
        >
          <View key={`${view} ${wrt.value && ""}`} />
        </section>
        {view === "explore" && jacobian.value && (
          <aside class={`entry${ui.value.sheet ? " up" : ""}`} aria-labelledby="title-entry">
            <button
              type="button"
              class="sheet-line"
              aria-expanded={Boolean(ui.value.sheet)}
              onClick={() => (ui.value = { ...ui.value, sheet: !ui.value.sheet })}
            >
              <span class="offscreen">
                {t("entry")}
                {t("colon")}{" "}
              </span>
              <EntryLine />
              <span aria-hidden="true">{ui.value.sheet ? "▾" : "▴"}</span>
            </button>
            <h2 id="title-entry">{t("entry")}</h2>
            <div id="detail" class="detail">
              <Entry />
            </div>
          </aside>
        )}
        <Links stage={stage} />
      </main>
      {present && (
        <p class="present-keys">
          {t("presentKeys")}{" "}
          <button type="button" data-back="present" onClick={() => change({ present: false })}>
            {t("close")}
          </button>
        </p>
      )}
      {!embed && (
        <footer class="muted">
          <p class="keys">{t("keys")}</p>
          <p>{t("licence")}</p>
        </footer>
      )}
      <Announcer />
    </div>
  );
}

async function start() {
  const words = document.getElementById("start").textContent.trim();
  // The command puts its words there; a page that no command wrote has none.
  startState(words[0] === "@" ? "" : words);
  const root = document.getElementById("app");
  try {
    engine.value = await startEngine(await unpackEngine(document.getElementById("engine").textContent));
  } catch (error) {
    root.textContent = t("noEngine") + error.message;
    return;
  }
  // Before anything is drawn in its colours.
  effect(() => {
    const { theme } = prefs.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  });
  root.textContent = "";
  render(<App />, root);
  watchFocus();
  watchTyping();
}

start();
