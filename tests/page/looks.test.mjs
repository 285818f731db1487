// The page on a narrow window and in the dark: nothing runs out of it, and words can be read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browser } from "./browser.mjs";

const VIEWS = ["overview", "review", "observations", "series", "coverage", "unused", "checks", "definitions"];

test("nothing runs out of a window of 390 pixels", async () => {
  const chromium = await browser({ viewport: { width: 390, height: 844 } });
  try {
    const page = await chromium.open("one.html");
    for (const view of VIEWS) {
      await page.evaluate((view) => { location.hash = `view=${view}`; }, view);
      await page.locator(`#sections [data-view=${view}][aria-current=page]`).waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), view);
    }
    await page.evaluate(() => { location.hash = "view=observations"; });
    await page.locator("#rows tr[data-at='2']").click();
    await page.locator("#report mark[aria-current]").waitFor();
    assert.deepEqual(chromium.wrong, []);
  } finally {
    await chromium.close();
  }
});

for (const colorScheme of ["light", "dark"]) {
  test(`words stand out enough: ${colorScheme}`, async () => {
    const chromium = await browser({ colorScheme });
    try {
      const page = await chromium.open("one.html");
      const pairs = [
        ["ink", "paper"], ["ink", "card"], ["soft", "paper"], ["soft", "card"], ["link", "paper"], ["link", "card"], ["ink", "used"],
        ["ink", "entity"], ["ink", "sentence"], ["ink", "words"], ["soft", "sentence"], ["current-ink", "current"], ["warn", "warn-paper"], ["paper", "ink"],
      ];
      for (const [ink, paper] of pairs) {
        const colours = await page.evaluate((names) => names.map((name) => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = `var(--${name})`;
          const colour = getComputedStyle(probe).color.match(/\d+/g).map(Number);
          probe.remove();
          return colour;
        }), [ink, paper]);
        const ratio = contrast(...colours);
        assert.ok(ratio >= 4.5, `${ink} on ${paper}: ${ratio.toFixed(2)}`);
      }
    } finally {
      await chromium.close();
    }
  });
}

/** The contrast of two colours as WCAG 2 counts it. */
function contrast(a, b) {
  const light = (colour) => colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }).reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}
