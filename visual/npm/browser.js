// In a browser: the engine is fetched from where this file is.
import { start } from "./api.js";

export { JacobianError } from "./api.js";

export async function load(wasm) {
  if (wasm) return start(wasm);
  const response = await fetch(new URL("./engine.wasm", import.meta.url));
  if (!response.ok) throw new Error(`engine.wasm: ${response.status} ${response.statusText}`);
  return start(await response.arrayBuffer());
}
