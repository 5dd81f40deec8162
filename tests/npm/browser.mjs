// The package in a browser, served as a course's page would be, without a bundler.
// node browser.mjs TOOLS CHROMIUM
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";

const [tools, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(tools), "node_modules", "x.js"))("playwright-core");
const PAGE = `<!doctype html><meta charset="utf-8"><title>A course</title>
<script type="importmap">{"imports": {"jacobian-explicit": "/node_modules/jacobian-explicit/browser.js"}}</script>
<script type="module" src="/node_modules/jacobian-explicit/explorer.js"></script>
<jacobian-explorer id="one" spec="linear:3x2" wrt="W" set="z=1 2 3 | W=1 0; 0 1; 1 1"></jacobian-explorer>
<jacobian-explorer id="two" spec="softmax:3" view="derive" lang="fr" height="500"></jacobian-explorer>`;
// HTML as plain text, as servers of packages send it.
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/plain" };
const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://x").pathname;
  if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  try {
    const bytes = await readFile(join(process.cwd(), path));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type()) && !/favicon|404/.test(line.text())) problems.push(line.text());
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const frame = page.frameLocator("#one iframe");
  const cell = (r, c) => frame.locator(`#table td[data-r="${r}"][data-c="${c}"] .value`);
  const read = async (r, c) => (await cell(r, c).innerText()).replace(/[\u2007\u2008]/g, "").trim();
  assert.equal(await read(0, 1), "2");
  assert.equal(await read(1, 5), "3");
  assert.ok(!(await frame.locator("header").isVisible()), "nothing around it");
  const box = await page.locator("#one iframe").boundingBox();
  assert.equal(box.height, 420);
  console.log("ok: the element shows the Jacobian");

  const second = page.frameLocator("#two iframe");
  assert.match(await second.locator("#derivation").innerText(), /la définition/);
  assert.equal((await page.locator("#two iframe").boundingBox()).height, 500);
  console.log("ok: another beside it, in French");

  const steps = () => page.evaluate(() => history.length);
  const before = await steps();
  await page.evaluate(() => {
    const element = document.getElementById("one");
    element.setAttribute("set", "z=4 5 6");
    element.setAttribute("wrt", "z");
    element.setAttribute("wrt", "W");
  });
  await frame.locator('#table td[data-r="0"][data-c="0"] .value', { hasText: "4" }).waitFor();
  assert.equal(await read(1, 4), "5");
  await frame.locator("#grids input.cell").first().fill("7");
  await frame.locator('#table td[data-r="0"][data-c="0"] .value', { hasText: "7" }).waitFor();
  assert.equal(await steps(), before, "what is played in a frame is no step of the course's page");
  console.log("ok: its attributes can be changed, and the course's Back stays its own");

  const shape = await page.evaluate(async () => {
    const { load } = await import("jacobian-explicit");
    const engine = await load();
    return engine.jacobian("linear:3x2", "W", { values: { z: [1, 2, 3] } }).toArray()[0];
  });
  assert.deepEqual(shape, [1, 2, 3, 0, 0, 0]);
  console.log("ok: the engine in a page");
  assert.deepEqual(problems, []);
} finally {
  await browser.close();
  server.close();
}
