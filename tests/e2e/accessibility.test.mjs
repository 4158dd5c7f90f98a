// axe-core finds nothing on any page, in both themes, wide and narrow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { startSystem } from "../system.mjs";
import { launchBrowser, openPage, settle, signIn } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = [
  "/",
  "/alarms",
  "/devices/conveyor",
  "/history",
  "/energy",
  "/oee",
  "/report",
  "/thresholds",
  "/points",
  "/account",
  "/users",
  "/audit",
  "/system",
  "/no-such-page",
];
let system, browser;

before(
  async () => {
    system = await startSystem();
    browser = await launchBrowser();
  },
  { timeout: 120_000 },
);

after(
  async () => {
    await browser?.close();
    await system?.stop();
  },
  { timeout: 60_000 },
);

/** One line a violation: the rule and where. */
async function violations(page) {
  const found = await page.evaluate(`${axe}; axe.run()`);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${page.url()} ${id}: ${target}`));
}

for (const theme of ["light", "dark"]) {
  for (const width of [1440, 390]) {
    test(`every page is free of violations, ${theme} at ${width} px`, async () => {
      const { page, context, assertClean } = await openPage(browser, system.url, { theme, width });
      await page.getByTestId("username").waitFor();
      const found = await violations(page);
      await signIn(page);
      for (const path of pages) {
        await page.goto(system.url + path);
        await settle(page);
        found.push(...(await violations(page)));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) found.push(`${path} is ${wide} px wider than the window`);
      }
      assert.deepEqual(found, []);
      assertClean();
      await context.close();
    });
  }
}
