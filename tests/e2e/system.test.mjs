// Points and the state of Wattline itself: what each role sees, a controller that is silent, logs, a backup.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

let system, browser, admin;

before(
  async () => {
    system = await startSystem();
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

const text = (page, id) => page.getByTestId(id).first().innerText();
const api = async (page, path) => (await page.request.get(system.url + path)).json();
const pid = (name) => JSON.parse(readFileSync(`${system.root}/run/${name}.status.json`, "utf8")).pid;
const count = async (page, quality) => Number(/\d+/.exec(await text(page, `count-${quality}`))[0]);

/** The page of the administrator, who signs in once for all tests. */
async function open(path) {
  await admin.page.goto(system.url + path);
  await settle(admin.page);
  return admin;
}

test("every point stands in the list with its tag and a value that moves", async () => {
  const { page, assertClean } = await open("/points");
  const { points } = await api(page, "/api/points");
  const rows = page.locator("tbody tr");

  assert.equal(await rows.count(), points.length);
  for (const { point, tag } of points) assert.ok((await text(page, `point-${point}`)).includes(tag), point);
  await waitUntil("all are good", async () => (await count(page, "good")) === points.length);
  const scans = () => page.getByTestId("point-total.scan_count").getByTestId("point-value").innerText();
  const first = await scans();
  await waitUntil("more scans", async () => (await scans()) !== first);
  assertClean();
});

test("points are found, sorted and filtered, and the address keeps it", async () => {
  const { page, assertClean } = await open("/points");
  const { points } = await api(page, "/api/points");
  const rows = page.locator("tbody tr");

  await page.getByTestId("point-find").fill("Energy power");
  const found = points.filter(({ tag, name }) => /energy/i.test(tag) && /power/i.test(tag + name));
  await waitUntil("those with both words", async () => (await rows.count()) === found.length);
  await page.getByTestId("point-device").selectOption("station2");
  await waitUntil("one", async () => (await rows.count()) === 1);
  await page.reload();
  await settle(page);
  assert.equal(await page.getByTestId("point-find").inputValue(), "Energy power");
  assert.equal(await rows.count(), 1);

  await page.goto(`${system.url}/points?sort=-tag`);
  await settle(page);
  assert.match(await page.locator("th[aria-sort=descending]").innerText(), /^Tag\s*↓$/);
  const last = points
    .map(({ tag }) => tag)
    .sort((a, b) => a.localeCompare(b))
    .at(-1);
  assert.ok((await rows.first().innerText()).includes(last));
  assertClean();
});

test("while the controller is silent its points are bad, by word and with the reason", async () => {
  const { page, assertClean } = await open("/points");
  const plc = pid("plc");

  process.kill(plc, "SIGSTOP");
  try {
    await waitUntil("bad points", async () => (await count(page, "bad")) > 0, 30_000);
    await page.getByTestId("count-bad").click();
    const row = page.getByTestId("point-conveyor.power_kw");
    await waitUntil("the power is bad", async () => (await row.getAttribute("data-quality")) === "bad");
    assert.equal(await row.getByTestId("point-value").innerText(), "–");
    assert.match(await row.innerText(), /Bad[\s\S]*quality/);
    assert.equal(new URL(page.url()).searchParams.get("quality"), "bad");
  } finally {
    process.kill(plc, "SIGCONT");
  }
  await waitUntil("no bad point", async () => (await count(page, "bad")) === 0, 30_000);
  assertClean();
});

test("the state of every process is that of the API and is read anew by itself", async () => {
  const { page, assertClean } = await open("/system");
  const { processes, plc } = await api(page, "/api/system");

  for (const { name, version } of processes) {
    const row = await text(page, `process-${name}`);
    assert.match(row, /Running/);
    assert.ok(row.includes(version), row);
  }
  assert.equal(await text(page, "overruns"), String(plc.overruns));
  assert.match(await text(page, "host-disk"), /\d GB of \d/);
  await waitUntil("this page among those that follow", async () => Number(await text(page, "live-clients")) >= 1);
  assertClean();
});

test("an administrator reads logs by process, level and text", async () => {
  const { page, assertClean } = await open("/system?log=wattline");
  const box = page.getByTestId("log-box");
  const { lines } = await api(page, "/api/logs?process=wattline&lines=200");
  assert.ok(lines.length > 0);

  await waitUntil("a line of the supervisor", async () => /plc started/.test(await box.innerText()));
  await page.getByTestId("log-find").fill("gateway started");
  await waitUntil("only that line", async () => (await box.locator("li").count()) === 1);
  await page.getByTestId("log-process").selectOption("web");
  await page.getByTestId("log-find").fill("");
  const web = (await api(page, "/api/logs?process=web&lines=200")).lines;
  await waitUntil("lines of web", async () => (await box.locator("li").count()) >= web.length);
  await page.getByTestId("log-level").selectOption("critical");
  await waitUntil("nothing critical", async () => (await box.count()) === 0);
  assert.match(page.url(), /log=web/);
  assertClean();
});

test("an administrator makes a backup and sees it in the list", async () => {
  const { page, assertClean } = await open("/system");
  const before = (await api(page, "/api/backups")).total;

  await page.getByTestId("backup-now").click();

  await page.locator("[data-testid=backup-run][data-state=finished]").waitFor({ timeout: 30_000 });
  await waitUntil("one more", async () => (await page.getByTestId("backup-row").count()) >= Math.max(1, before));
  const { backups, run } = await api(page, "/api/backups");
  assert.equal(run.started_by, "admin");
  assert.equal(await page.getByTestId("backup-row").count(), backups.length);
  assert.ok((await text(page, "backups")).includes(run.file));
  assertClean();
});

test("a user sees the state but neither logs nor backups", async () => {
  await addUser(admin.page, system.url, "operator1", "night-shift-7");
  const { page, context, assertClean } = await openPage(browser, system.url, { language: "zh-CN", width: 390 });
  await signIn(page, "operator1", "night-shift-7");
  await page.goto(`${system.url}/system`);
  await settle(page);

  assert.match(await text(page, "process-plc"), /运行/);
  assert.equal(await page.getByTestId("logs").count(), 0);
  assert.equal(await page.getByTestId("backups").count(), 0);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  assertClean();
  await context.close();
});

// The last one: a call that fails is an error on the console of the browser.
test("when the server is gone the state stays on the screen, marked as old", async () => {
  const { page } = await open("/system");

  await page.route("**/api/system", (route) => route.abort());
  await page.getByTestId("system-stale").waitFor({ timeout: 20_000 });
  assert.match(await text(page, "process-plc"), /Running/);
  await page.unroute("**/api/system");
  await page.getByTestId("system-stale").waitFor({ state: "detached", timeout: 20_000 });
});
