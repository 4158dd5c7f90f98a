// Energy and report: their numbers are the API's, the address holds what was chosen, and paper is complete.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

const quarterMs = 15 * 60_000;
const dayMs = 86_400_000;
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

const number = (value, digits) =>
  new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** What the API tells the person who is signed in on the page. */
async function ask(page, path, query = {}) {
  const answer = await page.request.get(`${system.url}${path}?${new URLSearchParams(query)}`);
  assert.equal(answer.status(), 200, await answer.text());
  return answer.json();
}

const iso = (ms) => new Date(ms).toISOString();
const times = ({ start, end }) => ({ start_time: iso(start), end_time: iso(end) });

/** Whole quarter hours of the last day: what the page shows for this address. The newest values of a
 *  quarter hour are written some seconds after its end; until then page and test might read different ones. */
function lastDay() {
  const writtenMs = 60_000;
  const end = Math.floor((Date.now() - writtenMs) / quarterMs) * quarterMs;
  return { start: end - dayMs, end };
}
const address = (range, more = {}) =>
  `${system.url}/energy?${new URLSearchParams({ from: iso(range.start), to: iso(range.end), ...more })}`;

let cookies; // Of one sign-in: each costs as much time as a page.

async function open(path, options) {
  const opened = await openPage(browser, system.url, options);
  if (cookies) await opened.context.addCookies(cookies);
  else await signIn(opened.page);
  cookies ??= await opened.context.cookies();
  await opened.page.goto(path);
  await settle(opened.page);
  return opened;
}

const text = async (page, id) => (await page.getByTestId(id).first().innerText()).trim();
const cells = (row) => row.locator("th, td").allInnerTexts();

/** The day of the report as the zone of the plant has it. */
async function reportedDay(page) {
  const date = await page.getByTestId("report-date").inputValue();
  const { time_zone: zone } = await ask(page, "/api/devices");
  assert.equal(zone, "Asia/Shanghai"); // Without summer time, so that a day is 24 hours.
  const start = Date.parse(`${date}T00:00:00+08:00`);
  return { start, end: start + dayMs };
}

test("totals, shares and coverage are those of the API, and the line is not added to its devices", async () => {
  const range = lastDay();
  const { page, context, assertClean } = await open(address(range));
  const { summary } = await ask(page, "/api/energy/summary", times(range));

  const devices = summary.devices.filter(({ device_id }) => device_id !== "total");
  const sum = devices.reduce((all, { total_energy_kwh }) => all + total_energy_kwh, 0);
  assert.ok(summary.total_energy_kwh > 0, "the demo has used energy");
  assert.equal(await text(page, "energy-total"), `${number(summary.total_energy_kwh, 2)}kWh`);
  for (const device of devices) {
    const row = await cells(page.getByTestId(`energy-row-${device.device_id}`));
    assert.equal(row[1], number(device.total_energy_kwh, 2));
    assert.equal(row[2], `${number((100 * device.total_energy_kwh) / sum, 1)}%`);
    assert.equal(row[6], number(device.avg_power_kw, 2));
    assert.equal(row[7], number(device.max_power_kw, 2));
    assert.equal(row[8], `${number(100 * device.coverage, 1)}%`);
  }
  assert.equal((await cells(page.getByTestId("energy-row-sum")))[1], number(sum, 2));
  const unmetered = Math.abs(summary.total_energy_kwh - sum) < 0.005 ? 0 : summary.total_energy_kwh - sum;
  assert.equal((await cells(page.getByTestId("energy-row-unmetered")))[1], number(unmetered, 2));
  assertClean();
  await context.close();
});

test("a change against a time that was hardly seen says so", async () => {
  const { end } = lastDay();
  const range = { start: end - 1.5 * dayMs, end };
  const { page, context, assertClean } = await open(address(range));
  const earlier = { start: range.start - 1.5 * dayMs, end: range.start };
  const { summary } = await ask(page, "/api/energy/summary", times(earlier));

  const least = Math.min(...summary.devices.map(({ coverage }) => coverage));
  assert.ok(least < 0.5, "two days of history do not reach back so far");
  assert.ok((await text(page, "energy-not-comparable")).includes(`${number(100 * least, 1)}%`));
  assertClean();
  await context.close();
});

test("the interval changes the bars and stays in the address; the file has the table's numbers", async () => {
  const range = lastDay();
  const { page, context, assertClean } = await open(address(range));

  await page.getByTestId("interval").selectOption("15m");
  await page.waitForURL(/interval=15m/);
  await settle(page);
  await page.getByTestId("energy-bars-toggle").click();
  const shown = await page.getByTestId("bars-table").locator("tbody tr").count();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId("bars-csv").click()]);
  await page.reload();
  await settle(page);

  const { summary } = await ask(page, "/api/energy/summary", {
    ...times(range),
    interval: "15m",
    aggregate: "sum",
  });
  const line = summary.data.filter(({ device_id }) => device_id === "total");
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\r\n");
  assert.equal(await page.getByTestId("interval").inputValue(), "15m");
  assert.equal(shown, dayMs / quarterMs);
  assert.deepEqual(
    lines.slice(1).map((row) => row.split(",").at(-1)),
    line.map(({ value }) => String(value ?? "")),
  );
  assert.match(lines[1], /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000\+08:00,/);
  assertClean();
  await context.close();
});

test("a quick range stands in the address and moves all parts", async () => {
  const { page, context, assertClean } = await open(`${system.url}/energy`);

  await page.getByTestId("range-yesterday").click();
  await page.waitForURL(/range=yesterday/);
  await settle(page);

  await page.getByTestId("energy-bars-toggle").click();
  assert.equal(await page.getByTestId("bars-table").locator("tbody tr").count(), 24);
  assertClean();
  await context.close();
});

test("the highest demand is the largest quarter hour times four, and leads to its values", async () => {
  const range = lastDay();
  const { page, context, assertClean } = await open(address(range));
  const query = { ...times(range), interval: "15m", aggregate: "sum", device_id: "total" };
  const { summary } = await ask(page, "/api/energy/summary", query);

  const known = summary.data.filter(({ value, end }) => value !== null && Date.parse(end) <= Date.now());
  const highest = known.map(({ value }) => value * 4).sort((a, b) => b - a);
  const told = await page.getByTestId("peak-demand").allInnerTexts();
  assert.deepEqual(
    told.map((each) => each.split("\n")[0].trim()),
    highest.slice(0, 10).map((kw) => number(kw, 2)),
  );
  const link = new URL(await page.getByTestId("peak-history").first().getAttribute("href"), system.url);
  const top = known.find(({ value }) => value * 4 === highest[0]);
  assert.equal(link.pathname, "/history");
  assert.ok(link.searchParams.get("from") < top.time_period && link.searchParams.get("to") > top.end);
  assertClean();
  await context.close();
});

test("load profile and specific energy have the numbers of the API in their tables", async () => {
  const range = lastDay();
  const { page, context, assertClean } = await open(address(range));
  const { oee } = await ask(page, "/api/oee", { ...times(range), dimension: "day" });
  const daily = { ...times(range), interval: "day", aggregate: "sum", device_id: "total" };
  const energy = (await ask(page, "/api/energy/summary", daily)).summary.data;
  await page.getByTestId("load-profile-toggle").click();
  await page.getByTestId("specific-energy-toggle").click();

  const rows = await page.getByTestId("specific-table").locator("tbody tr").all();
  assert.equal(rows.length, oee.data.length);
  const first = oee.data[0];
  const good = first.total_products - first.total_rejects;
  const used = energy.find(({ time_period }) => time_period === first.period).value;
  assert.deepEqual((await cells(rows[0])).slice(1), [number(used / good, 4), number(used, 3), number(good, 0)]);
  assert.equal(await page.getByTestId("profile-table").locator("tbody tr").count(), 24);
  assertClean();
  await context.close();
});

test("an error is told with a way on, and the old numbers stay on the screen", async () => {
  const { page, context } = await open(address(lastDay()));
  const before = await text(page, "energy-total");

  await page.route("**/api/energy/summary*", (route) => route.abort());
  await page.getByTestId("range-refresh").click();
  await page.getByTestId("totals").getByRole("alert").waitFor();
  assert.equal(await text(page, "energy-total"), before);
  await page.unroute("**/api/energy/summary*");
  await page.getByTestId("totals").getByRole("alert").getByRole("button").click();

  await page.getByTestId("totals").getByRole("alert").waitFor({ state: "detached" });
  await context.close();
});

test("the report of yesterday has the numbers of the API", async () => {
  const { page, context, assertClean } = await open(`${system.url}/report`);
  const range = await reportedDay(page);
  const { summary } = await ask(page, "/api/energy/summary", times(range));
  const { oee } = await ask(page, "/api/oee", { ...times(range), dimension: "month" });
  const losses = await ask(page, "/api/oee/losses", times(range));
  const stops = await ask(page, "/api/oee/downtime", { ...times(range), page_size: 500 });
  const alarms = await ask(page, "/api/alarms", times(range));

  const { overall } = oee;
  const good = overall.total_products - overall.total_rejects;
  const specific = summary.total_energy_kwh / good;
  assert.equal(await text(page, "figure-energy"), `${number(summary.total_energy_kwh, 2)}kWh`);
  assert.equal(await text(page, "figure-specific"), `${number(specific, 4)}kWh a good piece`);
  assert.equal(await text(page, "figure-oee"), `${number(overall.oee_percentage, 1)}%`);
  assert.equal(await text(page, "figure-good"), `${number(good, 0)}pcs`);
  assert.equal(await text(page, "figure-alarms"), number(alarms.pagination.total, 0));
  assert.equal((await cells(page.getByTestId("rate-quality")))[1], number(overall.quality, 1));
  for (const { loss, percentage } of losses.losses) {
    const row = await cells(page.getByTestId(`loss-${loss}`));
    assert.equal(row[3], percentage === null ? "–" : number(percentage, 1));
  }
  assert.equal(await page.getByTestId("report-stop").count(), Math.min(5, stops.pagination.total));
  assert.match(await text(page, "report-head"), /by admin/);
  assertClean();
  await context.close();
});

test("the report of a day that nobody saw claims nothing of it", async () => {
  const { page, context, assertClean } = await open(`${system.url}/report?date=2020-01-01`);

  await page.getByTestId("report-unseen").waitFor();

  assert.equal(await page.getByTestId("report-figures").count(), 0);
  assert.equal(await page.getByTestId("report-stops").count(), 0);
  assertClean();
  await context.close();
});

test("the report of a period that is not over says until when, and has no next one", async () => {
  const { page, context, assertClean } = await open(`${system.url}/report?kind=week`);

  await page.getByTestId("report-after").click();
  await page.waitForURL(/date=/);
  await settle(page);

  await page.getByTestId("report-running").waitFor();
  assert.ok(await page.getByTestId("report-after").isDisabled());
  await page.getByTestId("report-kind-month").click();
  await page.waitForURL(/kind=month/);
  await settle(page);
  assert.match(await text(page, "report-head"), /Monthly report/);
  assertClean();
  await context.close();
});

/** Pages of a PDF as Chromium writes it: each is an object of its own. */
const pagesOf = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

test("a user prints the report: two pages A4, black on white also from a dark screen, nothing cut", async () => {
  const admin = await open(`${system.url}/report`);
  await addUser(admin.page, system.url, "energy1", "night-shift-7");
  await admin.context.close();
  const { page, context, assertClean } = await openPage(browser, system.url, { theme: "dark" });
  await signIn(page, "energy1", "night-shift-7");
  await page.goto(`${system.url}/report`);
  await settle(page);
  await page.evaluate(() => (globalThis.print = () => (globalThis.printed = true)));
  await page.getByTestId("report-print").click();
  const shown = await text(page, "figure-energy");

  const pdf = await page.pdf({ format: "A4" });
  await page.setViewportSize({ width: 688, height: 1000 }); // A4 without its margins, in CSS pixels.
  await page.emulateMedia({ media: "print" });
  await waitUntil("the drawing follows the paper", async () => {
    const box = await page.getByTestId("bars-drawing").boundingBox();
    return box && box.width <= 688;
  });
  const paper = await page.evaluate(() => {
    const style = (element) => getComputedStyle(element);
    const report = document.querySelector("[data-testid=report]");
    const wide = [...report.querySelectorAll("*")].filter(
      (e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1,
    );
    return {
      ink: style(report).color,
      surface: style(report).backgroundColor,
      cut: wide.map((element) => element.outerHTML.slice(0, 100)),
      navigation: document.querySelector("aside").checkVisibility(),
      controls: document.querySelector("[data-testid=report-print]").checkVisibility(),
    };
  });

  assert.equal(await page.evaluate(() => globalThis.printed), true);
  assert.equal(pagesOf(pdf), 2);
  assert.deepEqual(paper, {
    ink: "rgb(0, 0, 0)",
    surface: "rgb(255, 255, 255)",
    cut: [],
    navigation: false,
    controls: false,
  });
  assert.equal(await text(page, "figure-energy"), shown);
  assert.match(await text(page, "report-head"), /by energy1/);
  assertClean();
  await context.close();
});

test("on a phone in Chinese neither page is wider than the screen", async () => {
  const { page, context, assertClean } = await open(`${system.url}/energy?range=today`, {
    language: "zh-CN",
    width: 390,
    theme: "dark",
  });
  const excess = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

  assert.ok((await excess()) <= 0);
  await page.goto(`${system.url}/report`);
  await settle(page);
  assert.ok((await excess()) <= 0);
  assert.match(await text(page, "report-head"), /日报/);
  assertClean();
  await context.close();
});
