// What is around every page: navigation wide and narrow, what a role may see, addresses that do not exist.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

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

const navNames = (page) =>
  page
    .locator("aside a[data-testid^=nav-]")
    .evaluateAll((links) => links.map((link) => link.dataset.testid.slice(4)));

test("each page of the navigation opens, has one heading and a title of its own", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  const titles = new Set();
  const names = await navNames(page);

  for (const name of names) {
    await page.locator(`aside [data-testid=nav-${name}]`).click();
    await page.locator(`aside [data-testid=nav-${name}][aria-current=page]`).waitFor();
    await settle(page);
    assert.equal(await page.locator("h1").count(), 1, `${name} has one h1`);
    titles.add((await page.title()).split(" – ")[1]);
  }

  assert.deepEqual(names, [
    "dashboard",
    "alarms",
    "history",
    "energy",
    "oee",
    "report",
    "thresholds",
    "points",
    "account",
    "users",
    "audit",
    "system",
  ]);
  assert.equal(titles.size, names.length);
  assertClean();
  await context.close();
});

test("a user is not offered what only administrators may open, and is led away from it", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await addUser(page, system.url, "operator1", "night-shift-7");
  await context.clearCookies();
  await page.goto(system.url);
  await signIn(page, "operator1", "night-shift-7");

  const names = await navNames(page);
  await page.goto(`${system.url}/users`);
  await settle(page);

  assert.ok(!names.includes("users") && !names.includes("audit") && names.includes("alarms"));
  assert.equal(new URL(page.url()).pathname, "/");
  assertClean();
  await context.close();
});

test("on a phone the pages are in a drawer that the keyboard closes", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url, { width: 390 });
  await signIn(page);

  await page.getByTestId("nav-open").click();
  await page.getByTestId("drawer").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("drawer").waitFor({ state: "hidden" });
  await page.getByTestId("nav-open").click();
  await page.getByTestId("drawer").getByTestId("nav-points").click();
  await page.getByTestId("drawer").waitFor({ state: "hidden" });

  await page.waitForURL("**/points");
  assertClean();
  await context.close();
});

test("an address that does not exist says so and leads back", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);

  await page.goto(`${system.url}/no-such-page`);
  await page.getByRole("main").getByRole("link").click();

  await page.getByTestId("device-conveyor").waitFor();
  await context.close();
});
