// A browser with an own empty profile, and what goes wrong in it: errors, and requests that leave the machine.

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(join(process.env.ZHIBIAO_DRIVER, "package.json"))("playwright-core");

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Opens pages of the folder ZHIBIAO_PAGES; `close` ends the browser and forgets its profile. */
export async function browser(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "zhibiao-page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    ...options,
  });
  const wrong = [];
  const watch = (page) => {
    page.on("pageerror", (error) => wrong.push(error.stack));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
    page.on("dialog", (dialog) => wrong.push(`dialog ${dialog.message()}`));
    page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || wrong.push(request.url()));
  };
  return {
    wrong,
    /** A tab with a page of the folder at an address within it, once it shows something. */
    async open(name, hash = "") {
      const page = await context.newPage();
      watch(page);
      await page.goto(pathToFileURL(join(process.env.ZHIBIAO_PAGES, name)).href + hash);
      await page.locator("main > section:not([hidden]) h2").first().waitFor();
      return page;
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
