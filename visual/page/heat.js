// A large Jacobian: a canvas with zoom, one colour an entry.
function heatMap(jacobian, { sample, label, point }) {
  const canvas = h("canvas", { class: "heat", tabindex: "0", role: "application", "aria-label": label });
  const box = h("div", { class: "heat-box" }, canvas);
  const image = document.createElement("canvas");
  image.width = jacobian.cols;
  image.height = jacobian.rows;
  let now = [0, 0];
  let view = null; // x, y of the left upper corner in entries; size of an entry in pixels

  function colors() {
    const style = getComputedStyle(canvas);
    return Object.fromEntries(
      ["negative", "positive", "cell", "zero", "accent-warm"].map((name) => [name, readColor(style.getPropertyValue(`--${name}`))]),
    );
  }
  function redraw() {
    const palette = colors();
    const pixels = new ImageData(jacobian.cols, jacobian.rows);
    for (let r = 0; r < jacobian.rows; r++)
      for (let c = 0; c < jacobian.cols; c++) {
        const value = jacobian.value(sample, r, c);
        const part = level(value, jacobian.largest);
        const to = value < 0 ? palette.negative : palette.positive;
        const from = jacobian.zero(sample, r, c) ? palette.zero : palette.cell;
        const at = 4 * (r * jacobian.cols + c);
        for (let k = 0; k < 3; k++) pixels.data[at + k] = from[k] + (to[k] - from[k]) * part;
        pixels.data[at + 3] = 255;
      }
    image.getContext("2d").putImageData(pixels, 0, 0);
    draw(palette);
  }
  function fit() {
    const width = box.clientWidth || 600;
    const size = Math.max(1, Math.min(width / jacobian.cols, 28));
    view = { x: 0, y: 0, size };
    const height = Math.min(Math.max(jacobian.rows * size, 160), 560);
    const ratio = window.devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  function draw(palette = colors()) {
    if (!view) fit();
    const ratio = window.devicePixelRatio || 1;
    const context = canvas.getContext("2d");
    const size = view.size * ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(image, -view.x * size, -view.y * size, jacobian.cols * size, jacobian.rows * size);
    context.strokeStyle = `rgb(${palette["accent-warm"].join(" ")})`;
    context.lineWidth = 2 * ratio;
    const [r, c] = now;
    const [x, y] = [(c - view.x) * size, (r - view.y) * size];
    context.strokeRect(x - ratio, y - ratio, size + 2 * ratio, size + 2 * ratio);
    context.globalAlpha = 0.35;
    context.strokeRect(-view.x * size, y, jacobian.cols * size, size);
    context.strokeRect(x, -view.y * size, size, jacobian.rows * size);
    context.globalAlpha = 1;
  }
  function clamp() {
    const most = (count, pixels) => Math.max(0, count - pixels / view.size);
    view.x = Math.min(Math.max(0, view.x), most(jacobian.cols, canvas.clientWidth));
    view.y = Math.min(Math.max(0, view.y), most(jacobian.rows, canvas.clientHeight));
  }
  function zoom(factor, x, y) {
    const before = view.size;
    const least = Math.min(canvas.clientWidth / jacobian.cols, 28);
    view.size = Math.min(60, Math.max(least, before * factor));
    view.x += x / before - x / view.size;
    view.y += y / before - y / view.size;
    clamp();
    draw();
  }
  function under(event) {
    const bounds = canvas.getBoundingClientRect();
    const c = Math.floor((event.clientX - bounds.left) / view.size + view.x);
    const r = Math.floor((event.clientY - bounds.top) / view.size + view.y);
    return r >= 0 && c >= 0 && r < jacobian.rows && c < jacobian.cols ? [r, c] : null;
  }
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY, from: { ...view } };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointerup", () => (drag = null));
  canvas.addEventListener("pointermove", (event) => {
    if (drag) {
      view.x = drag.from.x - (event.clientX - drag.x) / view.size;
      view.y = drag.from.y - (event.clientY - drag.y) / view.size;
      clamp();
      draw();
    }
    const entry = under(event);
    if (entry) point(...entry);
  });
  canvas.addEventListener("wheel", (event) => {
    if (view.size <= Math.min(canvas.clientWidth / jacobian.cols, 28) && event.deltaY > 0) return;
    event.preventDefault();
    const bounds = canvas.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX - bounds.left, event.clientY - bounds.top);
  }, { passive: false });
  function show(r, c) {
    const [wide, high] = [canvas.clientWidth / view.size, canvas.clientHeight / view.size];
    if (c < view.x) view.x = c;
    if (r < view.y) view.y = r;
    if (c + 1 > view.x + wide) view.x = c + 1 - wide;
    if (r + 1 > view.y + high) view.y = r + 1 - high;
  }
  canvas.addEventListener("keydown", (event) => {
    let [r, c] = now;
    const step = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case "ArrowUp": r -= step; break;
      case "ArrowDown": r += step; break;
      case "ArrowLeft": c -= step; break;
      case "ArrowRight": c += step; break;
      case "Home": c = 0; break;
      case "End": c = jacobian.cols - 1; break;
      case "+": case "=": zoom(1.3, (c - view.x) * view.size, (r - view.y) * view.size); event.preventDefault(); return;
      case "-": zoom(1 / 1.3, (c - view.x) * view.size, (r - view.y) * view.size); event.preventDefault(); return;
      default: return;
    }
    event.preventDefault();
    r = Math.min(Math.max(0, r), jacobian.rows - 1);
    c = Math.min(Math.max(0, c), jacobian.cols - 1);
    show(r, c);
    point(r, c);
  });
  let wide = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === wide) return;
    wide = box.clientWidth;
    fit();
    redraw();
  }).observe(box);
  return {
    element: box,
    light(r, c) {
      now = [r, c];
      if (view) draw();
    },
    refresh(next) {
      jacobian = next;
      redraw();
    },
    go: () => canvas.focus(),
    redraw,
  };
}

function readColor(text) {
  const hex = text.trim().replace("#", "");
  return [0, 2, 4].map((k) => parseInt(hex.slice(k, k + 2), 16));
}
