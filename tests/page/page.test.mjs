// What a reader of the page does: from a row to its sentence, from a number to its row, and what must never happen.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { browser } from "./browser.mjs";

let chromium;
let page;

before(async () => { chromium = await browser(); });
after(() => chromium.close());
beforeEach(async () => {
  chromium.wrong.length = 0;
  page = await chromium.open("one.html");
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(chromium.wrong, [], "errors, dialogs or requests");
});

const goTo = (hash) => page.evaluate((hash) => { location.hash = hash; }, hash);
const current = () => page.locator("#rows tr[aria-selected=true]");
const mark = () => page.locator("#report mark[aria-current]");
const shown = async () => Number((await page.locator("#workbench .counts").innerText()).split(" ")[0].replace(/\D/g, ""));
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
/** Waits until a value is as it should be. */
async function becomes(get, expected) {
  for (let turn = 0; turn < 100; turn++) {
    if (await get() === expected) return;
    await page.waitForTimeout(50);
  }
  assert.equal(await get(), expected);
}

test("a row leads to its number in its sentence", async () => {
  await goTo("view=observations&q=规上工业增加值 282.7亿元");
  await page.locator("#rows tr[data-at='0'] .c-value").click();
  await mark().waitFor();
  assert.equal(await mark().innerText(), "282.7亿元");
  assert.match(await page.locator(".evidence h3").innerText(), /衢州市 2022-S1 .*282.7亿元/);
  assert.match(page.url(), /#obs=[0-9a-f]{32}$/);
  const [box, number] = [await page.locator("#report").boundingBox(), await mark().boundingBox()];
  assert.ok(number.y > box.y && number.y < box.y + box.height, "the number is in view");
});

test("a number in the text leads to its row, another to the reason why it is none", async () => {
  await goTo("view=observations");
  await page.locator("#rows tr[data-at='30'] .c-value").click();
  await mark().waitFor();
  const number = page.locator("#report mark.used").nth(4);
  const words = await number.innerText();
  await number.click();
  await becomes(() => mark().innerText(), words);
  assert.ok(words.includes((await current().locator(".c-value").innerText()).match(/[\d.]+/)[0]));

  await page.locator("#report mark.unused").first().click();
  assert.equal(await mark().getAttribute("class"), "unused");
  assert.match(await page.locator(".evidence").innerText(), /not used: \w+/);
});

test("a report that would like to be markup is text", async () => {
  await goTo("view=observations&q=快报 13.8%");
  await page.locator("#rows tr[data-at='0'] .c-value").click();
  await mark().waitFor();
  assert.equal(await mark().innerText(), "13.8%", "behind characters of two units the place is right");
  const text = await page.locator("#report").innerText();
  assert.ok(text.includes("</script><script>window.broken = 1</script>") && text.includes("<!--<script>"));
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator("main img, main script, main b:text('快报')").count(), 0);
  assert.equal(await page.locator("#report mark.entity").count(), 1);
});

test("filters leave the rows that they name, and say how many", async () => {
  await goTo("view=observations");
  const all = await shown();
  const region = page.locator("[data-facet=region]");
  const choice = (await region.locator("option").allInnerTexts()).find((text) => text.startsWith("龙游县"));
  await region.selectOption({ label: choice });
  assert.equal(await shown(), Number(choice.match(/\((\d+)\)/)[1]));
  await page.locator("[data-facet=measure]").selectOption("yoy");
  for (const row of await page.locator("#rows tr[data-at]").all()) {
    assert.match(await row.innerText(), /龙游县[^]*yoy/);
  }
  await page.locator("#search").fill("没有这样的指标");
  await becomes(shown, 0);
  await page.locator("#clear").click();
  assert.equal(await shown(), all);
});

test("the keyboard is enough", async () => {
  await goTo("view=observations");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("k");
  assert.equal(await current().getAttribute("data-at"), "1");
  await mark().waitFor();
  const at = await page.locator("#rows").getAttribute("aria-activedescendant");
  assert.equal(at, await current().getAttribute("id"));
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "MARK");
  do await page.keyboard.press("ArrowRight");
  while (await page.evaluate(() => document.activeElement.className) === "unused");
  await page.keyboard.press("Enter");
  await becomes(() => current().getAttribute("data-at"), "2");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "rows");
  await page.keyboard.press("End");
  assert.equal(Number(await current().getAttribute("data-at")), await shown() - 1);
  await page.keyboard.press("/");
  assert.equal(await focused(), "search");
  await page.keyboard.type("财政收入");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "rows");
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys").isVisible());
});

test("the head of a column sorts", async () => {
  await goTo("view=observations");
  await page.locator("#rows [data-key=sure]").click();
  assert.equal(await page.locator("#rows th.c-sure").getAttribute("aria-sort"), "ascending");
  const sure = (await page.locator("#rows td.c-sure").allInnerTexts()).map(Number);
  assert.deepEqual(sure, sure.toSorted((a, b) => a - b));
});

test("links lead to a row, a report, a series; a wrong one says so", async () => {
  await goTo("view=observations");
  await page.locator("#rows tr[data-at='7'] .c-value").click();
  await mark().waitFor();
  const [row, title] = [page.url().split("#")[1], await page.locator(".evidence h3").innerText()];
  const links = await page.locator(".decide a, .report-head a").evaluateAll((anchors) => anchors.map((anchor) => anchor.hash.slice(1)));
  const other = await chromium.open("one.html", `#${row}`);
  await other.locator(".evidence h3").waitFor();
  assert.equal(await other.locator(".evidence h3").innerText(), title);
  await other.close();
  await goTo(links.find((link) => link.startsWith("doc=")));
  await becomes(() => page.locator("[data-facet=report]").evaluate((select) => select.value !== ""), true);
  await goTo(links.find((link) => link.startsWith("series=")));
  await page.locator("#series figure svg .dot").first().waitFor();
  await goTo("obs=nothing");
  await page.getByRole("alert").getByText("There is no nothing here.").waitFor();
});

test("a gap in a series stays a gap", async () => {
  await goTo("view=series");
  await page.locator("#series input[type=search]").fill("数字经济核心产业增加值");
  await page.locator("#lines tr[data-at='0'] .c-indicator", { hasText: "数字经济核心产业增加值" }).click();
  const figure = page.locator("#series figure").first();
  await figure.locator(".dot").first().waitFor();
  const years = (await figure.locator(".dot title").allTextContents()).map((title) => title.slice(0, 4));
  assert.deepEqual(years, ["2018", "2019", "2021"]);
  assert.equal(await figure.locator(".join").count(), 1, "2018 to 2019 and no further");
});

test("decisions are kept, and go out as lines of JSON", async () => {
  await goTo("view=review");
  await page.keyboard.press("j");
  await page.locator(".evidence h3").waitFor();
  const id = page.url().split("obs=")[1];
  await page.keyboard.press("a");
  await becomes(() => current().getAttribute("data-at"), "1");
  await becomes(async () => page.url().includes(id), false);
  await page.locator(".decide").waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("see the table");
  await page.keyboard.press("Enter");
  await page.locator(".evidence .note").waitFor();
  await page.reload();
  await page.locator("#sections [data-view=review]").click();
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export decisions (2)" }).click();
  const lines = readFileSync(await (await waiting).path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const accepted = lines.find((line) => line.obs_id === id);
  assert.equal(accepted.decision, "accept");
  assert.equal(typeof accepted.surface, "string");
  assert.match(accepted.doc_id, /^[0-9a-f]{64}$/);
  assert.deepEqual(lines.filter((line) => line.note).map((line) => [line.decision, line.note]), [["note", "see the table"]]);
});

test("single quarters that no report states are drawn from trends, and marked", async () => {
  await goTo("view=series");
  await page.locator("#series input[type=search]").fill("衢州市 规模以上工业增加值");
  const ofCity = page.locator("#lines tr[data-at]", { has: page.locator(".c-indicator", { hasText: /^规模以上工业增加值$/ }) });
  await ofCity.filter({ has: page.locator(".c-region", { hasText: /^衢州市$/ }) }).click();
  const quarters = page.locator("#series figure.singles", { hasText: "single quarters" });
  await quarters.locator(".dot").first().waitFor();
  assert.deepEqual([await quarters.locator(".dot").count(), await quarters.locator(".derived").count(), await quarters.locator(".join").count()], [7, 5, 6]);
  const second = quarters.locator(".derived", { has: page.locator("title", { hasText: "2022-Q2" }) });
  assert.equal(await second.locator("title").textContent(), "2022-Q2: 151.2亿元 (derived quarter)");
  assert.ok((await page.locator("#series table", { hasText: "derived quarter" }).innerText()).includes("151.2亿元"));
  await page.locator("#series #kinds").selectOption("Q");
  assert.equal(await page.locator("#series figure.singles").count(), 1);
  await quarters.locator(".derived").last().press("Enter");
  await mark().waitFor();
  assert.match(await page.locator(".evidence h3").innerText(), /规模以上工业增加值/, "what the quarter follows from");
});

test("a finding leads to the statements that do not fit together", async () => {
  await goTo("view=checks");
  const row = page.locator("#table-checks tr[data-at='0']");
  const [severity, evidence] = await Promise.all(["severity", "evidence"].map((name) => row.locator(`.c-${name}`).innerText()));
  assert.match(severity, /^(info|warn|error)$/);
  await row.locator(".c-rows a").first().click();
  await mark().waitFor();
  const figure = (await mark().allInnerTexts()).join("").match(/[\d.]+/)[0];
  assert.ok(evidence.includes(figure), `${figure} in ${evidence}`);
});

/** Runs the program in the folder of the pages. */
const zhibiao = (...command) => execFileSync(process.env.ZHIBIAO_PROGRAM, command, { cwd: process.env.ZHIBIAO_PAGES, encoding: "utf8" });

test("what is decided in the page holds in the store, and the next page says so", async () => {
  const standing = (surface) => zhibiao("query", `SELECT value_text, flags FROM series WHERE surface = '${surface}'`, "--format", "csv").trim().split("\n").slice(1);
  const jobs = ["pipelines/quzhou.toml"];
  await page.evaluate(() => localStorage.clear());
  await page.close();
  // The page of what the store holds now.
  page = await chromium.open("many 页.html");
  const open = async (words) => {
    await page.locator("#search").fill(words);
    await page.locator("#rows tr[data-at='0'] .c-value", { hasText: words.split(" ").at(-1) }).click();
    await page.locator(".evidence h3", { hasText: words.split(" ").at(-1) }).waitFor();
  };
  assert.equal(standing("110.2亿元").length, 1);
  await goTo("view=review");
  await page.getByLabel("Your name").fill("王");
  await goTo("view=observations");
  await open("数字经济核心产业增加值 110.2亿元");
  await page.locator("[data-decision=reject]").click();
  await open("数字经济核心产业增加值 130.3亿元");
  await page.keyboard.press("Escape");
  await page.locator("[data-decision=correct]").click();
  const form = page.locator(".correct-form");
  await form.locator("[name=new_value_text]").fill("131.3");
  await form.locator("[name=new_time_period]").fill("2020");
  await form.getByRole("button").click();
  assert.match(await page.locator(".evidence dl").innerText(), /Decision[^]*corrected Period code → 2020；Number → 131.3 王 · [\d-]+ · not in the store yet/);
  await goTo("view=review");
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export decisions (2)" }).click();
  await (await waiting).saveAs(join(process.env.ZHIBIAO_PAGES, "decisions.jsonl"));

  assert.match(zhibiao("review", "apply", "decisions.jsonl", ...jobs), /^applied 2 decisions/);
  assert.deepEqual(standing("110.2亿元"), []);
  assert.deepEqual(standing("130.3亿元"), ["131.3,corrected"]);
  assert.match(zhibiao("review", "apply", "decisions.jsonl", ...jobs), /^nothing new in 2 decisions/);
  zhibiao("report", "-o", "decided.html");

  const other = await chromium.open("decided.html", "#view=observations");
  await other.locator("#search").fill("数字经济核心产业增加值 110.2亿元");
  await other.locator("#rows tr[data-at='0'] .c-value", { hasText: "110.2" }).click();
  await other.locator(".evidence dl", { hasText: "in the store" }).waitFor();
  assert.match(await other.locator(".evidence dl").innerText(), /found wrong, and counts no more[^]*wrong +王 · [\d-]+ · in the store/);
  await other.locator("#sections [data-view=decisions]").click();
  await other.locator("#table-decisions td", { hasText: "131.3" }).waitFor();
  await other.locator("#sections [data-view=review]").click();
  assert.equal(await other.getByRole("button", { name: "Export decisions (0)" }).count(), 1, "nothing that the store does not know");
  await other.close();
});

test("a cell of the coverage leads to as many rows as it says", async () => {
  await goTo("view=coverage");
  const cell = page.locator(".matrix td a").first();
  const rows = Number((await cell.innerText()).replace(/\D/g, ""));
  await cell.click();
  await page.locator("#rows tr[data-at]").first().waitFor();
  assert.equal(await shown(), rows);
});

test("numbers that are not used lead to their place", async () => {
  await goTo("view=unused");
  const number = page.locator("#numbers td.c-number a").first();
  const words = await number.innerText();
  await number.click();
  await mark().waitFor();
  assert.equal((await mark().allInnerTexts()).join(""), words);
});

test("both languages", async () => {
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.locator("#language").click();
  assert.equal(await page.locator("#overview h2").innerText(), "概览");
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  await page.locator("#language").click();
});

test("every view has its landmarks, and every control a name", async () => {
  for (const view of ["overview", "review", "observations", "series", "coverage", "unused", "checks", "definitions"]) {
    await goTo(`view=${view}`);
    await page.locator(`#sections [data-view=${view}][aria-current=page]`).waitFor();
    const tree = await page.locator("body").ariaSnapshot();
    assert.match(tree, /- banner:[^]*- navigation "Sections"[^]*- main:[^]*heading/, view);
    assert.doesNotMatch(tree, /- (textbox|searchbox|combobox|button|checkbox|link)$/m, view);
  }
});

test("what is printed is the list and not its window", async () => {
  await goTo("view=observations");
  const rows = await shown();
  assert.ok(await page.locator("#rows tr[data-at]").count() < rows);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("#rows tr[data-at]").count(), Math.min(rows, 2000));
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok(await page.locator("#rows tr[data-at]").count() < rows);
});

test("reports beside the page are opened, and one that is gone is named", async () => {
  const many = await chromium.open("many 页.html", "#view=observations");
  await many.locator("#rows tr[data-at='0'] .c-value").click();
  await many.locator("#report mark[aria-current]").waitFor();
  // The longest of them has five megabytes.
  await many.locator("#search").fill("数字经济核心产业增加值 130.3亿元");
  await many.locator("#rows tr[data-at='0'] .c-value", { hasText: "130.3" }).click();
  await many.locator("#report mark[aria-current]", { hasText: "130.3亿元" }).waitFor();
  const folder = join(process.env.ZHIBIAO_PAGES, "many 页.files");
  renameSync(folder, `${folder}.away`);
  await many.locator("#search").fill("社会消费品零售总额");
  await many.locator("#rows tr[data-at='0'] .c-value", { hasNotText: "130.3" }).click();
  await many.getByRole("alert").getByText("is not there").waitFor();
  renameSync(`${folder}.away`, folder);
  await many.close();
  chromium.wrong.splice(0, chromium.wrong.length, ...chromium.wrong.filter((text) => !text.includes("ERR_FILE_NOT_FOUND")));
});
