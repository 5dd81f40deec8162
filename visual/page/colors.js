// The colours of the style sheet for what is drawn on a canvas.
import { prefs } from "./state.js";

let probe;
export function themeColors(...names) {
  if (!probe?.isConnected) {
    probe = document.createElement("span");
    probe.className = "offscreen";
    probe.setAttribute("aria-hidden", "true");
    document.body.append(probe);
  }
  return names.map((name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe)
      .color.match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number);
  });
}

export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;

// The colour of an entry: from that of a cell to that of its sign.
export function shadeOf(palette, part, negative, zero) {
  const from = zero ? palette.zero : palette.cell;
  const to = negative ? palette.negative : palette.positive;
  return [0, 1, 2].map((k) => Math.round(from[k] + (to[k] - from[k]) * part));
}

// Read once for each scheme: to ask the style sheet costs.
const palettes = new Map();
export function palette() {
  const key = prefs.value.theme ?? String(matchMedia("(prefers-color-scheme: dark)").matches);
  if (!palettes.has(key)) palettes.set(key, readPalette());
  return palettes.get(key);
}

function readPalette() {
  const [negative, positive, cell, zero, ink, muted, mark, line] = themeColors(
    "negative",
    "positive",
    "cell",
    "zero",
    "ink",
    "muted",
    "out",
    "line",
  );
  return { negative, positive, cell, zero, ink, muted, mark, line };
}
