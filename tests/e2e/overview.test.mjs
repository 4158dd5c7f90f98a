// The overview and the page of a device: their figures are those of the API, and the line does what it is told.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, asShown, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

let system, browser;

before(
  async () => {
    system = await startSystem(["DEMO_HISTORY_DAYS=2"]);
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

const text = (page, id) => page.getByTestId(id).innerText();
const number = (shown) => Number(shown.replaceAll(",", ""));

async function get(page, path) {
  const answer = await page.request.get(system.url + path);
  assert.equal(answer.status(), 200, await answer.text());
  return answer.json();
}

async function post(page, path, data) {
  const { csrf_token } = await get(page, "/auth/check");
  const answer = await page.request.post(system.url + path, { headers: { "X-CSRF-Token": csrf_token }, data });
  assert.ok(answer.ok(), await answer.text());
  return answer.json();
}

/** Since midnight in Shanghai, where no clock is ever changed. */
function today() {
  const [day, offset] = [86_400_000, 8 * 3_600_000];
  const start = Math.floor((Date.now() + offset) / day) * day - offset;
  return `start_time=${new Date(start).toISOString()}&end_time=${new Date().toISOString()}`;
}

/** Clicks a command, confirms it, and waits for what the page says of its outcome. */
async function command(page, name, outcome) {
  await page.getByTestId(`command-${name}`).click();
  await page.getByTestId("dialog-confirm").click();
  await page.getByText(outcome).waitFor({ timeout: 15_000 });
  await page.getByTestId("command-dialog").waitFor({ state: "hidden" });
}

test("energy and OEE of the overview are those of the API", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await settle(page);

  const { summary } = await get(page, `/api/energy/summary?${today()}`);
  const conveyor = summary.devices.find(({ device_id }) => device_id === "conveyor").total_energy_kwh;
  const near = async (id, kwh) => Math.abs(parseFloat(await text(page, id)) - kwh) < 0.05;
  await waitUntil("the energy of the line", () => near("energy-today-total", summary.total_energy_kwh));
  await waitUntil("the energy of the conveyor", () => near("today-conveyor", conveyor));
  const { oee } = await get(page, `/api/oee?dimension=shift&${today()}`);
  const cells = (await page.getByTestId("oee-today").locator("td").allInnerTexts()).map(parseFloat);
  const { oee_percentage, availability, performance, quality } = oee.overall;
  [oee_percentage, availability, performance, quality].forEach((rate, index) =>
    assert.ok(Math.abs(cells[index] - rate) < 0.5, `${cells} are not near ${JSON.stringify(oee.overall)}`),
  );
  assert.match(await text(page, "energy-today-change"), /yesterday/);
  assertClean();
  await context.close();
});

test("the last hour of power is drawn, and its table has the extremes of the history", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await waitUntil("a drawn line", () =>
    page.evaluate(() => {
      const canvas = document.querySelector("[data-testid=trend] canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    }),
  );
  await page.getByTestId("trend-toggle").click();

  await waitUntil("the same extremes in both", async () => {
    await page.reload(); // The page reads the history of the same hour.
    await page.getByTestId("trend-toggle").click();
    const start = new Date(Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000).toISOString();
    const { data } = await get(page, `/api/devices/total/history?interval=1m&points=power_kw&start_time=${start}`);
    const power = data.map(({ points }) => points.power_kw).filter(({ avg }) => avg !== null);
    const cells = (await page.getByTestId("trend-row-total").locator("td").allInnerTexts()).map(number);
    return (
      cells[1] === number(asShown(Math.min(...power.map(({ min }) => min)), 2)) &&
      cells[3] === number(asShown(Math.max(...power.map(({ max }) => max)), 2))
    );
  });
  assertClean();
  await context.close();
});

test("an alarm stands on top and on its device, and a user acknowledges it there", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await addUser(page, system.url, "operator1", "night-shift-7");
  await post(page, "/api/thresholds", { device_id: "reject", parameter_name: "power_kw", threshold_value: 0.01 });
  const alarm = await waitUntil(
    "an alarm",
    async () => (await get(page, "/api/alarms?state=open&device_id=reject")).alarms[0],
  );
  await context.clearCookies();
  await page.goto(system.url);

  await signIn(page, "operator1", "night-shift-7");
  await page.getByTestId("alarms-reject").waitFor();
  assert.equal(await page.getByTestId("control").count(), 0); // Commands are for administrators.
  await page.getByTestId("open-alarms").getByTestId(`acknowledge-${alarm.id}`).click();

  await page.getByTestId(`acknowledge-${alarm.id}`).waitFor({ state: "detached" });
  // The feed is a moment ahead of the database.
  await waitUntil(
    "the acknowledgement in the database",
    async () => (await get(page, `/api/alarms/${alarm.id}`)).alarm.acknowledged_by === "operator1",
  );
  await page.getByTestId("device-reject").getByRole("link").first().click();
  await page.getByTestId("device-alarms").getByTestId(`alarm-${alarm.id}`).waitFor();
  assertClean();
  await context.close();
});

test("an administrator stops and starts the line, and an emergency stop holds until it is released", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  const state = (word) => page.getByTestId("control").getByText(word, { exact: true }).waitFor();
  await page.getByTestId("command-stop").click();
  await page.keyboard.press("Escape"); // Asked back and left: nothing happens.
  await page.getByTestId("command-dialog").waitFor({ state: "hidden" });
  await state("Running");

  await command(page, "stop", /is now: Standby/);
  await state("Standby");
  await command(page, "start", /is now: Running/);
  await command(page, "emergency_stop", /Emergency stop: confirmed/);
  await state("Fault");
  await command(page, "start", /state stays: Fault/);
  await command(page, "release_emergency_stop", /Release emergency stop: confirmed/);
  await command(page, "reset", /is now: Standby/);
  await command(page, "start", /Start: confirmed/);
  await state("Running");
  const { entries } = await get(page, "/api/audit?action=command&page_size=100");
  assert.ok(entries.length > 0);
  assertClean();
  await context.close();
});

test("a speed outside its range is refused in words, and one inside it moves the conveyor", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await page.goto(`${system.url}/devices/conveyor`);
  await page.getByTestId("command-set_speed").click();
  await page.getByTestId("command-value").fill("5.5");
  await page.getByTestId("dialog-confirm").click();
  await page.getByTestId("dialog-fault").filter({ hasText: "outside its range" }).waitFor();

  await page.getByTestId("command-value").fill("1.2");
  await page.keyboard.press("Enter");

  await page.getByTestId("command-dialog").waitFor({ state: "hidden" });
  await waitUntil("the new speed", async () =>
    /^1\.20/.test(await page.locator("[data-testid=point-speed] td").first().innerText()),
  );
  assertClean();
  await context.close();
});

test("the page of a device has its points, statistics and thresholds as the API has them", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  await page.goto(`${system.url}/devices/conveyor`);
  await page.getByTestId("range-yesterday").click();
  await settle(page);
  const [from, to] = [1, 0].map(
    (days) => new Date(Date.parse(/start_time=([^&]+)/.exec(today())[1]) - days * 86_400_000),
  );
  const query = `start_time=${from.toISOString()}&end_time=${to.toISOString()}`;

  assert.equal(new URL(page.url()).searchParams.get("range"), "yesterday");
  const { points } = await get(page, "/api/points?device_id=conveyor");
  assert.equal(await page.locator("[data-testid=live-points] tbody tr").count(), points.length);
  const { summary } = await get(page, `/api/energy/summary?device_id=conveyor&${query}`);
  await waitUntil(
    "the energy of yesterday",
    async () => number(await text(page, "energy-used")) === number(asShown(summary.total_energy_kwh, 3)),
  );
  const { data } = await get(page, `/api/devices/conveyor/history?interval=auto&points=power_kw&${query}`);
  const largest = Math.max(...data.map(({ points }) => points.power_kw.max ?? 0));
  const row = await page.getByTestId("statistics-power_kw").locator("td").allInnerTexts();
  assert.equal(number(row[2]), number(asShown(largest, 2)));
  const { thresholds } = await get(page, "/api/thresholds?device_id=conveyor");
  assert.equal(await page.locator("[data-testid=device-thresholds] tbody tr").count(), thresholds.length);
  assertClean();
  await context.close();
});

test("a device that does not exist is said so, with a way back", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  await page.goto(`${system.url}/devices/press`);

  await page.getByTestId("unknown-device").getByRole("link").click();

  await page.getByTestId("device-conveyor").waitFor();
  await context.close();
});

test("a command that cannot reach the line says why, and nothing is claimed", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  const { pid } = JSON.parse(readFileSync(`${system.root}/run/plc.status.json`, "utf8"));
  process.kill(pid, "SIGSTOP");
  try {
    await page.getByTestId("reason-conveyor").waitFor({ timeout: 15_000 });
    await page.getByTestId("command-start").click();
    await page.getByTestId("dialog-confirm").click();
    await page.getByTestId("dialog-fault").waitFor({ timeout: 15_000 });
  } finally {
    process.kill(pid, "SIGCONT");
  }
  assert.equal(await page.getByText("Start: confirmed").count(), 0);
  await context.close();
});

test("what cannot be read is said in its place, the rest works, and another try mends it", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  await page.goto(`${system.url}/points`);
  for (const path of ["**/api/oee*", "**/history*"]) await page.route(path, (route) => route.abort());
  await page.goto(system.url);

  await page.getByTestId("oee").getByRole("alert").waitFor();
  await page.getByTestId("trend-missing").waitFor(); // Live values are drawn without the past.
  assert.match(await text(page, "power-total"), /\d/);
  await page.unrouteAll();
  await page.getByTestId("oee").getByRole("button").click();
  await page.getByTestId("trend-missing").getByRole("button").click();

  await page.getByTestId("oee-today").waitFor();
  await page.getByTestId("trend-missing").waitFor({ state: "detached" });
  await context.close();
});
