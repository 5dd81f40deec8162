/** Modules in the command's words ("linear:3x4,bias tanh"), or a function of one's own. */
export type Spec = string | readonly string[] | { define: string; size?: Record<string, string> };

/** A number, a row, rows, or (a parameter of three dimensions) all its indices. */
export type Values =
  | number
  | string
  | ArrayLike<number>
  | readonly ArrayLike<number>[]
  | readonly (readonly ArrayLike<number>[])[];

export interface Options {
  /** Values by the variables' names; the others are drawn from the seed. */
  values?: Record<string, Values>;
  batch?: number;
  seed?: number;
  form?: "reduced" | "matrix" | "batch" | "full";
  /** How the entries of a matrix are numbered: column by column (F), row by row (C). */
  order?: "F" | "C";
  /** The language of sentences. */
  lang?: "en" | "fr";
}

export interface Jacobian {
  readonly form: "reduced" | "matrix" | "batch" | "full";
  /** Rows and columns; in the batch form samples first. */
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: Float64Array;
  at(...place: number[]): number;
  toArray(): number[][] | number[][][];
}

export interface Result {
  module: string;
  wrt: string;
  against: string;
  verdict: string;
  max_abs_error: number | null;
  max_rel_error: number | null;
  tolerance: number | null;
  worst: { row: string; column: string; jacobian: number | string; reference: number | string } | null;
  /** What the mistake most likely is. */
  diagnosis: string | null;
}

export interface Verdict {
  agrees: boolean;
  results: Result[];
}

export interface Step {
  left: string;
  right: string;
  reason: string;
}

export interface Variable {
  name: string;
  symbol: string;
  role: "data" | "parameter";
  dims: number[];
  values: (number | string)[][];
  labels: string[][];
  secondary: boolean;
}

export interface Opened {
  module: string;
  modules: string[];
  definition: string | null;
  batch: number;
  form: string;
  variables: Variable[];
  output: { symbol: string; values: (number | string)[][]; labels: string[][] };
}

export interface Module {
  name: string;
  definition: string;
  example: string;
  [more: string]: unknown;
}

export interface Engine {
  /** The table of modules. */
  modules(options?: Pick<Options, "lang">): Module[];
  /** The variables with their values, and the output. */
  open(spec: Spec, options?: Options): Opened;
  jacobian(spec: Spec, wrt?: string | null, options?: Options): Jacobian;
  /** As `jacobian show --format` writes it. */
  show(
    spec: Spec,
    wrt?: string | null,
    options?: Options & {
      format?: "latex" | "markdown" | "csv" | "svg";
      entries?: "symbols" | "numbers" | "both" | "structure";
    },
  ): string;
  /** One's own Jacobian against the explicit one; null: that against differences and products. */
  check(J: Jacobian | Values[] | null, spec: Spec, wrt?: string | null, options?: Options): Verdict;
  /** A formula for an entry or for the matrix, plain or LaTeX. */
  claim(formula: string, spec: Spec, wrt?: string | null, options?: Options): Verdict;
  /** The derivation, line by line, in LaTeX. */
  derive(spec: Spec, wrt?: string | null, options?: Options): Step[];
  /** The factors of the chain rule, as `jacobian chain --format json` says. */
  chain(spec: Spec, wrt?: string | null, options?: Options): Record<string, unknown>;
  /** A question as the page asks it (visual/engine). */
  ask(question: Record<string, unknown>, options?: Pick<Options, "lang">): Record<string, unknown>;
}

/** What was refused, with the engine's line that says what, where and what to do. */
export class JacobianError extends Error {}

/** Starts an engine; its bytes are found beside the package where none are given. */
export function load(wasm?: BufferSource): Promise<Engine>;
