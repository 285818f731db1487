// Which part of the page is shown, what its address means, and the keys that work everywhere.

/** Tables that are shown as they are, where they have anything to show. */
const AS_THEY_ARE = ["checks", "decisions"].filter((name) => more.get(name).rows > 0);
const VIEWS = ["overview", "review", "observations", "series", "coverage", "unused", ...AS_THEY_ARE, "definitions"];

const workbench = new Workbench(document.getElementById("workbench"));

/** The views that are made when they are first shown. */
const MAKERS = {
  overview: (host) => new OverviewView(host),
  series: (host) => new SeriesView(host),
  coverage: (host) => new CoverageView(host),
  unused: (host) => new UnusedView(host),
  checks: (host) => new TableView(host, "checks"),
  decisions: (host) => new TableView(host, "decisions"),
  definitions: (host) => new DefinitionsView(host),
};
const made = new Map();
let view = null;

/** The section that shows a view: two of them share the workbench. */
function sectionOf(name) {
  return document.getElementById(["review", "observations"].includes(name) ? "workbench" : name);
}

function viewOf(name) {
  if (["review", "observations"].includes(name)) return workbench;
  if (!made.has(name)) made.set(name, MAKERS[name](sectionOf(name)));
  return made.get(name);
}

/** Shows a view and hides the others. */
function switchView(name) {
  view = name;
  for (const section of document.querySelectorAll("main > section")) section.hidden = section !== sectionOf(name);
  for (const anchor of document.querySelectorAll("#sections a")) {
    if (anchor.dataset.view === name) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  document.title = `${t(name)} · 指标 zhibiao`;
  viewOf(name).render(name);
}

/** An address within the page. */
function link(parameters) {
  return `#${new URLSearchParams(parameters)}`;
}

/** Goes to an address within the page. */
function go(parameters) {
  location.hash = link(parameters);
}

/** Puts what is shown into the address, so that it can be copied, without a step back for each row. */
function remember(parameters) {
  history.replaceState(null, "", link(parameters));
}

/** Shows what the address names. */
async function route() {
  const wanted = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (wanted.obs !== undefined) return showRow(wanted.obs);
  if (wanted.doc !== undefined) return showReport(wanted.doc, wanted.at);
  if (wanted.series !== undefined) {
    switchView("series");
    return viewOf("series").find(wanted.series) || missing(wanted.series);
  }
  const name = VIEWS.includes(wanted.view) ? wanted.view : "overview";
  if (viewOf(name) === workbench) workbench.setFilter(wanted);
  switchView(name);
}

function showRow(id) {
  const row = statements.list("obs_id").indexOf(id);
  if (row < 0) return missing(id);
  if (view !== "review" && view !== "observations") switchView("observations");
  workbench.show(row, { focus: true });
}

async function showReport(id, at) {
  const report = documents.list("doc_id").indexOf(id);
  if (report < 0) return missing(id);
  workbench.setFilter({ report: String(report) });
  switchView("observations");
  const place = at === undefined ? -1 : rowsOf(firstNumber, report).findIndex((row) => numbers.get("char_start", row) === Number(at));
  if (place >= 0) return workbench.showUnused(firstNumber[report] + place);
  await workbench.open(report);
  workbench.grid.focus();
}

function missing(id) {
  if (view === null) switchView("overview");
  const text = t("not_found", { id });
  announce(text);
  const notice = el("p", { class: "notice", role: "alert" }, text, " ", el("button", { type: "button", onclick: () => notice.remove() }, t("close")));
  document.getElementById("main").prepend(notice);
}

/** Writes the words that stand outside the views. */
function label() {
  document.documentElement.lang = language === 0 ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = t(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  const button = document.getElementById("language");
  button.textContent = t("other_language");
  button.setAttribute("aria-label", t("switch_language"));
  button.lang = language === 0 ? "en" : "zh-CN";
  const toReview = review.reduce((sum, bits) => sum + (bits !== 0), 0);
  document.getElementById("sections").replaceChildren(...VIEWS.map((name) => el("a", { href: link({ view: name }), "data-view": name },
    t(name), name === "review" && toReview > 0 && [" ", el("span", { class: "pill" }, count(toReview))])));
  const keys = [["j k ↓ ↑", "key_next"], ["Enter", "key_open"], ["Esc", "key_back"], ["/", "key_search"], ["a w c n u", "key_decide"], ["← →", "key_marks"], ["?", "key_help"]];
  const dialog = document.getElementById("keys");
  dialog.replaceChildren(
    el("h2", { id: "keys-title" }, t("keys")),
    el("dl", {}, keys.map(([key, word]) => [el("dt", {}, key.split(" ").flatMap((one) => [el("kbd", {}, one), " "])), el("dd", {}, t(word))])),
    el("button", { type: "button", onclick: () => dialog.close() }, t("close")));
}

document.getElementById("language").addEventListener("click", () => {
  toggleLanguage();
  label();
  switchView(view);
});
document.getElementById("help").addEventListener("click", () => document.getElementById("keys").showModal());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("hashchange", route);
addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, select, textarea, dialog");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (writing) {
    if (event.key === "Escape" && writing.matches("input") && viewOf(view) === workbench) workbench.grid.focus();
    return;
  }
  if (event.key === "?") document.getElementById("keys").showModal();
  else if (event.target.closest?.("button, a, summary") && event.key === "Enter") return;
  else if (event.target.closest?.(".pane") && event.key.startsWith("Arrow")) return;
  else if (viewOf(view) !== workbench || !workbench.key(event.key)) return;
  event.preventDefault();
});

label();
route();
