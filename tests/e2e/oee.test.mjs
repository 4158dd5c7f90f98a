// OEE, its losses and the stops, as the API tells them; kept in the address; the same for both roles.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, asShown, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

let system, browser, admin;

before(
  async () => {
    system = await startSystem(["DEMO_HISTORY_DAYS=2"]);
    browser = await launchBrowser();
    admin = await openPage(browser, system.url);
    await signIn(admin.page);
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

const day = 86_400_000;
// What is long past does not change while the test runs.
const range = {
  from: new Date(Date.now() - 1.5 * day).toISOString(),
  to: new Date(Date.now() - 0.5 * day).toISOString(),
};
const asked = `start_time=${range.from}&end_time=${range.to}`;
const shown = `from=${range.from}&to=${range.to}`;

const text = (page, id) => page.getByTestId(id).first().innerText();
const api = async (page, path) => (await page.request.get(system.url + path)).json();
const cells = async (page, id) => (await text(page, id)).split("\t").map((cell) => cell.trim());
const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const two = (part) => String(part).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
};

/** The page of the administrator, who signs in once for all tests. */
async function open(query) {
  await admin.page.goto(`${system.url}/oee?${query}`);
  await settle(admin.page);
  return admin;
}

test("the figures are those of the API, with units", async () => {
  const { page, assertClean } = await open(shown);
  const { overall } = (await api(page, `/api/oee?${asked}`)).oee;

  for (const rate of ["oee_percentage", "availability", "performance", "quality"])
    assert.equal(await text(page, `oee-${rate}`), asShown(overall[rate], 1), rate);
  assert.equal(await text(page, "oee-run"), asShown(overall.total_runtime_hours, 2));
  assert.equal(await text(page, "oee-products"), overall.total_products.toLocaleString("en"));
  assert.match(await text(page, "oee-figures"), /\d%[\s\S]*\dh\n[\s\S]*\dpcs/);
  const shift = await api(page, "/api/oee").then(({ oee }) => oee.current_shift);
  assert.ok((await text(page, "current-shift")).includes(shift.shift.en));
  assertClean();
});

test("the course has a row a period, by the length that is chosen, and the address keeps it", async () => {
  const { page, assertClean } = await open(shown);
  const rows = page.getByTestId("oee-periods").locator("tbody tr");
  await page.getByTestId("oee-course-toggle").click();

  for (const dimension of ["hour", "shift", "day"]) {
    await page.getByTestId("oee-dimension").selectOption(dimension);
    const { data } = (await api(page, `/api/oee?${asked}&dimension=${dimension}`)).oee;
    await waitUntil(`${dimension} rows`, async () => (await rows.count()) === data.length);
    const last = (await rows.last().innerText()).split("\t");
    assert.equal(last[1].trim(), asShown(data.at(-1).oee_percentage, 1));
  }

  await page.reload();
  await settle(page);
  assert.equal(await page.getByTestId("oee-dimension").inputValue(), "day");
  assert.equal(new URL(page.url()).searchParams.get("from"), range.from);
  assertClean();
});

test("the losses fall from planned time that was seen to effective time", async () => {
  const { page, assertClean } = await open(shown);
  const losses = await api(page, `/api/oee/losses?${asked}`);
  await page.getByTestId("oee-losses-toggle").click();

  let left = Number((await cells(page, "loss-planned_seen"))[2]);
  for (const { loss, hours, percentage } of losses.losses) {
    const row = await cells(page, `loss-${loss}`);
    assert.deepEqual(row.slice(2), [asShown(hours, 3), asShown(percentage, 2)], loss);
    left -= hours ?? 0;
  }
  const effective = await cells(page, "loss-effective");
  assert.equal(effective[2], asShown(losses.effective_hours, 3));
  assert.ok(Math.abs(left - losses.effective_hours) < 0.01, `${left} h are left`);
  assertClean();
});

test("the stops are those of the API, by cause and all of them in the file", async () => {
  const { page, assertClean } = await open(`${shown}&cause=minor_stop`);
  const downtime = await api(page, `/api/oee/downtime?${asked}&cause=minor_stop&page_size=20`);
  const rows = page.getByTestId("stop-row");

  assert.equal(await rows.count(), downtime.stops.length);
  const [newest] = downtime.stops;
  assert.match(await rows.first().innerText(), new RegExp(`\\t${clock(newest.duration_s)}\\tMinor stops\\t`));
  const { count, duration_s } = downtime.statistics.minor_stop;
  assert.deepEqual((await cells(page, "cause-minor_stop")).slice(1), [
    String(count),
    clock(duration_s),
    clock(duration_s / count),
  ]);

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("stops-csv").click()]);
  const chunks = await (await download.createReadStream()).toArray();
  const lines = Buffer.concat(chunks).toString("utf8").trim().split("\r\n");
  assert.equal(lines.length, 1 + downtime.pagination.total);
  assert.ok(lines[1].startsWith(newest.start_time));

  await page.getByTestId("stop-cause").selectOption("setup");
  await waitUntil("no stop", async () => (await rows.count()) === 0);
  assert.equal(new URL(page.url()).searchParams.get("cause"), "setup");
  assertClean();
});

test("a time in which nothing was planned or seen has dashes and a reason, not 0 per cent", async () => {
  const old = { from: "2020-01-01T00:00:00.000Z", to: "2020-01-02T00:00:00.000Z" };
  const { page, assertClean } = await open(`from=${old.from}&to=${old.to}`);

  assert.equal(await text(page, "oee-oee_percentage"), "–");
  assert.match(await text(page, "oee-figures"), /no rate/);
  assertClean();
});

test("a user sees the same, in Chinese and on a phone, without scrolling sideways", async () => {
  await addUser(admin.page, system.url, "operator1", "night-shift-7");
  const { page, context, assertClean } = await openPage(browser, system.url, { language: "zh-CN", width: 390 });
  await signIn(page, "operator1", "night-shift-7");
  await page.goto(`${system.url}/oee?${shown}`);
  await settle(page);

  const { overall } = (await api(page, `/api/oee?${asked}`)).oee;
  assert.equal(await text(page, "oee-oee_percentage"), asShown(overall.oee_percentage, 1));
  assert.match(await text(page, "oee-stops"), /停机/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  assertClean();
  await context.close();
});
