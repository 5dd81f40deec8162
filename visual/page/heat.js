// A large Jacobian: a canvas with zoom, one colour an entry.
function heatMap(jacobian, { sample, label, point }) {
  const canvas = h("canvas", {
    class: "heat",
    tabindex: "0",
    role: "application",
    "aria-label": label,
  });
  const box = h("div", { class: "heat-box" }, canvas);
  const image = document.createElement("canvas");
  image.width = jacobian.cols;
  image.height = jacobian.rows;
  let now = [0, 0];
  let view = null; // x, y of the left upper corner in entries; wide, high: an entry in pixels

  function colors() {
    const [negative, positive, cell, zero, mark] = themeColors(
      "negative",
      "positive",
      "cell",
      "zero",
      "accent-warm",
    );
    return { negative, positive, cell, zero, mark };
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
  // All of it in sight at first: entries are as wide as they may, and high enough to see.
  function least() {
    const wide = Math.min((box.clientWidth || 600) / jacobian.cols, 28);
    return {
      wide,
      high: Math.max(Math.min(wide, 560 / jacobian.rows), Math.min(22, 300 / jacobian.rows)),
    };
  }
  function fit() {
    const width = box.clientWidth || 600;
    view = { x: 0, y: 0, ...least() };
    const height = Math.min(jacobian.rows * view.high, 560);
    const ratio = window.devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  function draw(palette = colors()) {
    if (!view) fit();
    const ratio = window.devicePixelRatio || 1;
    const context = canvas.getContext("2d");
    const [wide, high] = [view.wide * ratio, view.high * ratio];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(
      image,
      -view.x * wide,
      -view.y * high,
      jacobian.cols * wide,
      jacobian.rows * high,
    );
    context.strokeStyle = `rgb(${palette.mark.join(" ")})`;
    context.lineWidth = 2 * ratio;
    const [r, c] = now;
    const [x, y] = [(c - view.x) * wide, (r - view.y) * high];
    context.strokeRect(x - ratio, y - ratio, wide + 2 * ratio, high + 2 * ratio);
    context.globalAlpha = 0.35;
    context.strokeRect(-view.x * wide, y, jacobian.cols * wide, high);
    context.strokeRect(x, -view.y * high, wide, jacobian.rows * high);
    context.globalAlpha = 1;
  }
  function clamp() {
    view.x = Math.min(
      Math.max(0, view.x),
      Math.max(0, jacobian.cols - canvas.clientWidth / view.wide),
    );
    view.y = Math.min(
      Math.max(0, view.y),
      Math.max(0, jacobian.rows - canvas.clientHeight / view.high),
    );
  }
  function zoom(factor, x, y) {
    const before = { ...view };
    const whole = least();
    const times = Math.min(Math.max(factor, whole.wide / view.wide), Math.max(1, 60 / view.wide));
    view.wide *= times;
    view.high = Math.min(60, Math.max(whole.high, view.high * Math.sqrt(times)));
    view.x += x / before.wide - x / view.wide;
    view.y += y / before.high - y / view.high;
    clamp();
    draw();
  }
  function under(event) {
    const bounds = canvas.getBoundingClientRect();
    const c = Math.floor((event.clientX - bounds.left) / view.wide + view.x);
    const r = Math.floor((event.clientY - bounds.top) / view.high + view.y);
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
      view.x = drag.from.x - (event.clientX - drag.x) / view.wide;
      view.y = drag.from.y - (event.clientY - drag.y) / view.high;
      clamp();
      draw();
    }
    const entry = under(event);
    if (entry) point(...entry);
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (view.wide <= least().wide && event.deltaY > 0) return;
      event.preventDefault();
      const bounds = canvas.getBoundingClientRect();
      zoom(
        event.deltaY < 0 ? 1.2 : 1 / 1.2,
        event.clientX - bounds.left,
        event.clientY - bounds.top,
      );
    },
    { passive: false },
  );
  function show(r, c) {
    const [wide, high] = [canvas.clientWidth / view.wide, canvas.clientHeight / view.high];
    if (c < view.x) view.x = c;
    if (r < view.y) view.y = r;
    if (c + 1 > view.x + wide) view.x = c + 1 - wide;
    if (r + 1 > view.y + high) view.y = r + 1 - high;
  }
  canvas.addEventListener("keydown", (event) => {
    let [r, c] = now;
    const step = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case "ArrowUp":
        r -= step;
        break;
      case "ArrowDown":
        r += step;
        break;
      case "ArrowLeft":
        c -= step;
        break;
      case "ArrowRight":
        c += step;
        break;
      case "Home":
        c = 0;
        break;
      case "End":
        c = jacobian.cols - 1;
        break;
      case "+":
      case "=":
        zoom(1.3, (c - view.x) * view.wide, (r - view.y) * view.high);
        event.preventDefault();
        return;
      case "-":
        zoom(1 / 1.3, (c - view.x) * view.wide, (r - view.y) * view.high);
        event.preventDefault();
        return;
      default:
        return;
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

// The colours of those names as [red, green, blue], in the scheme that is seen.
function themeColors(...names) {
  const probe = h("span", { class: "offscreen" });
  document.body.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe)
      .color.match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number);
  });
  probe.remove();
  return found;
}
