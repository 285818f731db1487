// Making elements. Whatever comes from the data goes through here as text, and never as markup.

/**
 * An element with attributes and children. `on…` attributes are listeners; a child is a node, a text or a list of them;
 * nothing, and what does not hold, is left out.
 */
function el(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean" && !name.startsWith("aria-")) element.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A table with a caption, a row of headers, and rows of cells; numbers stand right. */
function plainTable(caption, headers, rows) {
  const cell = (value) => {
    const numeric = typeof value === "number";
    return el("td", numeric ? { class: "figure" } : {}, numeric ? count(value) : value);
  };
  return el("table", { class: "plain" },
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, headers.map((header) => el("th", { scope: "col" }, header)))),
    el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), rest.map(cell)))));
}

/** A box for `content` that is too wide or too long for the page, and can be scrolled by keyboard. */
function scroller(label, content) {
  return el("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": label }, content);
}

/** Says `text` to those who listen to the page. */
function announce(text) {
  document.getElementById("live").textContent = text;
}

/** `call`, a little after the last time that it was asked for. */
function afterTyping(call) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(call, 120);
  };
}
