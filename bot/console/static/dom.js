/** Building elements. Texts are only ever set as text: nothing here, or elsewhere, parses HTML. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T} the element of the page's shell; it is an error if there is none
 */
export function el(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (found);
}

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | null | ((event: Event) => void)>} [props] attributes;
 *   `text` is the text, `onclick` and the like are listeners, null and false are left out
 * @param {...(Node | null)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === false) continue;
    if (name === "text") node.textContent = String(value);
    else if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/**
 * @param {string} name a symbol of the shell, without its `i-`
 * @param {string} [className]
 * @returns {SVGSVGElement} decoration: the words stand beside it
 */
export function icon(name, className = "icon") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** @param {Element} node @param {string} text sets it only if it differs, so that nothing flickers */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes the children of `parent` those of `items`, in order, and keeps each item's own node (and
 * with it focus, selection and what a screen reader has said).
 *
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} create
 * @param {(node: HTMLElement, item: T) => void} update
 */
export function reconcile(parent, items, key, create, update) {
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  for (const child of parent.children) {
    const node = /** @type {HTMLElement} */ (child);
    known.set(node.dataset.key ?? "", node);
  }
  /** @type {Element | null} */
  let last = null;
  for (const item of items) {
    const name = key(item);
    let node = known.get(name);
    known.delete(name);
    if (!node) {
      node = create(item);
      node.dataset.key = name;
    }
    update(node, item);
    const place = last ? last.nextElementSibling : parent.firstElementChild;
    if (place !== node) parent.insertBefore(node, place);
    last = node;
  }
  for (const node of known.values()) node.remove();
}
