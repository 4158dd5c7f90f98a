// The page /api/docs in a real browser: under the server's strict policy, without another host.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem } from "../system.mjs";
import { launchBrowser, openPage, signIn } from "./browser.mjs";

let system, browser;

before(async () => {
  system = await startSystem();
  browser = await launchBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await system?.stop();
}, { timeout: 60_000 });

/** Opens a call in the list, sends it as it stands and waits for the status of its answer. */
async function tryOut(page, id) {
  const call = page.locator(`.opblock[id$="-${id}"]`);
  await call.locator(".opblock-summary-control").click();
  await call.getByRole("button", { name: "Try it out" }).click();
  await call.getByRole("button", { name: "Execute" }).click();
  // The first one is the head of the column.
  return call.locator(".live-responses-table .response-col_status").nth(1).innerText({ timeout: 20_000 });
}

test("who is not signed in reads how to, and loads nothing more", async () => {
  const { page, context, assertClean } = await openPage(browser, `${system.url}/api/docs`);
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));

  await page.locator("#sign-in").waitFor();

  assert.match(await page.locator("header").innerText(), /Authorization: Bearer wl_/);
  assert.ok(!loaded.some((url) => url.includes("swagger-ui-bundle")));
  assertClean();
  await context.close();
});

test("who is signed in sees every call and can try them, writes too", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await page.goto(`${system.url}/api/docs`);
  await page.locator(".opblock-tag").first().waitFor({ timeout: 30_000 });

  const description = await page.evaluate(async () => (await fetch("/api/openapi.json")).json());
  const calls = Object.values(description.paths).flatMap((path) => Object.keys(path));
  const tags = new Set(Object.values(description.paths).flatMap((path) => Object.values(path).map((c) => c.tags[0])));
  assert.equal(await page.locator(".opblock-tag").count(), tags.size);
  for (const tag of await page.locator(".opblock-tag").all()) await tag.click();
  assert.equal(await page.locator(".opblock").count(), calls.length);

  assert.match(await tryOut(page, "list_devices"), /^200/);
  assert.match(await tryOut(page, "preview_threshold"), /^200/, "a write, with the token of the session");
  assertClean();
  await context.close();
});

test("its own words are in the language of the reader", async () => {
  const { page, context } = await openPage(browser, `${system.url}/api/docs`, { language: "zh-CN" });

  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.match(await page.locator("#sign-in").innerText(), /登录/);
  await context.close();
});
