// Where the turned stack is seen: the rotations and the perspective that views.css gives it,
// as numbers. Lengths in px, from the scene's upper left corner.
export const PERSPECTIVE = 2400;
const ORIGIN = { x: 0.3, y: 0.2 };
const degrees = (turn) => (turn * Math.PI) / 180;

// A point of the stack, from its upper left corner, z towards the reader. shape: the stack's
// width and height, its place (left, top) in a scene of size wide, high.
export function seenAt({ turn, shift, wide, high, left, top, width, height }, x, y, z) {
  const [t, tip] = [degrees(turn), degrees(turn / 7)];
  const [x0, y0] = [x - width / 2, y - height / 2];
  const [x1, z1] = [x0 * Math.cos(t) - z * Math.sin(t), x0 * Math.sin(t) + z * Math.cos(t)];
  const [y2, z2] = [y0 * Math.cos(tip) - z1 * Math.sin(tip), y0 * Math.sin(tip) + z1 * Math.cos(tip)];
  const [ox, oy] = [ORIGIN.x * wide, ORIGIN.y * high];
  const near = PERSPECTIVE / (PERSPECTIVE - z2);
  return { x: ox + (left + width / 2 + shift + x1 - ox) * near, y: oy + (top + height / 2 + y2 - oy) * near };
}

// How far the stack moves to begin at the scene's left edge, and how deep it is so that the
// last of its sheets ends in it.
export function fitted(place, step, count, most) {
  const { turn, width, height, left, wide } = place;
  if (turn === 0) return { shift: 0, depth: 0.5 };
  const at = (shift, x, z) => seenAt({ ...place, shift }, x, height / 2, z).x;
  let shift = 0;
  for (let k = 0; k < 6; k++) shift += left + 4 - at(shift, 0, 0);
  const ends = (depth) => at(shift, width + count * step, -count * depth);
  let [low, high] = [0.5, most];
  if (ends(high) <= wide - 6) return { shift, depth: high };
  for (let k = 0; k < 20; k++) {
    const middle = (low + high) / 2;
    if (ends(middle) <= wide - 6) low = middle;
    else high = middle;
  }
  return { shift, depth: low };
}
