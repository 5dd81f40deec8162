// The page in Firefox, from a file: what another browser may draw, read or remember otherwise.
// node tests/browser/firefox.mjs PAGE.html MODULES FIREFOX JACOBIAN [SCREENSHOTS]
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [file, modules, executablePath, command, pictures] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "node_modules", "x.js"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const problems = [];

async function open(words, width = 1280, height = 720) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  page.on("console", (line) => line.type() === "error" && problems.push(`${words}: ${line.text()}`));
  page.on("pageerror", (error) => problems.push(`${words}: ${error.message}`));
  const fragment = words.includes("%") ? words : words.replaceAll(" ", "+");
  await page.goto(`file://${resolve(file)}#${/\blang=/.test(words) ? "" : "lang=en&"}${fragment}`);
  await page.waitForSelector("html[data-ready]");
  return page;
}
const text = (page, selector) => page.$eval(selector, (e) => e.innerText.replace(/[\u2007\u2008]/g, "").trim());

const views = {
  explore: "spec=linear:3x2&batch=3&turn=40",
  chain: "spec=linear:3x2 tanh mse&steps=b",
  derive: "spec=softmax:3",
  geometry: "spec=linear:2x2 tanh&wrt=z",
  check: "spec=softmax:3&claim=s[i]*(delta(i,j) - s[j])",
  mistake: "spec=softmax:3",
  write: "spec=softmax:3&line=J = diag(s) - s^T s",
};
for (const [view, words] of Object.entries(views))
  for (const [width, height] of [
    [390, 844],
    [1280, 720],
    [1920, 1080],
  ]) {
    const page = await open(`${words}&view=${view}`, width, height);
    assert.ok((await text(page, "#view")).length > 20, view);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("body *")]
        .filter(
          (e) =>
            e.getBoundingClientRect().right > innerWidth + 1 &&
            !e.closest(".scroller, .tabs, .network, .links, .bracketed, .offscreen"),
        )
        .map((e) => `${e.tagName}.${e.className}`),
    );
    assert.ok(over <= 0, `${view} at ${width}: ${over} too wide: ${wide}`);
    if (width === 1280) {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`),
        [],
        view,
      );
    }
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `firefox-${view}-${width}.png`) });
    }
    await page.close();
  }

console.log("firefox: every view opens at three sizes, and axe finds nothing");

const power = { "⁻": "-", "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9 };
const read = (shown) =>
  Number(
    shown
      .replace(/[\u2007\u2008\s]/g, "")
      .replaceAll("−", "-")
      .replace(/·10(.*)$/, (_, up) => `e${[...up].map((c) => power[c]).join("")}`),
  );
let compared = 0;
for (const words of [
  ["linear:3x2", "--wrt", "W", "--seed", "5"],
  ["softmax:4", "--wrt", "z", "--seed", "9"],
  ["layer-norm:3", "--wrt", "z", "--batch", "2", "--form", "full"],
  ["linear:3x4,bias", "tanh", "linear:2", "cross-entropy", "--wrt", "W1"],
]) {
  const json = execFileSync(command, ["show", ...words, "--format", "json", "--entries", "numbers"], {
    encoding: "utf8",
  });
  const { values } = JSON.parse(json);
  const at = words.findIndex((word) => word.startsWith("--"));
  const options = words
    .slice(at)
    .join(" ")
    .matchAll(/--(\w+) (\S+)/g);
  const link = [
    ["spec", words.slice(0, at).join(" ")],
    ...[...options].map((m) => [m[1], m[2]]),
    ["entries", "numbers"],
  ];
  const page = await open(new URLSearchParams(link).toString().concat("&lang=en"));
  const visible = await page.$$eval("#table tbody tr", (rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((td) => td.innerText)),
  );
  assert.equal(visible.length, values.length, words.join(" "));
  for (const [i, row] of values.entries())
    for (const [j, value] of row.entries()) {
      assert.ok(
        Math.abs(read(visible[i][j]) - value) <= 5e-3 * Math.abs(value),
        `${words} ${i},${j}: ${visible[i][j]}`,
      );
      compared++;
    }
  await page.close();
}
assert.ok(compared > 50);
console.log(`firefox: ${compared} numbers are seen as the command has them`);

const pad = new URLSearchParams("spec=softmax:3&view=write");
const lines = [
  ["J = diag(s) - s^T s", /holds|convention/],
  ["\\frac{\\partial y_i}{\\partial z_j} = y_i (\\delta_{ij} - y_j)", /holds/],
  ["dy[i]/dz[j] = y[i]*(delta(i,j) + y[j])", /fails/],
  ["\\frac{\\partial L}{\\partial z} = \\delta \\odot y", /fails/],
  ["s[i", /unread/],
];
for (const [line] of lines) pad.append("line", line);
const write = await open(`${pad}&lang=fr&theme=dark`);
const judged = await write.$$eval(".pad-line", (list) => list.map((e) => e.className));
lines.forEach(([line, kind], k) => assert.match(judged[k], kind, line));
assert.match(await text(write, "#judged-4"), /^Pas compris/);
assert.equal(await write.evaluate(() => document.documentElement.dataset.theme), "dark");
await write.close();
console.log("firefox: the pad judges, in French and dark");

const page = await open("spec=linear:3x2");
const first = '#table td[data-r="0"][data-c="0"] .value';
assert.equal(await text(page, first), "0.813");
const box = await (await page.$('[data-cell="z:0:0"]')).boundingBox();
await page.mouse.move(box.x + 10, box.y + 8);
await page.mouse.down();
await page.mouse.move(box.x + 60, box.y + 8, { steps: 5 });
await page.mouse.up();
assert.equal(await text(page, first), "1.313");
await page.click("#undo");
await page.waitForFunction((s) => document.querySelector(s).innerText.includes("0.813"), {}, first);
await page.focus('#table td[data-r="0"][data-c="0"]');
for (const key of ["ArrowRight", "ArrowDown", "Enter"]) await page.keyboard.press(key);
assert.match(page.url(), /entry=2%2C2/);
await page.keyboard.press("Escape");
await page.waitForFunction(() => !location.hash.includes("entry="));
assert.deepEqual(await page.evaluate(() => ({ ...document.activeElement.dataset })), { r: "1", c: "1" });
await page.goBack();
await page.waitForFunction(() => location.hash.includes("entry="));
await page.close();

const large = await open("spec=softmax:31");
await large.evaluate(() => {
  const input = document.querySelector("#grids input.cell");
  input.value = "9";
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
});
await large.waitForFunction(() => {
  const cells = [...document.querySelectorAll('#table td[data-r="0"]')];
  const numbers = cells.map((td) => Number(td.innerText.replace("−", "-").replace(/[^\d.-]/g, "")));
  return numbers.length === 31 && numbers[0] < 0.01;
});
await large.close();
await browser.close();
assert.deepEqual(problems, []);
console.log("firefox: a number is dragged and undone, a table walked with the keys, Back goes back");
