// The page's script: ES modules with JSX.
const browser = `Blob CSS ClipboardItem DecompressionStream Image ImageData MutationObserver ResizeObserver Response
  TextDecoder TextEncoder URL URLSearchParams WebAssembly addEventListener atob cancelAnimationFrame
  clearTimeout customElements devicePixelRatio document fetch getComputedStyle history localStorage sessionStorage location matchMedia
  navigator print queueMicrotask removeEventListener requestAnimationFrame setTimeout`;

// A component is used where it stands as an element; eslint itself does not see that.
const jsx = {
  rules: {
    uses: {
      create: (context) => ({
        JSXOpeningElement({ name }) {
          if (name.type === "JSXIdentifier") context.sourceCode.markVariableAsUsed(name.name, name);
        },
      }),
    },
  },
};

export default [
  {
    files: ["**/*.js", "**/*.jsx"],
    plugins: { jsx },
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      parserOptions: { ecmaFeatures: { jsx: true } },
      globals: Object.fromEntries(browser.split(/\s+/).map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: true },
    rules: {
      "jsx/uses": "error",
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-redeclare": "error",
      "no-const-assign": "error",
      "no-dupe-keys": "error",
      "no-implied-eval": "error",
      "no-eval": "error",
      "no-unreachable": "error",
      "no-fallthrough": "error",
      "no-cond-assign": "error",
      "no-self-compare": "error",
      "prefer-const": "error",
      "no-var": "error",
      eqeqeq: "error",
    },
  },
];
