// What a person does: choices that stay, the keyboard alone, chart and table, sign-out elsewhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { asShown, launchBrowser, openPage, signIn } from "./browser.mjs";

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

const text = (page, id) => page.getByTestId(id).innerText();

test("language and theme are chosen by the controls and stay over a reload", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await page.getByTestId("language").selectOption("zh-CN");
  await page.getByTestId("theme").selectOption("dark");
  await signIn(page);

  await page.reload();
  await page.getByTestId("device-conveyor").waitFor();

  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.match(await text(page, "device-conveyor"), /传送带/);
  await page.getByTestId("language").selectOption("en"); // Its texts are fetched first.
  await waitUntil("English", async () => /conveyor/i.test(await text(page, "device-conveyor")));
  assertClean();
  await context.close();
});

test("with the keyboard alone a person signs in", async () => {
  const { page, context } = await openPage(browser, system.url);
  await page.getByTestId("username").waitFor();

  await page.keyboard.type("admin");
  await page.keyboard.press("Tab"); // To "show password" …
  await page.keyboard.press("Tab"); // … and on to the field.
  await page.keyboard.type("admin123");
  await page.keyboard.press("Enter");

  await page.getByTestId("line-state").waitFor();
  await context.close();
});

test("the chart is drawn, and the table has the numbers of /history", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  await waitUntil("a drawn line", () =>
    page.evaluate(() => {
      const canvas = document.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    }),
  );
  const largest = async () => {
    const end = new Date().toISOString();
    const start = new Date(Date.now() - 600_000).toISOString();
    const query = `start_time=${start}&end_time=${end}&page_size=1000`;
    const answer = await page.request.get(`${system.url}/api/devices/conveyor/history?${query}`);
    const powers = (await answer.json()).data.map((row) => row.power_kw).filter((kw) => kw !== null);
    return powers.length > 3 && asShown(Math.max(...powers), 2);
  };
  await waitUntil("rows in the history", largest, 30_000);
  await page.reload(); // The page reads the same rows.
  await page.getByTestId("trend-toggle").click();

  await waitUntil("the same largest power in both", async () => {
    const cells = (await text(page, "trend-row-conveyor")).split(/\s+/);
    return cells.at(-1) === (await largest());
  });
  assert.match(await text(page, "trend"), /Asia\/Shanghai/);
  await context.close();
});

test("signed out in another tab, the page asks to sign in and comes back", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  const { csrf_token } = await (await page.request.get(`${system.url}/auth/check`)).json();

  const answer = await page.request.post(`${system.url}/auth/logout`, {
    headers: { "X-CSRF-Token": csrf_token },
    data: {},
  });

  assert.equal(answer.status(), 200);
  await page.getByTestId("username").waitFor();
  assert.match(page.url(), /expired=1/);
  await signIn(page);
  assert.equal(new URL(page.url()).pathname, "/");
  await context.close();
});
