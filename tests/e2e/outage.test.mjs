// What a person sees while a process is gone, and that it comes back without a reload.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { launchBrowser, openPage, signIn } from "./browser.mjs";

const devices = ["conveyor", "station1", "station2", "reject", "total"];
let system, browser;

before(async () => {
  system = await startSystem();
  browser = await launchBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await system?.stop();
}, { timeout: 60_000 });

const text = (page, id) => page.getByTestId(id).innerText();
const pid = (name) => JSON.parse(readFileSync(`${system.root}/run/${name}.status.json`, "utf8")).pid;
const state = (page) => page.getByTestId("live-dot").getAttribute("data-live");

test("while the PLC is silent every card is offline with the reason, and never 0", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await waitUntil("a power", async () => /\d/.test(await text(page, "power-total")));
  const plc = pid("plc");

  process.kill(plc, "SIGSTOP");
  try {
    for (const device of devices) {
      await page.getByTestId(`reason-${device}`).waitFor({ timeout: 15_000 });
      assert.equal(await text(page, `power-${device}`), "–");
      assert.match(await text(page, `device-${device}`), /Offline/);
    }
    assert.equal(await text(page, "product-count"), "–");
    assert.equal(await state(page), "live"); // The server is there; the PLC is not.
  } finally {
    process.kill(plc, "SIGCONT");
  }
  await waitUntil("a power again", async () => /\d/.test(await text(page, "power-total")));
  assertClean();
  await context.close();
});

test("without the server the page says since when, and is live again by itself", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  await waitUntil("live values", async () => (await state(page)) === "live");

  process.kill(pid("web"), "SIGKILL");

  await waitUntil("offline", async () => (await state(page)) === "offline");
  assert.match(await text(page, "live-dot"), /Offline since \d\d:\d\d:\d\d/);
  await page.getByTestId("live-warning").waitFor();
  await waitUntil("live again", async () => (await state(page)) === "live", 30_000);
  assert.equal(await page.getByTestId("username").count(), 0); // The session stands.
  await context.close();
});
