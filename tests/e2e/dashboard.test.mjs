// What a person sees: sign in, numbers that move, both languages, both themes, a lost connection.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
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

const text = (page, id) => page.getByTestId(id).innerText();

test("a wrong password is refused in words and the right one opens the dashboard", async () => {
  const { page, context } = await openPage(browser, system.url);
  await page.getByTestId("username").fill("admin");
  await page.getByTestId("password").fill("not-it");
  await page.getByTestId("submit").click();
  await page.getByRole("alert").first().waitFor();
  await signIn(page);
  await context.close();
});

test("signed in, a person sees five devices and a number that changes", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  await signIn(page);
  for (const device of ["conveyor", "station1", "station2", "reject", "total"]) {
    await page.getByTestId(`power-${device}`).waitFor();
  }
  const first = await waitUntil("a power", async () => {
    const shown = await text(page, "power-conveyor");
    return /\d/.test(shown) && shown;
  });
  await waitUntil("another power", async () => (await text(page, "power-conveyor")) !== first);
  assertClean();
  await context.close();
});

test("what the page shows is what the API says", async () => {
  const { page, context } = await openPage(browser, system.url);
  await signIn(page);
  const count = async () => (await (await page.request.get(`${system.url}/api/devices/total/current`)).json())
    .data.product_count;
  await waitUntil("the product count of the API", async () =>
    (await text(page, "product-count")).includes(String(await count())));
  await context.close();
});

for (const [language, word] of [["zh-CN", /传送带/], ["en", /conveyor/i]]) {
  test(`the page speaks ${language}, in the light and in the dark`, async () => {
    for (const theme of ["light", "dark"]) {
      const { page, context, assertClean } = await openPage(browser, system.url, { language, theme });
      await signIn(page);
      assert.match(await text(page, "device-conveyor"), word);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      assertClean();
      await context.close();
    }
  });
}

test("at 390 px nothing sticks out to the side", async () => {
  const { page, context } = await openPage(browser, system.url, { width: 390, height: 844 });
  await signIn(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await context.close();
});

test("without a session the dashboard sends a person to the sign-in page", async () => {
  const { page, context } = await openPage(browser, system.url);
  await page.getByTestId("username").waitFor();
  await context.close();
});
