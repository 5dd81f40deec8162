// Small parts that several views share.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { t } from "./text.js";

// A text in which %o, %v, ... stand for parts.
export function Sentence({ name, parts }) {
  return t(name)
    .split(/(%[a-z])/)
    .map((piece) => (piece[0] === "%" && parts[piece[1]] !== undefined ? parts[piece[1]] : piece));
}

const spokenNow = signal("");
let timer;
export function announce(text) {
  clearTimeout(timer);
  timer = setTimeout(() => (spokenNow.value = text), 150);
}
export function Announcer() {
  return (
    <div class="offscreen" role="status" aria-live="polite" id="announce">
      {spokenNow.value}
    </div>
  );
}

// Buttons of which one is on: for the keyboard one stop with arrows inside.
export function Choice({ name, label, options, value, onChoose }) {
  const box = useRef(null);
  const allowed = options.filter((option) => !option.why);
  function pick(next) {
    onChoose(next);
    box.current.querySelector(`[data-value="${CSS.escape(next)}"]`)?.focus();
  }
  function onKeyDown(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = allowed.findIndex((option) => option.value === value);
    pick(allowed[(at + step + allowed.length) % allowed.length].value);
  }
  return (
    <div class="choice" role="radiogroup" aria-label={label} data-choice={name} ref={box} onKeyDown={onKeyDown}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          class={option.class}
          aria-checked={option.value === value}
          aria-disabled={option.why ? "true" : undefined}
          title={option.why}
          data-value={option.value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => !option.why && pick(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

// A list to choose from, with what is chosen written out: quiet until it is wanted.
export function Select({ id, label, options, value, onChoose, hideLabel }) {
  return (
    <label class="select">
      <span class={hideLabel ? "offscreen" : "label"}>{label}</span>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={Boolean(option.why)} title={option.why}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

// A button that stays where the focus is when it has nothing to do.
export function Button({ off, onClick, children, ...rest }) {
  return (
    <button
      type="button"
      aria-disabled={off ? "true" : undefined}
      onClick={(event) => !off && onClick(event)}
      {...rest}
    >
      {children}
    </button>
  );
}

// A value as it was when the hand last rested; where `about` changes it is taken at once.
export function useRested(value, about, ms = 200) {
  const [rested, setRested] = useState({ value, about });
  const now = rested.about === about ? rested.value : value;
  useEffect(() => {
    if (rested.value === value && rested.about === about) return undefined;
    const timer = setTimeout(() => setRested({ value, about }), rested.about === about ? ms : 0);
    return () => clearTimeout(timer);
  }, [value, about]);
  return now;
}

// What goes on to the right beyond what is seen is marked, and fades out there.
const WIDE =
  ".scroller, .bracketed, .tabs, .network, .definition, .formula, .step-formula, .step-numbers, .preview, .card-formula";
export function useEdges(root) {
  useLayoutEffect(() => {
    const mark = () => {
      // An element may have become another part since.
      for (const e of root.current.querySelectorAll(`${WIDE}, [data-more]`)) {
        const wide =
          e.matches(WIDE) && getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 4;
        const more = wide && e.scrollLeft + e.clientWidth < e.scrollWidth - 4;
        // Without anything inside to go to, the keyboard scrolls it itself.
        if (e.className.startsWith("step-") && wide !== e.hasAttribute("tabindex"))
          wide ? e.setAttribute("tabindex", 0) : e.removeAttribute("tabindex");
        if (more !== e.hasAttribute("data-more")) e.toggleAttribute("data-more", more);
      }
    };
    let frame = 0;
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(mark);
    };
    const changes = new MutationObserver(soon);
    changes.observe(root.current, { childList: true, subtree: true, characterData: true });
    addEventListener("scroll", soon, true);
    addEventListener("resize", soon);
    mark();
    return () => {
      changes.disconnect();
      removeEventListener("scroll", soon, true);
      removeEventListener("resize", soon);
    };
  }, []);
}

// What is drawn again when the element gets another size.
export function useWidth(ref) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const see = () => ref.current && setWidth(Math.floor(ref.current.clientWidth));
    const observer = new ResizeObserver(see);
    observer.observe(ref.current);
    see();
    return () => observer.disconnect();
  }, []);
  return width;
}

// Dragging inside an element, in its own units.
export function useDrag(move, scale) {
  const moving = useRef(false);
  const point = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return scale((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  return {
    onPointerDown(event) {
      if (event.button) return;
      moving.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      move(...point(event), "start");
    },
    onPointerMove: (event) => moving.current && move(...point(event), "move"),
    onPointerUp(event) {
      if (!moving.current) return;
      moving.current = false;
      move(...point(event), "end");
    },
    onPointerCancel: () => (moving.current = false),
  };
}
