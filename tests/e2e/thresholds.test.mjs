// Thresholds through the page: what is set there makes real alarms; nobody's change is overwritten.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

let system, browser;

before(
  async () => {
    system = await startSystem(["ALARM_CONSECUTIVE_COUNT=1", "DEMO_HISTORY_DAYS=2"]);
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

const english = { "Accept-Language": "en" };
async function token(page) {
  return {
    ...english,
    "X-CSRF-Token": (await (await page.request.get(`${system.url}/auth/check`)).json()).csrf_token,
  };
}
const list = async (page) =>
  (await (await page.request.get(`${system.url}/api/thresholds`, { headers: english })).json()).thresholds;
const thresholdOf = async (page, device, point) =>
  (await list(page)).find(({ device_id, parameter_name }) => device_id === device && parameter_name === point);

async function openThresholds(page) {
  await page.goto(`${system.url}/thresholds`);
  await settle(page);
}

/** Fills the open dialog. */
async function fill(page, device, point, value) {
  await page.getByTestId("form-device").selectOption(device);
  await page.getByTestId("form-point").selectOption(point);
  await page.getByTestId("form-value").fill(value);
}
const confirm = (page) => page.locator("dialog[open] [data-testid=dialog-confirm]").click();

test("the list has every threshold of the API, by device, with its unit", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await openThresholds(page);

  const stored = await list(page);
  assert.ok(stored.length > 0);
  for (const { id, device_id, threshold_value, unit, kind } of stored) {
    const row = page.getByTestId(`thresholds-${device_id}`).getByTestId(`threshold-${id}`);
    const text = await row.innerText();
    if (kind === "limit") assert.ok(text.includes(`${threshold_value} ${unit}`), text);
  }
  await page.getByTestId("filter-device").selectOption(stored[0].device_id);
  await page.waitForURL(`**/thresholds?device=${stored[0].device_id}`);
  assert.equal(await page.locator("tbody").count(), 1);
  assertClean();
  await context.close();
});

test("a threshold that is added in the page raises an alarm, changed it ends, switched off it is out", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await openThresholds(page);
  await page.getByTestId("add-threshold").click();
  await fill(page, "total", "scan_count", "1");
  await page.getByTestId("form-level").selectOption("critical");
  await confirm(page);

  const added = await waitUntil("the threshold", () => thresholdOf(page, "total", "scan_count"));
  await page.getByTestId(`threshold-${added.id}`).waitFor();
  await page.getByTestId("alarm-banner").getByText("scan_count").waitFor();

  await page.getByTestId(`change-${added.id}`).click();
  await page.getByTestId("form-value").fill("4000000000");
  await confirm(page);
  await page.getByTestId(`threshold-${added.id}`).getByText("4,000,000,000").waitFor();
  const state = async () => {
    const query = "device_id=total&state=active_unacked,active_acked";
    const { alarms } = await (await page.request.get(`${system.url}/api/alarms?${query}`)).json();
    return alarms.some(({ parameter_name }) => parameter_name === "scan_count");
  };
  await waitUntil("the alarm is gone", async () => !(await state()));

  await page.getByTestId(`enabled-${added.id}`).click();
  await page.getByTestId("threshold-question").getByText("nobody is told").waitFor();
  await confirm(page);
  await page.locator(`[data-testid=enabled-${added.id}][aria-checked=false]`).waitFor();
  assert.equal((await thresholdOf(page, "total", "scan_count")).enabled, false);
  await page.getByTestId(`enabled-${added.id}`).click();
  await page.locator(`[data-testid=enabled-${added.id}][aria-checked=true]`).waitFor();

  await page.getByTestId(`remove-${added.id}`).click();
  await confirm(page);
  await page.getByTestId(`threshold-${added.id}`).waitFor({ state: "detached" });
  assert.equal(await thresholdOf(page, "total", "scan_count"), undefined);
  assertClean();
  await context.close();
});

test("the preview has the firings of the API and warns of a nuisance and of one that never fires", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await openThresholds(page);
  const preview = page.getByTestId("preview");
  const counted = async (value, device_id = "conveyor") => {
    const data = {
      device_id,
      parameter_name: "power_kw",
      threshold_value: value,
      hysteresis: 0,
      days: 7,
    };
    const answer = await page.request.post(`${system.url}/api/thresholds/preview`, {
      headers: await token(page),
      data,
    });
    return answer.json();
  };
  await page.getByTestId("add-threshold").click();

  await fill(page, "conveyor", "power_kw", "0.5");
  const low = await counted(0.5);
  await page.locator(`[data-testid=preview][data-firings="${low.firings}"]`).waitFor();
  assert.match(
    await preview.innerText(),
    new RegExp(`fired ${low.firings} times, ${low.minutes.toLocaleString("en")} min`),
  );
  assert.equal(await page.getByTestId("preview-newest").locator("li").count(), Math.min(5, low.newest.length));

  await page.getByTestId("form-value").fill("99");
  await preview.locator("[data-verdict=never]").waitFor();
  await page.getByTestId("form-value").fill("101");
  await preview.getByText("Enter a valid limit").waitFor();
  await confirm(page);
  await page.locator("[data-fault=outside]").waitFor();
  // Station 1 works in strokes: its power passes such a limit many times a day.
  await fill(page, "station1", "power_kw", "3");
  const often = await counted(3, "station1");
  assert.ok((often.firings * 1440) / often.minutes_with_values > 10, JSON.stringify(often));
  await preview.locator("[data-verdict=nuisance]").waitFor();
  await page.getByTestId("form-kind").selectOption("rate");
  await preview.getByText("Only limits").waitFor();
  assertClean();
  await context.close();
});

test("a change of somebody else is shown and not overwritten; a second of the same kind is explained", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  await openThresholds(page);
  const mine = (await list(page)).find(({ kind }) => kind === "limit");
  await page.getByTestId(`change-${mine.id}`).click();
  await page.getByTestId("form-value").fill("7.5");
  const headers = await token(page);
  await page.request.put(`${system.url}/api/thresholds/${mine.id}`, { headers, data: { threshold_value: 8.25 } });

  await confirm(page);
  const notice = page.getByTestId("changed-by");
  await notice.waitFor();
  assert.match(await notice.innerText(), /admin changed it at .*8\.25/);
  assert.equal((await list(page)).find(({ id }) => id === mine.id).threshold_value, 8.25);
  await page.getByTestId("load-new").click();
  assert.equal(await page.getByTestId("form-value").inputValue(), "8.25");
  await page.getByTestId("form-value").fill("7.5");
  await confirm(page);
  await page.getByTestId("threshold-dialog").waitFor({ state: "hidden" });
  await page.getByTestId(`threshold-${mine.id}`).getByText("7.5").waitFor();

  await page.getByTestId("add-threshold").click();
  await fill(page, mine.device_id, mine.parameter_name, "9");
  await page.getByTestId("form-direction").selectOption(mine.direction);
  await page.getByTestId("form-level").selectOption(mine.alarm_level ?? "");
  await confirm(page);
  assert.match(await page.getByTestId("dialog-fault").innerText(), /already has such a threshold[^]*7\.5/);
  await context.close();
});

test("each kind of threshold can be entered and is stored as entered", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await openThresholds(page);
  const kinds = [
    [
      "deviation",
      "speed",
      { "form-setpoint": "2", "form-value": "1.5" },
      { setpoint_value: 2, threshold_value: 1.5 },
    ],
    [
      "rate",
      "speed",
      { "form-value": "0.75", "form-onDelay": "2.5" },
      { threshold_value: 0.75, on_delay_ms: 2500 },
    ],
    ["stale", "speed", { "form-value": "600" }, { threshold_value: 600 }],
    ["quality", "speed", {}, { threshold_value: 0 }],
    ["state", "status", { "form-value": "2" }, { threshold_value: 2 }],
  ];
  for (const [kind, point, fields, stored] of kinds) {
    await page.getByTestId("add-threshold").click();
    await page.getByTestId("form-device").selectOption("conveyor");
    await page.getByTestId("form-point").selectOption(point);
    await page.getByTestId("form-kind").selectOption(kind);
    for (const [field, value] of Object.entries(fields)) await page.getByTestId(field).fill(value);
    await page.getByTestId("form-level").selectOption("warning");
    await confirm(page);
    await page.getByTestId("threshold-dialog").waitFor({ state: "hidden" });
    const found = (await list(page)).find(
      (one) =>
        one.kind === kind &&
        one.parameter_name === point &&
        one.device_id === "conveyor" &&
        one.alarm_level === "warning",
    );
    for (const [name, value] of Object.entries(stored)) assert.equal(found[name], value, `${kind} ${name}`);
    await page.getByTestId(`threshold-${found.id}`).waitFor();
  }
  assertClean();
  await context.close();
});

test("what is saved but not used yet is said until somebody has read it", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await openThresholds(page);
  const [some] = await list(page);
  await page.route(`**/api/thresholds/${some.id}`, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (route.request().method() === "PUT") Object.assign(body, { applied: false, warning: "at its next start" });
    await route.fulfill({ response, json: body });
  });

  await page.getByTestId(`change-${some.id}`).click();
  await page.getByTestId("form-offDelay").fill("3");
  await confirm(page);

  await page.getByTestId("not-applied").getByText("at its next start").waitFor();
  await page.getByTestId("not-applied").getByRole("button").click();
  await page.getByTestId("not-applied").waitFor({ state: "hidden" });
  assertClean();
  await context.close();
});

test("a user reads the thresholds and is offered no change", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await addUser(page, system.url, "operator1", "night-shift-7");
  await context.clearCookies();
  await page.goto(system.url);
  await signIn(page, "operator1", "night-shift-7");
  await openThresholds(page);

  await page.getByTestId("read-only").waitFor();
  assert.ok((await page.locator("tbody tr").count()) > 0);
  assert.equal(await page.locator("[data-testid^=change-], [data-testid^=remove-], [role=switch]").count(), 0);
  assert.equal(await page.getByTestId("add-threshold").count(), 0);
  assertClean();
  await context.close();
});
