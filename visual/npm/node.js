// In Node: the engine is read from the disk.
import { readFile } from "node:fs/promises";
import { start } from "./api.js";

export { JacobianError } from "./api.js";

export async function load(wasm) {
  return start(wasm ?? (await readFile(new URL("./engine.wasm", import.meta.url))));
}
