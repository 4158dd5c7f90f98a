// The history page against the API: what is drawn, what the address keeps, what is saved.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const hourMs = 3_600_000;
let system, browser;
/** A fixed range of whole hours in the past: its numbers do not change while the test looks at them. */
let to, from;

before(
  async () => {
    system = await startSystem(["DEMO_HISTORY_DAYS=2"]);
    browser = await launchBrowser();
    to = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
    from = to - 6 * hourMs;
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

const iso = (time) => new Date(time).toISOString();
const fixed = () => `from=${iso(from)}&to=${iso(to)}`;
const number = (text) => Number(text.replaceAll(",", "").replace("–", "NaN"));

async function open(options = {}) {
  const opened = await openPage(browser, system.url, options);
  await signIn(opened.page);
  return opened;
}

async function show(page, query) {
  await page.goto(`${system.url}/history?${query}`);
  await settle(page);
}

async function buckets(page, device, interval, points, start = from, end = to) {
  const query = new URLSearchParams({ start_time: iso(start), end_time: iso(end), interval, points });
  const answer = await page.request.get(`${system.url}/api/devices/${device}/history?${query}`);
  assert.equal(answer.status(), 200, await answer.text());
  return answer.json();
}

/** Texts of the cells of all rows of a kind, as the person reads them. */
const rows = (page, kind = "values") =>
  page
    .getByTestId(`history-row-${kind}`)
    .evaluateAll((found) => found.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));

/** Canvas pixels that differ from the first one: something is drawn. */
const drawn = (page) =>
  page.locator("canvas").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Uint32Array(data.buffer);
    return pixels.filter((pixel) => pixel !== pixels[0]).length;
  });

test("opens with the power of the line and asks each device once", async () => {
  const { page, context, assertClean } = await open();
  await page.getByTestId("nav-history").first().click();
  await settle(page);
  await page.getByTestId("history-chip-total.power_kw").waitFor();
  assert.ok((await drawn(page)) > 1000);

  const asked = [];
  page.on("request", (request) => request.url().includes("/history?") && asked.push(new URL(request.url())));
  await show(page, `${fixed()}&points=total.power_kw,conveyor.power_kw,total.energy_kwh,total.status`);

  const calls = asked.filter(({ pathname }) => pathname.startsWith("/api/"));
  assert.deepEqual(calls.map(({ pathname, searchParams }) => [pathname, searchParams.get("points")]).sort(), [
    ["/api/devices/conveyor/history", "power_kw"],
    ["/api/devices/total/history", "power_kw,energy_kwh,status"],
  ]);
  assert.ok((await drawn(page)) > 1000);
  assertClean();
  await context.close();
});

test("the table has the numbers of the API, those of the period before and the change", async () => {
  const { page, context, assertClean } = await open();
  await show(page, `${fixed()}&view=table&resolution=hour&compare=1&points=total.power_kw,total.energy_kwh`);

  const { data } = await buckets(page, "total", "hour", "power_kw,energy_kwh");
  const before = await buckets(page, "total", "hour", "power_kw,energy_kwh", from - 6 * hourMs, from);
  const read = await rows(page);

  assert.equal(read.length, data.length);
  data.forEach((bucket, index) => {
    const earlier = before.data[index];
    const row = read[index];
    const { power_kw, energy_kwh } = bucket.points;
    const expected = [
      power_kw.avg,
      earlier.points.power_kw.avg,
      power_kw.avg - earlier.points.power_kw.avg,
      power_kw.min,
      power_kw.max,
    ];
    expected.forEach((value, column) =>
      assert.ok(Math.abs(number(row[1 + column].split(" ")[0]) - value) < 0.0051, `${row} ${value}`),
    );
    assert.equal(number(row[6]), bucket.energy_kwh);
    assert.equal(number(row[7]), earlier.energy_kwh);
    assert.ok(Math.abs(number(row[8].split(" ")[0]) - (bucket.energy_kwh - earlier.energy_kwh)) < 0.0005);
    assert.equal(number(row[9]), energy_kwh.last);
  });
  assertClean();
  await context.close();
});

test("points are found, added and removed by keyboard, up to eight; the address keeps them", async () => {
  const { page, context, assertClean } = await open();
  await show(page, `${fixed()}&resolution=hour`);

  await page.getByTestId("history-add").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("conveyor spe");
  await page.getByTestId("history-point-total.power_kw").waitFor({ state: "detached" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.getByTestId("history-chip-conveyor.speed").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("history-search").waitFor({ state: "detached" });
  await page.getByTestId("history-chip-total.power_kw").click();
  await page.getByTestId("history-chip-total.power_kw").waitFor({ state: "detached" });
  await settle(page);

  const address = new URL(page.url());
  assert.equal(address.searchParams.get("points"), "conveyor.speed");
  await page.goto(address.href);
  await settle(page);
  await page.getByTestId("history-chip-conveyor.speed").click();
  await page.getByTestId("history-none").waitFor();
  const names = ["conveyor", "station1", "station2", "reject"].flatMap((id) => [`${id}.power_kw`, `${id}.status`]);
  await show(page, `${fixed()}&resolution=hour&points=${names},total.power_kw`);
  await page.getByTestId("history-add").click();
  assert.equal(await page.locator("[data-testid^=history-chip-]").count(), 8);
  assert.ok(await page.getByTestId("history-point-total.power_kw").isDisabled());
  assertClean();
  await context.close();
});

test("dragging zooms in, Back returns, and a shared link shows the same", async () => {
  const { page, context, assertClean } = await open();
  await show(page, `${fixed()}&points=total.power_kw`);
  const text = () => page.getByTestId("range-text").innerText();
  const whole = await text();

  const canvas = page.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  // The plug-in that drags comes after the chart: until then dragging does nothing.
  await waitUntil("the range is the dragged one", async () => {
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    return (await text()) !== whole;
  });
  await settle(page);
  const zoomed = await text();
  const address = new URL(page.url());
  const span = Date.parse(address.searchParams.get("to")) - Date.parse(address.searchParams.get("from"));
  assert.ok(span > 0.5 * hourMs && span < 2.5 * hourMs, `${span}`);

  const other = await open({ language: "zh-CN" });
  await other.page.goto(address.href);
  await settle(other.page);
  await other.page.getByTestId("history-chip-total.power_kw").waitFor();
  assert.equal(new URL(other.page.url()).search, address.search);
  other.assertClean();
  await other.context.close();

  await page.goBack();
  await waitUntil("the range before the zoom", async () => (await text()) === whole);
  assert.notEqual(zoomed, whole);
  assertClean();
  await context.close();
});

test("resolutions are those that the range allows; one that does not fit is replaced and said", async () => {
  const { page, context, assertClean } = await open();
  const offered = () =>
    page.getByTestId("history-resolution").evaluate((list) => [...list.options].map(({ value }) => value));

  await show(page, "range=1h&resolution=raw&points=total.power_kw");
  assert.deepEqual(await offered(), ["auto", "raw", "1m", "15m", "hour"]);
  assert.equal(await page.getByTestId("history-resolution").inputValue(), "raw");

  await page.getByTestId("range-7d").click();
  await settle(page);
  assert.deepEqual(await offered(), ["auto", "15m", "hour", "day", "week"]);
  assert.equal(await page.getByTestId("history-resolution").inputValue(), "auto");
  assert.match(await page.getByTestId("history-hint").innerText(), /Single samples/);
  assertClean();
  await context.close();
});

test("a click on a bar looks into its time; the heat map needs two days", async () => {
  const { page, context, assertClean } = await open();
  await show(page, `${fixed()}&view=bar&resolution=hour&points=total.energy_kwh,total.status`);
  const canvas = page.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  await canvas.click({ position: { x: box.width * 0.5, y: box.height * 0.7 } });
  await page.waitForURL((url) => url.searchParams.get("from") !== iso(from));
  const { searchParams } = new URL(page.url());
  assert.equal(Date.parse(searchParams.get("to")) - Date.parse(searchParams.get("from")), hourMs);

  await page.getByTestId("history-view-heat").click();
  await page
    .getByTestId("history-heat")
    .getByText(/at least 2 days/)
    .waitFor();
  await show(page, `range=7d&view=heat&points=total.energy_kwh`);
  assert.ok((await drawn(page)) > 1000);
  assertClean();
  await context.close();
});

/** A gateway that was started anew remembers nothing of the time before: that is a gap. */
async function makeGap(page) {
  execFileSync(`${process.env.WATTLINE_BIN}/wattline`, ["restart", "gateway", "--root", system.root]);
  return waitUntil("a gap", async () => {
    const answer = await buckets(page, "total", "1m", "power_kw", Date.now() - hourMs, Date.now());
    return answer.gaps.length > 0 && answer;
  });
}

test("a time that nobody saw is a row with its cause and a note under the chart", async () => {
  const { page, context, assertClean } = await open();
  const { data } = await makeGap(page);

  await show(page, "range=1h&resolution=1m&points=total.power_kw");
  await page.getByTestId("history-gaps").locator("summary").click();
  await page
    .getByTestId("history-gaps")
    .getByText(/\d+:\d\d:\d\d/)
    .first()
    .waitFor();
  await page.getByTestId("history-view-table").click();
  await page.getByTestId("history-row-gap").first().waitFor();

  const shown = await rows(page, "gap");
  assert.ok(
    shown.every(([text]) => /No data .+ – .+ \(\d+:\d\d:\d\d\): .+/.test(text)),
    `${shown}`,
  );
  const measured = data.filter(({ points }) => points.power_kw.avg !== null).length;
  assert.ok(Math.abs((await rows(page)).length - measured) <= 1, "buckets without values are no rows");
  assertClean();
  await context.close();
});

test("a user saves CSV of what is shown, one file a device, and a picture", async () => {
  const { page, context, assertClean } = await open();
  await addUser(page, system.url, "analyst1", "night-shift-7");
  await context.clearCookies();
  await page.goto(system.url);
  await signIn(page, "analyst1", "night-shift-7");
  await show(page, `${fixed()}&resolution=hour&points=total.power_kw,conveyor.speed,total.energy_kwh`);

  const files = [];
  page.on("download", (download) => files.push(download));
  await page.getByTestId("history-csv").click();
  await waitUntil("two files", () => files.length === 2);
  await page.getByTestId("history-chart-png").click();
  await waitUntil("the picture", () => files.length === 3);

  const lines = (await readFile(await files[0].path(), "utf8")).trim().split("\r\n");
  const { data } = await buckets(page, "total", "hour", "power_kw,energy_kwh");
  assert.equal(lines.length, 1 + data.length);
  assert.match(lines[0], /power_kw\.avg \(kW\)/);
  assert.match(await readFile(await files[1].path(), "utf8"), /speed\.avg \(m\/s\)/);
  assert.equal((await readFile(await files[2].path())).subarray(1, 4).toString(), "PNG");
  assertClean();
  await context.close();
});

test("when the server fails the old data stays and says so, and a retry mends it", async () => {
  const { page, context } = await open();
  await show(page, `${fixed()}&resolution=hour&view=table&points=total.power_kw`);
  const count = (await rows(page)).length;

  await page.route("**/api/devices/**", (route) => route.fulfill({ status: 503, body: "" }));
  await page.getByTestId("range-refresh").click();
  const warning = page.getByTestId("history-table").getByRole("alert");
  await warning.waitFor();
  assert.equal((await rows(page)).length, count);
  await page.unroute("**/api/devices/**");
  await warning.getByRole("button").click();
  await warning.waitFor({ state: "detached" });

  await page.route("**/api/devices/**", (route) => route.fulfill({ status: 503, body: "" }));
  await page.route("**/api/devices", (route) => route.continue());
  await page.goto(`${system.url}/history?${fixed()}&points=total.power_kw`);
  const failure = page.getByTestId("history-chart").getByRole("alert");
  await failure.waitFor();
  await page.unroute("**/api/devices/**");
  await failure.getByRole("button").click();
  await failure.waitFor({ state: "detached" });
  await settle(page);
  await context.close();
});

for (const [theme, width, views] of [
  ["light", 1440, ["line", "heat"]],
  ["dark", 390, ["bar", "table"]],
]) {
  test(`views ${views} are free of violations, ${theme} at ${width} px`, async () => {
    const { page, context, assertClean } = await open({ theme, width });
    const found = [];
    for (const view of views) {
      const points = "points=total.power_kw,total.energy_kwh,total.status";
      await show(page, `range=7d&view=${view}&resolution=day&compare=1&${points}`);
      await page.getByTestId("history-add").click();
      const { violations } = await page.evaluate(`${axe}; axe.run()`);
      found.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${view} ${id}: ${target}`)));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) found.push(`${view} is ${wide} px wider than the window`);
    }
    assert.deepEqual(found, []);
    assertClean();
    await context.close();
  });
}
