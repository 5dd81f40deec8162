// The page in Firefox, from a file: every view opens, numbers are edited, dragged and undone,
// and nothing is thrown.
// node tests/browser/firefox.mjs PAGE.html MODULES FIREFOX [SCREENSHOTS]
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [file, modules, executablePath, pictures] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "node_modules", "x.js"));
const puppeteer = require("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const problems = [];

async function open(words, width = 1280, height = 720) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  page.on("console", (line) => line.type() === "error" && problems.push(`${words}: ${line.text()}`));
  page.on("pageerror", (error) => problems.push(`${words}: ${error.message}`));
  await page.goto(`file://${resolve(file)}#lang=en&${words.replaceAll(" ", "+")}`);
  await page.waitForSelector("html[data-ready]");
  return page;
}
const text = (page, selector) => page.$eval(selector, (e) => e.innerText.replace(/[\u2007\u2008]/g, "").trim());

const views = {
  explore: "spec=linear:3x2&batch=3&turn=40",
  chain: "spec=linear:3x2 tanh mse&steps=b",
  geometry: "spec=linear:2x2 tanh&wrt=z",
  check: "spec=softmax:3&claim=s[i]*(delta(i,j) - s[j])",
  mistake: "spec=softmax:3",
  write: "spec=softmax:3&line=J = diag(s) - s^T s",
};
for (const [view, words] of Object.entries(views))
  for (const [width, height] of [
    [390, 844],
    [1280, 720],
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
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `firefox-${view}-${width}.png`) });
    }
    await page.close();
  }

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
await page.close();
await browser.close();
assert.deepEqual(problems, []);
console.log("firefox: every view opens, a number is dragged and undone");
