// axe-core finds nothing on either page, in both themes, wide and narrow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { startSystem } from "../system.mjs";
import { launchBrowser, openPage, signIn } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let system, browser;

before(async () => {
  system = await startSystem();
  browser = await launchBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await system?.stop();
}, { timeout: 60_000 });

/** One line a violation: the rule and where. */
async function violations(page) {
  const found = await page.evaluate(`${axe}; axe.run()`);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

for (const theme of ["light", "dark"]) {
  for (const width of [1440, 390]) {
    test(`both pages are free of violations, ${theme} at ${width} px`, async () => {
      const { page, context } = await openPage(browser, system.url, { theme, width });
      await page.getByTestId("username").waitFor();
      assert.deepEqual(await violations(page), []);
      await signIn(page);
      await page.getByTestId("device-total").waitFor();
      assert.deepEqual(await violations(page), []);
      await page.getByTestId("trend-toggle").click();
      assert.deepEqual(await violations(page), []);
      await context.close();
    });
  }
}
