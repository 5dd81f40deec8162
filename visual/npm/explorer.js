// <jacobian-explorer spec="linear:3x2">: the page in a frame. What is inside is its own, and
// the page around it cannot break it.
const WORDS = "spec define size batch wrt form entries order seed view lang theme".split(" ");
const FLAGS = ["full", "present", "teach"];

// The page is fetched once, and each frame made of it: servers that call HTML text, or forbid
// frames, do no harm. Where nothing can be fetched (a page on a disk) the frame asks itself.
let source = null;
function page() {
  const url = new URL("./page.html", import.meta.url).href;
  source ??= fetch(url)
    .then((response) => (response.ok ? response.blob() : Promise.reject(new Error(response.statusText))))
    .then((blob) => URL.createObjectURL(new Blob([blob], { type: "text/html" })))
    .catch(() => url);
  return source;
}

export class JacobianExplorer extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = [...WORDS, ...FLAGS, "set", "link", "height", "label"];
  #frame = null;
  #waiting = false;

  // The words of the address: as the page's own link has them, then the attributes.
  get link() {
    const words = new URLSearchParams(this.getAttribute("link") ?? "");
    for (const name of WORDS) if (this.hasAttribute(name)) words.set(name, this.getAttribute(name));
    for (const one of (this.getAttribute("set") ?? "").split("|")) if (one.trim()) words.append("set", one.trim());
    if (!this.hasAttribute("full") && !this.hasAttribute("present")) words.set("embed", "1");
    for (const name of ["present", "teach"]) if (this.hasAttribute(name)) words.set(name, "1");
    return words.toString();
  }
  set link(words) {
    this.setAttribute("link", words);
  }

  connectedCallback() {
    if (!this.#frame) {
      const root = this.attachShadow({ mode: "open" });
      const style = document.createElement("style");
      style.textContent = ":host{display:block}iframe{display:block;width:100%;border:0}";
      this.#frame = document.createElement("iframe");
      this.#frame.loading = "lazy";
      root.append(style, this.#frame);
    }
    this.#show();
  }
  attributeChangedCallback() {
    if (this.#frame && this.isConnected) this.#show();
  }

  // Attributes that change together are one change.
  #show() {
    if (this.#waiting) return;
    this.#waiting = true;
    queueMicrotask(async () => {
      const address = await page();
      this.#waiting = false;
      const height = this.getAttribute("height") ?? (this.hasAttribute("full") ? "720" : "420");
      this.#frame.style.height = /^\d+$/.test(height) ? `${height}px` : height;
      this.#frame.title = this.getAttribute("label") ?? `Jacobian: ${this.getAttribute("spec") ?? ""}`;
      const target = `${address}#${this.link}`;
      // What is there already takes the new words over, and the page's history has no step of it.
      if (this.#frame.src) this.#frame.contentWindow.location.replace(target);
      else this.#frame.src = target;
    });
  }
}

if (globalThis.customElements && !customElements.get("jacobian-explorer"))
  customElements.define("jacobian-explorer", JacobianExplorer);
