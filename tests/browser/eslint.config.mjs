// The page's script as the browser gets it: all files in one function.
const browser = `AbortController Blob CSS DecompressionStream ImageData Node ResizeObserver
  Response TextDecoder TextEncoder URLSearchParams WebAssembly addEventListener atob clearTimeout
  document getComputedStyle history innerWidth location matchMedia navigator setTimeout window`;

export default [
  {
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "script",
      globals: Object.fromEntries(browser.split(/\s+/).map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: true },
    rules: {
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-shadow": "off",
      "no-redeclare": "error",
      "no-const-assign": "error",
      "no-dupe-keys": "error",
      "no-implied-eval": "error",
      "no-eval": "error",
      "no-unreachable": "error",
      "no-fallthrough": "error",
      "no-cond-assign": "error",
      "no-self-compare": "error",
      "no-unused-expressions": "off",
      "prefer-const": "error",
      "no-var": "error",
      eqeqeq: "error",
    },
  },
];
