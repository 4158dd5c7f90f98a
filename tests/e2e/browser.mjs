// Debian's Chromium without a window of its own, under Playwright: a page that fails the test on a
// console error or a request to another host.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchBrowser() {
  return chromium.launch({ executablePath: "/usr/bin/chromium-headless-shell", args: SWITCHES });
}

/** A page in `language` ("en", "zh-CN") and `theme` ("light", "dark"), watched for mistakes. */
export async function openPage(
  browser,
  url,
  { language = "en", theme = "light", width = 1440, height = 900 } = {},
) {
  const context = await browser.newContext({ locale: language, colorScheme: theme, viewport: { width, height } });
  const page = await context.newPage();
  const mistakes = [];
  page.on("console", (message) => {
    // A 401 before sign-in is an answer, not a mistake of the page.
    if (message.type() === "error" && !message.text().includes("401")) mistakes.push(message.text());
  });
  page.on("pageerror", (error) => mistakes.push(String(error)));
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (target.protocol !== "data:" && target.host !== new URL(url).host)
      mistakes.push(`foreign request ${target}`);
  });
  await page.goto(url);
  return { page, context, assertClean: () => assert.deepEqual(mistakes, []) };
}

export async function signIn(page, username = "admin", password = "admin123") {
  await page.getByTestId("username").fill(username);
  await page.getByTestId("password").fill(password);
  await page.getByTestId("submit").click();
  await page.getByTestId("line-state").waitFor({ timeout: 15_000 });
}

/** Until the page shows what it came for: nothing that can be seen loads, no call is on its way. */
export async function settle(page) {
  await page.locator("h1").first().waitFor({ state: "attached", timeout: 15_000 });
  const atRest = () =>
    ![...document.querySelectorAll("[data-loading], [aria-busy=true]")].some((part) => part.checkVisibility());
  await page.waitForFunction(atRest, null, { timeout: 20_000 });
}

/** An account with the role `user`, made by the administrator who is signed in on the page. */
export async function addUser(page, url, username, password) {
  const { csrf_token } = await (await page.request.get(`${url}/auth/check`)).json();
  const answer = await page.request.post(`${url}/api/users`, {
    headers: { "X-CSRF-Token": csrf_token },
    data: { username, password, role: "user" },
  });
  assert.equal(answer.status(), 201, await answer.text());
}

/** A number, or null, as the English page shows it: toFixed() would round 4.185 down, as the double is a bit less. */
export function asShown(value, digits) {
  return value === null
    ? "–"
    : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
