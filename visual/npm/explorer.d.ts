/** `<jacobian-explorer spec="linear:3x2" wrt="W">`: importing this file defines it. */
export class JacobianExplorer extends HTMLElement {
  /** The words of what is shown, as the page's own link has them. */
  link: string;
}

declare global {
  interface HTMLElementTagNameMap {
    "jacobian-explorer": JacobianExplorer;
  }
}
