// A hand that knows nothing: clicks, keys, numbers and words without a plan, drawn from a seed.
// Nothing throws, no text says what is for the machine, the focus stays on something, and after
// every few actions the numbers that are visible are the command's.
// node tests/browser/monkey.mjs JACOBIAN MODULES CHROMIUM PAGE
// SEED=1 RUNS=4 ACTIONS=60; what was done is told when something fails.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [command, modules, executablePath, file] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(modules), "node_modules", "x.js"))("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const [first, runs, actions] = ["SEED", "RUNS", "ACTIONS"].map((name, k) => Number(process.env[name] ?? [1, 4, 60][k]));

const SPECS = [
  "linear:3x2,bias",
  "softmax:4",
  "linear:3x4,bias tanh linear:2 cross-entropy",
  "batch-norm:3",
  "attention:2x2",
  "lstm:2x2,steps=2",
  "conv1d:2x1x2,length=4 relu",
  "relu:3",
  "rotate,by=axis",
];
const TEXTS = [
  "1/2",
  "-3.5",
  "0",
  "1e9",
  "x",
  "",
  "1e400",
  "12",
  "tanh(z)",
  "\\frac{1}{2}",
  "s_i(\\delta_{ij} - s_j)",
  "W^T",
];
const KEYS = [
  "Tab",
  "Tab",
  "Tab",
  "Shift+Tab",
  "Enter",
  " ",
  "Escape",
  "ArrowRight",
  "ArrowLeft",
  "ArrowDown",
  "ArrowUp",
].concat(["Home", "End", "PageDown", "Control+z", "Control+y", "Delete"]);

// What a person reads of a number.
function read(text) {
  const power = { "⁻": "-", "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9 };
  return Number(
    text
      .replace(/[\u2007\u2008\s]/g, "")
      .replaceAll("−", "-")
      .replace("∞", "Infinity")
      .replace(/·10(.*)$/, (_, up) => `e${[...up].map((c) => power[c]).join("")}`),
  );
}

// The state in the address as words for `show`, or null where it shows no plain table.
function wordsOf(url) {
  const state = new URLSearchParams(new URL(url).hash.slice(1));
  if (!["explore", null].includes(state.get("view")) || ["symbols", "structure"].includes(state.get("entries")))
    return null;
  const words = state.has("define")
    ? ["--define", state.get("define"), ...state.getAll("size").flatMap((s) => ["--size", s])]
    : (state.get("spec") ?? "linear:3x2").split(" ");
  for (const name of ["batch", "wrt", "form", "order", "seed"])
    if (state.has(name)) words.push(`--${name}`, state.get(name));
  for (const set of state.getAll("set")) words.push("--set", set);
  return { words, sample: Number(state.get("sample") ?? 1), sets: state.has("set") };
}

async function compare(page) {
  await page.waitForTimeout(250);
  const asked = wordsOf(page.url());
  const shown = await page.evaluate(() => {
    const table = document.querySelector("#table");
    if (!table?.checkVisibility() || document.querySelector(".dimmed, .stale, #view .error")) return null;
    return {
      wrt: document.querySelector('[data-choice="wrt"] [aria-checked="true"]')?.dataset.value,
      rows: [...table.querySelectorAll("tbody tr")].map((row) =>
        [...row.querySelectorAll("td")].flatMap((td) =>
          Array(td.colSpan).fill((td.querySelector(".value") ?? td).innerText),
        ),
      ),
    };
  });
  if (asked === null || shown === null || shown.rows.length === 0) return false;
  if (!asked.words.includes("--wrt") && shown.wrt) asked.words.push("--wrt", shown.wrt);
  let theirs;
  try {
    const text = execFileSync(command, ["show", ...asked.words, "--format", "json", "--entries", "numbers"], {
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
    });
    theirs = JSON.parse(text);
  } catch {
    return false; // a value or a form that no longer fits: the page says so beside it
  }
  if (Array.isArray(theirs)) theirs = theirs[0];
  const blocks = theirs.form === "reduced"; // a grid of them, else a slice a sample
  const rows = blocks
    ? theirs.values.map((row) => row.flat())
    : theirs.shape.length > 2
      ? theirs.values[asked.sample - 1]
      : theirs.values;
  if (rows === undefined || rows.length !== shown.rows.length) return false;
  for (const [i, row] of rows.entries())
    for (const [j, value] of row.entries()) {
      const text = shown.rows[i][j];
      const mine = read(text);
      const same = typeof value === "number" ? Math.abs(mine - value) <= 5e-3 * Math.abs(value) + 1e-13 : text !== "";
      assert.ok(same, `${asked.words.join(" ")}: ${i},${j}: ${text} for ${value}`);
    }
  return true;
}

async function play(seed) {
  let state = seed;
  const below = (n) => (state = (state * 48271) % 2147483647) % n;
  const one = (list) => list[below(list.length)];
  for (let k = 0; k < 5; k++) below(2);
  const small = below(3) === 0;
  const context = await browser.newContext({
    viewport: small ? { width: 390, height: 844 } : { width: 1280, height: 720 },
    locale: below(3) === 0 ? "fr-FR" : "en-US",
    offline: true,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(4000);
  const problems = [];
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && problems.push(line.text()));
  page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
  page.on("dialog", (dialog) => dialog.dismiss());
  await page.goto(`file://${resolve(file)}#spec=${one(SPECS).replaceAll(" ", "+")}&batch=${1 + below(3)}`);
  await page.waitForSelector("html[data-ready]");
  const did = [page.url().split("#")[1]];
  let compared = 0;
  try {
    for (let k = 0; k < actions; k++) {
      const kind = below(10);
      let keyed = false;
      if (kind < 5) {
        const what = await page.evaluate((draw) => {
          const list = [
            ...document.querySelectorAll(
              "button, select, summary, a[href^='#'], td, input[type=radio], label, [role=tab], .box",
            ),
          ].filter((e) => e.checkVisibility() && !e.disabled && e.getBoundingClientRect().width > 0);
          const e = list[draw % list.length];
          document.querySelector("[data-monkey]")?.removeAttribute("data-monkey");
          if (!e) return null;
          e.dataset.monkey = "1";
          return `${e.tagName} ${e.id || e.getAttribute("aria-label") || e.innerText.replace(/\s+/g, " ").slice(0, 20)}`;
        }, below(100003));
        did.push(`click ${what}`);
        if (what?.startsWith("SELECT"))
          await page.evaluate((draw) => {
            const select = document.querySelector("[data-monkey]");
            select.focus();
            select.selectedIndex = draw % select.options.length;
            select.dispatchEvent(new Event("input", { bubbles: true }));
            select.dispatchEvent(new Event("change", { bubbles: true }));
          }, below(1000));
        else if (what) {
          const clicked = await page
            .locator("[data-monkey]")
            .first()
            .click({ timeout: 400, noWaitAfter: true })
            .then(
              () => true,
              () => false, // something else lies on it
            );
          keyed = clicked && what.startsWith("BUTTON");
        }
      } else if (kind < 7) {
        const text = one(TEXTS);
        const typed = await page.evaluate((draw) => {
          const list = [
            ...document.querySelectorAll("input:not([type=radio]):not([type=checkbox]):not([type=file]), textarea"),
          ].filter((e) => e.checkVisibility());
          const e = list[draw % list.length];
          e?.focus();
          e?.select?.();
          return e ? e.getAttribute("aria-label") || e.id || e.type : null;
        }, below(100003));
        did.push(`type ${text} into ${typed}`);
        if (typed) {
          await page.keyboard.insertText(text);
          if (below(2)) await page.keyboard.press("Enter");
        }
      } else {
        const key = one(KEYS);
        const held = await page.evaluate(() => document.activeElement !== document.body);
        did.push(`key ${key}`);
        await page.keyboard.press(key);
        keyed = held && !["Tab", "Shift+Tab", "Escape"].includes(key);
      }
      await page.waitForTimeout(30);
      const found = await page.evaluate(() => ({
        body: document.activeElement === document.body,
        ready: document.documentElement.hasAttribute("data-ready"),
        odd: document.body.innerText.match(/.{0,30}(undefined|\[object|null,|NaN[a-z(]).{0,20}/)?.[0] ?? null,
        error: document.querySelector("#view")?.childElementCount === 0,
      }));
      assert.deepEqual(problems, []);
      assert.ok(found.ready, "the page is there");
      assert.equal(found.odd, null);
      // The view takes it over with the next picture.
      if (keyed && found.body)
        await page
          .waitForFunction(() => document.activeElement !== document.body, null, { timeout: 1500 })
          .catch(() => assert.fail("the focus fell to the body"));
      if (k % 5 === 4 && (await compare(page))) compared++;
    }
    assert.deepEqual(problems, []);
  } catch (error) {
    console.log(
      `FAILED: seed ${seed}${small ? ", small" : ""}\n  ${did.slice(-14).join("\n  ")}\n  ${page.url().split("#")[1]}\n${error.message}`,
    );
    return { failed: 1, compared };
  } finally {
    await context.close();
  }
  return { failed: 0, compared };
}

let failed = 0;
let compared = 0;
for (let seed = first; seed < first + runs; seed++) {
  const found = await play(seed);
  failed += found.failed;
  compared += found.compared;
}
await browser.close();
console.log(`${runs} runs of ${actions} actions, ${compared} tables compared, ${failed} failed`);
process.exit(failed ? 1 : 0);
