// French sentences have curly apostrophes on a page.
const ELISION = /(?<![\p{L}\d_\\{])([ldjnscmt]|qu|jusqu|lorsqu|puisqu)'(?=\p{L})/giu;

// The C engine: questions and answers as objects. What it needs of a system is given here:
// there is none, what it would print is dropped.
export async function startEngine(bytes) {
  let exports = null;
  const memory = () => exports.memory.buffer;
  const view = () => new DataView(memory());
  const nothing = () => 8; // EBADF
  const system = {
    fd_write(_file, vectors, count, written) {
      let size = 0;
      for (let k = 0; k < count; k++) size += view().getUint32(vectors + 8 * k + 4, true);
      view().setUint32(written, size, true);
      return 0;
    },
    proc_exit() {
      throw new Error("the engine stopped");
    },
  };
  const module = await WebAssembly.compile(bytes);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = system[name] ?? nothing;
  exports = (await WebAssembly.instantiate(module, imports)).exports;
  exports._initialize();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  // The numbers that an answer hands over beside it come as they stand in memory: copied,
  // for the next question frees them.
  return function ask(question, tongue = 0) {
    const text = encoder.encode(JSON.stringify(question));
    const room = exports.engine_room(text.length);
    if (room === 0) return { error: "out of memory" };
    new Uint8Array(memory(), room, text.length + 1).set([...text, 0]);
    exports.engine_language(tongue);
    const answer = exports.engine_answer(room);
    if (answer === 0) return { error: "out of memory" };
    const all = new Uint8Array(memory());
    const end = all.indexOf(0, answer);
    let said = decoder.decode(all.subarray(answer, end));
    if (tongue === 1 && question.ask !== "export") said = said.replace(ELISION, "$1’");
    const result = JSON.parse(said);
    exports.engine_free(answer);
    const count = exports.engine_count();
    if (count > 0) result.numbers = new Float64Array(memory(), exports.engine_numbers(), count).slice();
    return result;
  };
}

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;,=.?@^_`{|}~";

/* Five letters for four bytes, as .ci/page packs them. */
function bytesOf(letters) {
  const value = new Uint8Array(128);
  for (let k = 0; k < LETTERS.length; k++) value[LETTERS.charCodeAt(k)] = k;
  const whole = Math.ceil(letters.length / 5);
  const bytes = new DataView(new ArrayBuffer(4 * whole));
  for (let k = 0; k < whole; k++) {
    let four = 0;
    for (let j = 5 * k; j < 5 * k + 5; j++) four = 85 * four + (j < letters.length ? value[letters.charCodeAt(j)] : 84);
    bytes.setUint32(4 * k, four);
  }
  return new Uint8Array(bytes.buffer, 0, Math.floor((letters.length * 4) / 5));
}

export async function unpackEngine(letters) {
  const packed = bytesOf(letters.trim());
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
