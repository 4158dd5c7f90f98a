// A real alarm: seen, acknowledged with a note, shelved, found again, exported, in both languages.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

let system, browser, admin;

/** As the page that is signed in does it. */
async function post(page, path, data) {
  const { csrf_token } = await (await page.request.get(`${system.url}/auth/check`)).json();
  return page.request.post(system.url + path, { headers: { "X-CSRF-Token": csrf_token }, data });
}
const get = async (page, path) =>
  (await page.request.get(system.url + path, { headers: { "Accept-Language": "en" } })).json();
const openAlarms = async (page) => (await get(page, "/api/alarms?state=open&page_size=500")).alarms;

/** The scan count is always above 1: such an alarm stands for the whole test. One a level and kind. */
async function raise(page, level, parameter = "scan_count", value = 1) {
  const body = { device_id: "total", parameter_name: parameter, threshold_value: value, alarm_level: level };
  const answer = await post(page, "/api/thresholds", body);
  assert.equal(answer.status(), 201, await answer.text());
  return waitUntil(`the alarm of ${parameter}`, async () =>
    (await openAlarms(page)).find((alarm) => alarm.parameter_name === parameter && alarm.alarm_level === level),
  );
}

before(
  async () => {
    system = await startSystem(["ALARM_CONSECUTIVE_COUNT=1"]);
    browser = await launchBrowser();
    admin = await openPage(browser, system.url);
    await signIn(admin.page);
    await addUser(admin.page, system.url, "operator1", "night-shift-7");
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

/** A user, without what an administrator may. */
async function asOperator(options = {}) {
  const opened = await openPage(browser, system.url, options);
  await signIn(opened.page, "operator1", "night-shift-7");
  return opened;
}

test("a real alarm appears by itself in banner and list, and a user acknowledges it with a note", async () => {
  const { page, context, assertClean } = await asOperator();
  await page.locator("aside").getByTestId("nav-alarms").click();
  await settle(page);

  const alarm = await raise(admin.page, "critical");

  const row = page.getByTestId(`alarm-${alarm.id}`);
  await row.waitFor();
  await page.getByTestId("alarm-banner").getByText(alarm.message).waitFor();
  assert.match(await row.innerText(), /Critical[^]*Active, not acknowledged[^]*above the limit 1/);
  await page.getByTestId(`acknowledge-${alarm.id}`).click();
  await page.getByTestId("order-note").fill("seen, 去看了");
  await page.getByTestId("dialog-confirm").click();
  await page.locator(`[data-testid=alarm-${alarm.id}][data-state=active_acked]`).waitFor();
  assert.match(await row.innerText(), /operator1/);
  await page.getByTestId("alarm-banner").waitFor({ state: "hidden" });
  // The page knows it from the live feed, a moment before the database does.
  const stored = await waitUntil("it is stored", async () => {
    const read = (await get(page, `/api/alarms/${alarm.id}`)).alarm;
    return read.acknowledged && read;
  });
  assert.deepEqual([stored.acknowledged_by, stored.note], ["operator1", "seen, 去看了"]);
  assertClean();
  await context.close();
});

test("the detail has the journal, stands in the address, and leads to the threshold", async () => {
  const { page, context, assertClean } = await asOperator();
  const alarm = (await openAlarms(page)).find(({ parameter_name }) => parameter_name === "scan_count");
  await page.goto(`${system.url}/alarms`);
  await page.getByTestId(`open-${alarm.id}`).click();
  await page.getByTestId("journal").waitFor();

  assert.equal(new URL(page.url()).searchParams.get("alarm"), String(alarm.id));
  await page.reload();
  await page.getByTestId("journal").waitFor();

  const { journal } = await get(page, `/api/alarms/${alarm.id}`);
  const shown = await page
    .locator("[data-testid=journal] [data-event]")
    .evaluateAll((lines) => lines.map((line) => line.dataset.event));
  assert.ok(shown.includes("raise") && shown.includes("acknowledge"), shown.join());
  assert.deepEqual(
    shown,
    journal.map(({ event }) => event),
  );
  assert.match(await page.getByTestId("detail-history").getAttribute("href"), /total\.scan_count/);
  await page.getByTestId("detail-threshold").click();
  await page.getByTestId("thresholds-total").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("point"), "scan_count");
  await page.goBack();
  await page.getByTestId("alarm-detail").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.searchParams.has("alarm"));
  assertClean();
  await context.close();
});

test("an alarm is shelved for a time with a reason, stands last, and comes back", async () => {
  const alarm = await raise(admin.page, "emergency");
  const { page, context, assertClean } = await asOperator();
  await page.goto(`${system.url}/alarms?alarm=${alarm.id}`);

  await page.getByTestId("detail-shelve").click();
  await page.getByTestId("shelve-custom").check();
  await page.getByTestId("shelve-minutes").fill("1441");
  await page.getByTestId("order-dialog").getByTestId("dialog-confirm").click();
  assert.match(await page.getByTestId("dialog-fault").innerText(), /1440/);
  await page.getByTestId("shelve-60").check();
  await page.getByTestId("order-note").fill("sensor is being replaced");
  await page.getByTestId("order-dialog").getByTestId("dialog-confirm").click();

  await page.getByTestId("detail-unshelve").waitFor();
  // The page knows it from the live feed, a moment before the database does.
  const shelved = await waitUntil("it is stored", async () => {
    const stored = (await get(page, `/api/alarms/${alarm.id}`)).alarm;
    return stored.state === "shelved" && stored;
  });
  assert.ok(Math.abs(Date.parse(shelved.shelved_until) - Date.now() - 3_600_000) < 60_000);
  await page.keyboard.press("Escape");
  await waitUntil("the shelved one stands last", async () => {
    const rows = await page
      .locator("[data-testid=alarm-rows] tr")
      .evaluateAll((all) => all.map((r) => r.dataset.testid));
    return rows.at(-1) === `alarm-${alarm.id}`;
  });
  await page.getByTestId(`unshelve-${alarm.id}`).click();
  await page.getByTestId("dialog-confirm").click();
  await page.locator(`[data-testid=alarm-${alarm.id}][data-state=active_unacked]`).waitFor();
  await page.getByTestId("alarm-banner").getByText("Emergency").waitFor();
  assertClean();
  await context.close();
});

test("rows are selected by keyboard and range, stand still meanwhile, and the refused one is named", async () => {
  const { page, context, assertClean } = await asOperator();
  await page.goto(`${system.url}/alarms`);
  await settle(page);
  const ids = async () =>
    page
      .locator("[data-testid=alarm-rows] tr")
      .evaluateAll((rows) => rows.map((row) => Number(row.dataset.testid.slice(6))));
  await waitUntil("two rows", async () => (await ids()).length >= 2);
  const [first, ...rest] = await ids();
  const last = rest.at(-1);

  await page.getByTestId(`select-${first}`).focus();
  await page.keyboard.press("Space");
  await page.getByTestId(`select-${last}`).click({ modifiers: ["Shift"] });
  assert.match(await page.getByTestId("selected-count").innerText(), new RegExp(`^${rest.length + 1} `));
  const before = await ids();
  await raise(admin.page, "warning");
  await page.getByTestId("show-new").waitFor();
  assert.deepEqual(await ids(), before);

  await page.getByTestId("selected-acknowledge").click();
  await page.getByTestId("dialog-confirm").click();
  // The first alarm of this file was acknowledged there: it cannot be once more.
  await page.getByTestId("order-refused").waitFor();
  assert.match(await page.getByTestId("order-refused").innerText(), /scan_count[^]*acknowledged by operator1/);
  await page.keyboard.press("Escape");
  await waitUntil("the new one is in the list", async () => (await ids()).length > before.length);
  await page.getByTestId("select-page").check();
  assert.match(await page.getByTestId("selected-count").innerText(), new RegExp(`^${(await ids()).length} `));
  await page.getByTestId("select-clear").click();
  assertClean();
  await context.close();
});

test("filters stand in the address, statistics and file are those of the API", async () => {
  const { page, context, assertClean } = await asOperator();
  await page.goto(`${system.url}/alarms`);
  await page.getByTestId("view-history").click();
  await page.getByTestId("filter-level").selectOption("critical");
  await page.getByTestId("filter-device").selectOption("total");
  await page.waitForURL(/level=critical.*device=total|device=total.*level=critical/);
  await settle(page);

  const answer = await get(page, "/api/alarms?alarm_level=critical&device_id=total");
  assert.ok(answer.statistics.total > 0);
  assert.equal(await page.locator("[data-testid=alarm-rows] tr").count(), answer.alarms.length);
  assert.match(
    await page.getByTestId("count-critical").innerText(),
    new RegExp(`${answer.statistics.by_level.critical}$`),
  );
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("alarms-csv").click()]);
  const asked = await page.request.get(
    `${system.url}/api/alarms?alarm_level=critical&device_id=total&format=csv`,
    {
      headers: { "Accept-Language": "en" },
    },
  );
  assert.equal(await readFile(await download.path(), "utf8"), await asked.text());
  assert.match(download.suggestedFilename(), /^alarms-\d{4}-\d\d-\d\d\.csv$/);

  await page.reload();
  await settle(page);
  assert.equal(await page.getByTestId("filter-level").inputValue(), "critical");
  await page.getByTestId("filter-state").selectOption("suppressed");
  await page.getByText("No alarm matches the filter").waitFor();
  await page.getByTestId("filter-reset").click();
  await page.waitForURL((url) => !url.searchParams.has("level"));
  assertClean();
  await context.close();
});

test("sound off survives a reload, and a page in which nobody has clicked says that it is quiet", async () => {
  const { page, context, assertClean } = await asOperator();
  await page.goto(`${system.url}/alarms`);
  await page.getByTestId("page-horn").click();
  await page.getByText("Sound is off in this browser").waitFor();
  await page.reload();
  await page.getByText("Sound is off in this browser").waitFor();
  await page.getByTestId("page-horn").click();
  // A page in which nobody has clicked: the tool that drives this one counts as a person.
  await page.addInitScript(() =>
    Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false } }),
  );
  await page.reload();
  await page.getByTestId("sound-text").waitFor();

  await raise(admin.page, "critical", "energy_kwh", 0);
  await page.getByTestId("alarm-banner").getByTestId("sound-blocked").waitFor();
  await page.getByTestId("alarm-banner").getByTestId("silence").click();

  await page.getByTestId("sound-blocked").first().waitFor({ state: "hidden" });
  await page.getByTestId("alarm-banner").getByText("Silenced").waitFor();
  assertClean();
  await context.close();
});

test("in Chinese, on a phone, the page has no English word and no sideways scroll", async () => {
  const { page, context, assertClean } = await asOperator({ language: "zh-CN", width: 390 });
  await page.goto(`${system.url}/alarms`);
  await settle(page);
  await page.locator("[data-testid=alarm-rows] tr").first().waitFor();

  assert.match(await page.getByTestId("alarm-rows").innerText(), /紧急|严重|警告/);
  assert.doesNotMatch(await page.getByTestId("alarm-list").innerText(), /Active|Acknowledge|Shelve/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assertClean();
  await context.close();
});

test("a server that does not answer leaves the list, marked, and the next attempt mends it", async () => {
  const { page, context } = await asOperator();
  await page.goto(`${system.url}/alarms`);
  await page.locator("[data-testid=alarm-rows] tr").first().waitFor();
  await page.route("**/api/alarms?*", (route) => route.abort());
  await post(admin.page, "/api/alarms/acknowledge", { ids: (await openAlarms(page)).map(({ id }) => id) });

  const mark = page.getByTestId("alarm-list").getByRole("alert");
  await mark.waitFor();
  assert.ok((await page.locator("[data-testid=alarm-rows] tr").count()) > 0);
  await page.unroute("**/api/alarms?*");
  await mark.getByRole("button").click();
  await mark.waitFor({ state: "hidden" });
  await context.close();
});
