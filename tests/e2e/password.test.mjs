// Changing the shipped password, on an installation of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem } from "../system.mjs";
import { launchBrowser, openPage, signIn } from "./browser.mjs";

let system, browser;

before(async () => {
  system = await startSystem(["PASSWORD_MIN_LENGTH=10"]);
  browser = await launchBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await system?.stop();
}, { timeout: 60_000 });

async function fill(page, old, next, repeat = next) {
  await page.getByTestId("old-password").fill(old);
  await page.getByTestId("new-password").fill(next);
  await page.getByTestId("repeat-password").fill(repeat);
  await page.keyboard.press("Enter");
}

test("a bad change is refused in words, a good one takes the banner away and counts", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  await page.getByTestId("default-password").getByRole("button").click();
  const error = page.getByTestId("password-error");

  await fill(page, "admin123", "nine-char");
  await error.filter({ hasText: "10 characters" }).waitFor();
  await fill(page, "admin123", "long enough 1", "long enough 2");
  await error.filter({ hasText: "differ" }).waitFor();
  await fill(page, "not the old", "long enough 1");
  await error.filter({ hasText: "old password is wrong" }).waitFor();
  await fill(page, "admin123", "long enough 1");

  await page.getByTestId("password-dialog").waitFor({ state: "hidden" });
  await page.getByTestId("default-password").waitFor({ state: "detached" });
  await page.getByTestId("user-menu").click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("username").waitFor();
  await signIn(page, "admin", "long enough 1");
  assert.equal(await page.getByTestId("default-password").count(), 0);
  await context.close();
});
