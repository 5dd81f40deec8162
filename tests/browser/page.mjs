// The page in a real browser, from a file, without network.
// node tests/browser/page.mjs JACOBIAN MODULES CHROMIUM [SCREENSHOTS]
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [command, modules, executablePath, pictures] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "node_modules", "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "page-"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

function jacobian(...words) {
  return execFileSync(command, words, { encoding: "utf8", maxBuffer: 1 << 28 });
}

let written = 0;
function written_by_explore(...words) {
  const file = join(folder, `${written++}.html`);
  jacobian("explore", ...words, "-o", file);
  return `file://${file}`;
}
const blank = written_by_explore();

// A page that fails on console errors, page errors and any request but its own file.
async function open(address, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    locale: "en-US",
    offline: true,
    ...options,
  });
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type())) page.problems.push(line.text());
  });
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) page.problems.push(request.url());
  });
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (text) => void (window.copied = text) },
    });
  });
  await page.goto(address);
  await page.waitForSelector("html[data-ready]");
  return page;
}

async function close(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

const at = (words) => `${blank}#${words.replaceAll(" ", "+")}`;
const cell = (page, r, c) => page.locator(`#table td[data-r="${r}"][data-c="${c}"]`);
const copied = (page) => page.evaluate(() => window.copied);
const choose = (page, group, value) =>
  page.click(`[data-choice="${group}"] [data-value="${value}"]`);

async function copyAs(page, kind) {
  await page.click(`#copy-${kind}`);
  return copied(page);
}

function sameCsv(mine, theirs) {
  const [a, b] = [mine, theirs].map((text) =>
    text
      .trim()
      .split("\n")
      .map((line) => line.match(/("[^"]*"|[^,]+)/g)),
  );
  assert.equal(a.length, b.length);
  for (const [i, row] of a.entries())
    for (const [j, word] of row.entries()) {
      const other = b[i][j];
      if (word === other) continue;
      assert.ok(
        Math.abs(word - other) <= 1e-13 * Math.max(1, Math.abs(other)),
        `${word} and ${other}`,
      );
    }
}

const tests = {
  async "opens on linear:3x2 and copies the command's numbers"() {
    for (const words of [
      ["linear:3x2", "--wrt", "W"],
      ["linear:3x2", "--wrt", "z", "--batch", "2", "--form", "full"],
      ["softmax:4", "--wrt", "z"],
      ["conv1d:2x3x2,length=4,bias", "--wrt", "W", "--order", "C"],
      ["linear:3x4,bias", "tanh", "linear:2", "cross-entropy", "--wrt", "W1", "--batch", "3"],
      ["batch-norm:3", "--wrt", "z", "--batch", "4"],
      ["attention:3x2", "--wrt", "Q", "--batch", "2"],
    ]) {
      const page = await open(written_by_explore(...words));
      sameCsv(await copyAs(page, "CSV"), jacobian("show", ...words, "--format", "csv"));
      await close(page);
    }
  },

  async "is small, and says what may run in it"() {
    const text = readFileSync(blank.replace("file://", ""), "utf8");
    assert.ok(text.length < 1 << 20);
    assert.match(text, /default-src 'none'; script-src 'sha256-[^']*' 'wasm-unsafe-eval'/);
    assert.doesNotMatch(text, /innerHTML|insertAdjacentHTML|document\.write/);
  },

  async "an edit changes the Jacobian, and a bad entry is told and nothing else"() {
    const page = await open(blank);
    const first = page.getByLabel("z[1,1]", { exact: true });
    await first.fill("2.5");
    assert.match(await cell(page, 0, 0).textContent(), /2\.5$/);
    assert.match(await cell(page, 1, 3).textContent(), /2\.5$/);
    await first.fill("abc");
    assert.match(await page.textContent("#bad-z"), /“abc” is not a number: 2\.5 is kept/);
    assert.match(await cell(page, 0, 0).textContent(), /2\.5$/);
    await page.getByLabel("w[1,1]", { exact: true }).focus();
    assert.equal(await first.inputValue(), "2.5");
    await first.fill("0,5");
    assert.match(await cell(page, 0, 0).textContent(), /0\.5$/);
    await close(page);
  },

  async "a table pasted from a spreadsheet fills the grid"() {
    const page = await open(blank);
    const paste = (text) =>
      page.getByLabel("w[1,1]", { exact: true }).evaluate((input, table) => {
        const data = new DataTransfer();
        data.setData("text/plain", table);
        input.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
        );
      }, text);
    await paste("1\t2\n3\t4\n5\t6\n");
    await choose(page, "wrt", "z");
    assert.deepEqual(
      (await copyAs(page, "NumPy")).match(/-?\d+/g).slice(0, 6).map(Number),
      [1, 3, 5, 2, 4, 6],
    );
    await paste("1\t2\t3\n");
    assert.match(await page.textContent("#bad-W"), /1 × 3, 3 × 2 fits/);
    await close(page);
  },

  async "pointing at an entry lights what makes it and explains it"() {
    const page = await open(blank);
    await cell(page, 1, 3).hover();
    assert.equal(await page.locator("#table th.band").count(), 2);
    assert.equal(
      await page.getByLabel("w[1,2]", { exact: true }).getAttribute("class"),
      "cell lit",
    );
    assert.equal(
      await page.getByLabel("z[1,1]", { exact: true }).getAttribute("class"),
      "cell lit-soft",
    );
    assert.match(await page.textContent("#detail .says"), /grows by 0\.813/);
    assert.equal(await page.locator("#detail dd").count(), 3);
    await cell(page, 0, 4).hover();
    assert.match(await page.textContent("#detail .says"), /does not depend/);
    await close(page);
  },

  async "everything with the keyboard"() {
    const page = await open(at("spec=linear:3x2&batch=3&wrt=W"));
    await cell(page, 0, 0).focus();
    for (const key of ["ArrowRight", "ArrowDown", "End"]) await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.c), "5");
    await page.keyboard.press("PageDown");
    assert.match(await page.textContent("#samples output"), /2 of 3/);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.c), "5");
    await page.focus('[data-choice="form"] [aria-checked="true"]');
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator("#table tbody tr").count(), 6);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.value), "full");
    await page.focus("#tab-explore");
    await page.keyboard.press("ArrowRight");
    assert.ok(await page.isVisible("#chain"));
    await close(page);
  },

  async "forms, entries, samples and numbering"() {
    const page = await open(at("spec=linear:3x2&batch=2&wrt=W"));
    const before = await page.textContent("#table");
    await page.locator("#sample").fill("2");
    assert.notEqual(await page.textContent("#table"), before);
    await choose(page, "form", "reduced");
    assert.equal(await page.locator('#table td[colspan="3"]').count(), 2);
    await choose(page, "entries", "symbols");
    assert.equal(await page.locator("#table .value").count(), 0);
    await choose(page, "entries", "structure");
    assert.equal(await page.locator("#table .mark").count(), 6);
    await choose(page, "order", "C");
    await choose(page, "form", "full");
    assert.match(await copyAs(page, "LaTeX"), /\\ast & 0 & \\ast & 0/);
    await close(page);
  },

  async "the link restores everything"() {
    const page = await open(at("spec=linear:3x2,bias tanh&batch=2&wrt=W&entries=numbers"));
    await page.getByLabel("z[2,3]", { exact: true }).fill("-1.25");
    await page.locator("#sample").fill("2");
    await cell(page, 1, 2).click();
    await page.click("#share");
    const link = await copied(page);
    const other = await open(link);
    for (const part of ["#table", "#detail", "#grids", "#command"])
      assert.equal(await other.textContent(part), await page.textContent(part), part);
    assert.equal(await other.getByLabel("z[2,3]", { exact: true }).inputValue(), "-1.25");
    await close(other);
    await close(page);
  },

  async "a network is built, reordered and taken apart"() {
    const page = await open(blank);
    await page.selectOption("#add-module", "tanh");
    await page.selectOption("#add-module", "linear");
    assert.equal(await page.locator(".module").count(), 3);
    assert.match(await page.textContent("#command"), /linear:3x2 tanh linear:2 --wrt W1/);
    await page.locator("#size-0-1").fill("4");
    await page.locator("#size-0-1").press("Enter");
    assert.match(await page.textContent("#command"), /linear:3x4 tanh linear:2/);
    assert.ok(!(await page.isVisible("#problem")));
    await page.getByRole("button", { name: "Move left: tanh" }).click();
    assert.match(await page.textContent("#command"), /tanh:3 linear:4 linear:2/);
    await page.getByRole("button", { name: "Remove: tanh" }).click();
    assert.match(await page.textContent("#command"), /show linear:3x4 linear:2/);
    await close(page);
  },

  async "the chain, multiplied from both ends"() {
    for (const [way, cost] of [
      ["backward", "72"],
      ["forward", "312"],
    ]) {
      const page = await open(
        at("spec=linear:3x4,bias tanh linear:2 cross-entropy&wrt=W1&view=chain"),
      );
      for (let k = 0; k < 3; k++) await page.click(`#step-${way}`);
      assert.equal(await page.textContent(".cost strong"), cost);
      assert.match(await page.textContent("#command"), /jacobian chain .* --wrt W1$/);
      const product = await page.locator(".factor td:not(.corner)").allTextContents();
      await page.click("#tab-explore");
      const whole = (await copyAs(page, "CSV")).trim().split("\n")[1].split(",").slice(-12);
      assert.equal(product.length, 12);
      for (const [k, text] of product.entries()) {
        if (!text.includes("·"))
          assert.ok(
            Math.abs(Number(text.replace("−", "-")) - whole[k]) < 5e-3 * Math.abs(whole[k]) + 1e-9,
          );
      }
      await close(page);
    }
  },

  async "checks, the step and a formula"() {
    const page = await open(at("spec=softmax:3&view=check"));
    assert.equal(await page.locator(".reference.good").count(), 3);
    assert.match(await page.textContent("#command"), /jacobian check softmax:3 --wrt z$/);
    await page.locator("#step").fill("60");
    assert.match(await page.textContent("#curve .says"), /truncation rules/);
    await page.locator("#step").fill("2");
    assert.match(await page.textContent("#curve .says"), /rounding rules/);
    await page.selectOption("#curve-entry", "1,2");
    assert.match(await page.textContent("#curve"), /1,3|1,\s*3/);
    await page.fill("#claim", "s[i]*(delta(i,j) - s[j])");
    await page.press("#claim", "Enter");
    assert.match(await page.textContent("#claim-answer"), /It holds/);
    await page.fill("#claim", "s[i]*(1 - s[i])");
    await page.press("#claim", "Enter");
    assert.match(await page.textContent("#claim-answer"), /does not hold/);
    await page.fill("#claim", "<img src=x onerror=alert(1)>");
    await page.press("#claim", "Enter");
    assert.equal(await page.locator("#claim-answer img").count(), 0);
    assert.ok((await page.textContent("#claim-answer")).length > 5);
    await close(page);
  },

  async "the mistake is found"() {
    for (const words of [
      "spec=softmax:3",
      "spec=linear:3x2&wrt=W&batch=2",
      "spec=linear:2x2&wrt=z",
    ]) {
      const page = await open(at(`${words}&view=mistake`));
      for (let round = 0; round < 3; round++) {
        for (let k = 0; k < 4 && !(await page.isVisible("#another")); k++)
          await page.locator("#mistake .answer:not(:disabled)").first().click();
        assert.match(await page.textContent("#verdict-mistake"), /Yes!/);
        await page.click("#reveal");
        await page.click("#another");
      }
      assert.match(await page.textContent("#mistake"), /of 3 at the first try/);
      await close(page);
    }
  },

  async "a large one is a heat map that zooms"() {
    const page = await open(at("spec=linear:24x12&wrt=W"));
    const canvas = page.locator("canvas.heat");
    const fingerprint = () => canvas.evaluate((element) => element.toDataURL());
    const before = await fingerprint();
    await canvas.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.match(await page.textContent("#detail .says"), /does not depend/);
    for (let k = 0; k < 4; k++) await page.keyboard.press("+");
    assert.notEqual(await fingerprint(), before);
    await close(page);
  },

  async "what is wrong is told and the rest is kept"() {
    const page = await open(at("spec=linear:3x2 softmaks"));
    assert.match(await page.textContent("#problem"), /softmax/);
    await page.getByRole("button", { name: "Remove: softmaks" }).click();
    assert.ok(await page.isVisible("#table table"));
    await close(page);
    const other = await open(at("spec=relu:3&set=z=0 1 <b>&batch=x&form=round&entry=99,99"));
    assert.ok((await other.isVisible("#problem")) || (await other.isVisible("#table table")));
    assert.equal(await other.locator("#problem b").count(), 0);
    await close(other);
  },

  async "French for those whose browser speaks it"() {
    const page = await open(blank, { locale: "fr-FR" });
    assert.equal(await page.getAttribute("html", "lang"), "fr");
    assert.match(await page.textContent("#title-network"), /Le réseau/);
    await page.click("#language");
    assert.match(await page.textContent("#title-network"), /The network/);
    await close(page);
    const check = await open(at("spec=softmax:3&view=check"), { locale: "fr-FR" });
    assert.equal(await check.locator(".reference.good").count(), 3);
    await check.fill("#claim", "-s[i]*(delta(i,j) - s[j])");
    await check.press("#claim", "Enter");
    assert.match(await check.textContent("#claim-answer"), /le signe opposé/);
    await check.fill("#claim", "s[i]*(");
    await check.press("#claim", "Enter");
    assert.match(await check.textContent("#claim-answer"), /se termine là où/);
    await close(check);
  },

  async "accessible and in its frame in every view, light and dark, small and large"() {
    for (const [width, height] of [
      [360, 740],
      [1200, 900],
      [2560, 1300],
    ])
      for (const colorScheme of ["light", "dark"])
        for (const view of ["explore", "chain", "check", "mistake"]) {
          const spec = view === "chain" ? "linear:3x2 tanh mse" : "softmax:3";
          const page = await open(at(`spec=${spec}&view=${view}`), {
            viewport: { width, height },
            colorScheme,
          });
          const over = await page.evaluate(
            () => document.documentElement.scrollWidth - window.innerWidth,
          );
          assert.ok(over <= 0, `${view} at ${width}: ${over} too wide`);
          if (width < 2000) {
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() => window.axe.run());
            const found = violations.map(
              ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" ")}`,
            );
            assert.deepEqual(found, [], `${view} ${colorScheme} ${width}`);
          }
          if (pictures) {
            mkdirSync(pictures, { recursive: true });
            await page.screenshot({
              path: join(pictures, `${view}-${width}-${colorScheme}.png`),
              fullPage: true,
            });
          }
          await close(page);
        }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests))
  try {
    await test();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
await browser.close();
process.exit(failed ? 1 : 0);
