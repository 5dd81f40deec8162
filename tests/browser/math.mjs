// All Markdown that the program writes, as pages show it: every formula through KaTeX, strict, and
// through MathJax with what it loads by itself. `node math.mjs JACOBIAN TOOLS`, where TOOLS has the two.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

const [program, tools] = process.argv.slice(2);
const inside = createRequire(path.resolve(tools, "x.js"));
const katex = inside("katex");
const { mathjax } = inside("mathjax-full/js/mathjax.js");
const { TeX } = inside("mathjax-full/js/input/tex.js");
const { liteAdaptor } = inside("mathjax-full/js/adaptors/liteAdaptor.js");
const { RegisterHTMLHandler } = inside("mathjax-full/js/handlers/html.js");
const { STATE } = inside("mathjax-full/js/core/MathItem.js");
inside("mathjax-full/js/input/tex/AllPackages.js");
RegisterHTMLHandler(liteAdaptor());
const page = mathjax.document("", {
  InputJax: new TeX({
    packages: ["base", "ams", "newcommand"],
    formatError: (_, error) => {
      throw error;
    },
  }),
});

const renderers = {
  KaTeX: (tex, display) => katex.renderToString(tex, { strict: "error", throwOnError: true, displayMode: display }),
  MathJax: (tex, display) => page.convert(tex, { display, end: STATE.CONVERT }),
};

// What stands between dollars, or in a block of mathematics, outside code: [formula, displayed].
function formulas(markdown) {
  const text = markdown.replace(
    /(```math\n[\s\S]*?```|\$`[^`]+`\$)|^ *(```+)[^\n]*\n[\s\S]*?^ *\2 *$|`[^`\n]*`/gm,
    (_, math) => math ?? "",
  );
  const found =
    /\$\$([\s\S]+?)\$\$|```math\n([\s\S]*?)```|(?<!\\)\$`([^`]+)`\$|(?<![\\$])\$(?![\s`])([^$\n]+?)(?<!\s)\$(?!\d)/g;
  return [...text.matchAll(found)].map(([, dollars, block, code, sentence]) => [
    dollars ?? block ?? code ?? sentence,
    (dollars ?? block) !== undefined,
  ]);
}

function run(command) {
  const { status, stdout, stderr } = spawnSync(program, command, { encoding: "utf8" });
  // What has no such form is refused, in a line.
  if (status !== 0 && !(status === 2 && stderr.trim().split("\n").length === 1))
    throw new Error(`${command.join(" ")}: ${status} ${stderr}`);
  return stdout;
}

const modules = JSON.parse(run(["modules", "--format", "json"]));
const network = ["linear:3x4,bias", "tanh", "linear:2", "cross-entropy"];
const commands = [
  ["modules"],
  ["chain", ...network, "--entries", "symbols"],
  ["chain", ...network, "--lang", "fr"],
  ["table", "shapes", ...network],
  ["table", "activations"],
  ["table", "compare", "softmax:2"],
  ["check", "linear:3x2,bias"],
];
for (const { name, example } of modules)
  commands.push(
    ["show", example, "--entries", "closed"],
    ["show", example, "--entries", "both", "--batch", "2"],
    ["show", example, "--entries", "symbols", "--width", "8cm", "--brackets", "b"],
    ["show", name],
    ["derive", example],
  );

let count = 0;
const wrong = [];
for (const command of commands)
  for (const flavour of ["pandoc", "github"])
    for (const [tex, display] of formulas(run([...command, "--format", "markdown", "--flavour", flavour]))) {
      count++;
      for (const [name, render] of Object.entries(renderers))
        try {
          render(tex, display);
        } catch (error) {
          wrong.push(`${name}: jacobian ${command.join(" ")} (${flavour}): ${error.message}\n${tex}`);
        }
    }
if (wrong.length > 0) {
  console.error(wrong.slice(0, 5).join("\n\n"));
  console.error(`${wrong.length} of ${count} formulas are not shown`);
  process.exit(1);
}
if (count < 2000) throw new Error(`${count} formulas only`);
console.log(`math: ${count} formulas, shown by KaTeX and MathJax`);
