// Accounts as people meet them: a shipped password, sessions, tokens, users, lock-out and the audit log.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startSystem, waitUntil } from "../system.mjs";
import { addUser, launchBrowser, openPage, settle, signIn } from "./browser.mjs";

const chief = "long enough for a plant";
const night = "night-shift-7";
let system, browser;

before(
  async () => {
    // In production the shipped password opens nothing but its own change.
    system = await startSystem(["WATTLINE_ENV=production", "MAX_LOGIN_ATTEMPTS=3"]);
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

const at = (page) => new URL(page.url());
const path = (page) => at(page).pathname + at(page).search;
const confirm = (page, dialog) => page.getByTestId(dialog).getByTestId("dialog-confirm").click();
const noticed = (page, text) => page.getByTestId("notices").getByText(text).waitFor();

/** A call with the session of the page. */
async function api(page, method, address, data) {
  const { csrf_token } = await (await page.request.get(`${system.url}/auth/check`)).json();
  const headers = { "X-CSRF-Token": csrf_token, "Accept-Language": "en" };
  const options = { method, headers, ...(method === "GET" ? {} : { data: data ?? {} }) };
  return page.request.fetch(system.url + address, options);
}
const read = async (page, address) => (await api(page, "GET", address)).json();

/** A page of somebody who is signed in, at an address. */
async function pageOf(name, password, address) {
  const opened = await openPage(browser, system.url + address);
  await signIn(opened.page, name, password);
  await settle(opened.page);
  return opened;
}

async function tryToSignIn(page, name, password) {
  await page.getByTestId("username").fill(name);
  await page.getByTestId("password").fill(password);
  const answer = page.waitForResponse((response) => response.url().endsWith("/auth/login"));
  await page.getByTestId("submit").click();
  return (await answer).status();
}

test("a shipped password is changed first, nothing else opens, and then one goes on", async () => {
  const { page, context, assertClean } = await openPage(browser, `${system.url}/audit?range=24h`);
  await tryToSignIn(page, "admin", "admin123");
  await page.getByTestId("forced-change").waitFor();

  await page.goto(`${system.url}/energy`);
  await page.getByTestId("forced-change").waitFor();
  assert.equal(path(page), "/change-password?return=/energy");
  assert.equal((await api(page, "GET", "/api/users")).status(), 403);
  await page.goto(`${system.url}/change-password?return=/audit?range%3D24h`);
  await page.getByTestId("old-password").fill("admin123");
  await page.getByTestId("new-password").fill(chief);
  await page.getByTestId("repeat-password").fill(chief);
  await page.getByTestId("save-password").click();

  await page.getByTestId("audit-entries").waitFor();
  assert.equal(path(page), "/audit?range=24h");
  assertClean();
  await context.close();
});

test("an administrator adds a user, and the list is that of the API", async () => {
  const { page, context, assertClean } = await pageOf("admin", chief, "/users");
  await page.getByTestId("add-account").click();
  await page.getByTestId("account-name").fill("night shift");
  await page.getByTestId("account-password").fill(night);
  await confirm(page, "account-dialog");
  await page.getByTestId("dialog-fault").filter({ hasText: "letters, digits" }).waitFor();
  await page.getByTestId("account-name").fill("anna");
  await page.getByTestId("account-email").fill("anna@plant.example");
  await confirm(page, "account-dialog");

  await noticed(page, "anna was added");
  await page.getByTestId("account-anna").waitFor();
  const names = await page
    .locator("[data-testid=accounts] tbody tr")
    .evaluateAll((rows) => rows.map((row) => row.dataset.testid.slice(8)));
  const { users } = await read(page, "/api/users");
  assert.deepEqual(
    names,
    users.map(({ username }) => username),
  );
  assert.match(await page.getByTestId("account-anna").innerText(), /anna@plant\.example[\s\S]*User/);
  assertClean();
  await context.close();
});

test("the secret of a token is shown once, opens what its scopes name, and nothing when revoked", async () => {
  const { page, context, assertClean } = await pageOf("anna", night, "/account");
  assert.equal(await page.getByTestId("whose-all").count(), 0);
  await page.getByTestId("make-token").click();
  assert.equal(await page.getByTestId("token-dialog").locator("input[type=checkbox]").count(), 2);
  await page.getByTestId("token-name").fill("daily report");
  await page.getByTestId("token-days").fill("10");
  await confirm(page, "token-dialog");
  const secret = await page.getByTestId("secret").inputValue();
  assert.match(await page.getByTestId("curl").inputValue(), new RegExp(`Bearer ${secret}`));

  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByTestId("secret-question").waitFor();
  assert.equal(await page.getByTestId("secret").inputValue(), secret);
  await page.getByTestId("secret-kept").click();
  await page.getByTestId("secret").waitFor({ state: "detached" });
  await page.reload();
  await settle(page);
  assert.ok(!(await page.content()).includes(secret));

  const call = (address) => fetch(system.url + address, { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal((await call("/api/devices")).status, 200);
  assert.equal((await call("/api/users")).status, 403);
  const [token] = (await read(page, "/api/tokens")).tokens;
  const row = page.getByTestId(`token-${token.id}`);
  assert.equal(await row.locator("[data-expiry]").getAttribute("data-expiry"), "soon");
  await row.getByTestId("revoke-token").click();
  await confirm(page, "revoke-dialog");
  await row.waitFor({ state: "detached" });
  assert.equal((await call("/api/devices")).status, 401);
  assertClean();
  await context.close();
});

test("a session that an administrator ends leads to sign-in and back to the same page", async () => {
  const users = await pageOf("anna", night, "/account");
  const admins = await pageOf("admin", chief, "/account?whose=all&user=ANN");
  const rows = admins.page.locator("[data-testid=sessions] tbody tr");
  const { sessions } = await read(admins.page, "/api/sessions?user=anna");
  assert.equal(await rows.count(), sessions.length);

  await users.page.goto(`${system.url}/history?range=1h`);
  await settle(users.page);
  for (const { id } of sessions) {
    await admins.page.getByTestId(`session-${id}`).getByTestId("end-session").click();
    await confirm(admins.page, "session-dialog");
    await admins.page.getByTestId(`session-${id}`).waitFor({ state: "detached" });
  }

  await users.page.getByTestId("expired").waitFor();
  await signIn(users.page, "anna", night);
  assert.equal(path(users.page), "/history?range=1h");
  await users.context.close();
  admins.assertClean();
  await admins.context.close();
});

test("all other sessions of an account end at once, this one stays", async () => {
  const { page, context, assertClean } = await pageOf("anna", night, "/account");
  const others = (await read(page, "/api/sessions")).sessions.filter(({ current }) => !current);
  assert.ok(others.length > 0);

  await page.getByTestId("end-others").click();
  await confirm(page, "session-dialog");

  await page.getByTestId("end-others").waitFor({ state: "detached" });
  const left = (await read(page, "/api/sessions")).sessions;
  assert.deepEqual(
    left.map(({ current }) => current),
    [true],
  );
  assert.equal(await page.getByTestId("this-session").count(), 1);
  assertClean();
  await context.close();
});

test("somebody who is locked out sees the time run, and an administrator lets him in again", async () => {
  const admins = await pageOf("admin", chief, "/users");
  await addUser(admins.page, system.url, "forgetful", night);
  const { page, context } = await openPage(browser, system.url);
  for (const _ of [1, 2, 3]) assert.equal(await tryToSignIn(page, "forgetful", "not-it"), 401);
  assert.equal(await tryToSignIn(page, "forgetful", night), 403);
  const wait = page.getByTestId("sign-in-wait");
  const first = await wait.innerText();
  assert.match(first, /\d:\d\d/);
  await waitUntil("the time to run", async () => (await wait.innerText()) !== first);

  await admins.page.getByTestId("refresh").click();
  const row = admins.page.getByTestId("account-forgetful");
  await row.getByTestId("locked").waitFor();
  await row.getByTestId("unlock").click();
  await row.getByTestId("locked").waitFor({ state: "detached" });

  assert.equal(await tryToSignIn(page, "forgetful", night), 200);
  await page.getByTestId("line-state").waitFor();
  await context.close();
  admins.assertClean();
  await admins.context.close();
});

test("a change of somebody else is not overwritten, and the last administrator stays one", async () => {
  const { page, context } = await pageOf("admin", chief, "/users");
  const { users } = await read(page, "/api/users");
  const [anna, admin] = ["anna", "admin"].map((name) => users.find(({ username }) => username === name));
  await page.getByTestId("account-anna").getByTestId("change-account").click();
  await page.getByTestId("account-email").fill("old@plant.example");
  await api(page, "PUT", `/api/users/${anna.id}`, { email: "new@plant.example" });
  await confirm(page, "account-dialog");

  await page.getByTestId("account-reread").click();
  await waitUntil(
    "the newest values",
    async () => (await page.getByTestId("account-email").inputValue()) === "new@plant.example",
  );
  await page.getByTestId("account-role").selectOption("admin");
  await page.getByTestId("account-effect").filter({ hasText: "sessions" }).waitFor();
  await page.getByTestId("account-role").selectOption("user");
  await page.getByTestId("account-email").fill("anna.berg@plant.example");
  await confirm(page, "account-dialog");
  await noticed(page, "anna was changed");
  assert.equal((await read(page, `/api/users/${anna.id}`)).user.email, "anna.berg@plant.example");

  const words = async (method, data) =>
    (await (await api(page, method, `/api/users/${admin.id}`, data)).json()).detail;
  await page.getByTestId("account-admin").getByTestId("change-account").click();
  await page.getByTestId("account-role").selectOption("user");
  await confirm(page, "account-dialog");
  await page
    .getByTestId("dialog-fault")
    .filter({ hasText: await words("PUT", { role: "user" }) })
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("account-admin").getByTestId("remove-account").click();
  await page.getByTestId("remove-name").fill("admin");
  await confirm(page, "remove-dialog");
  await page
    .getByTestId("dialog-fault")
    .filter({ hasText: await words("DELETE") })
    .waitFor();
  await context.close();
});

test("a user is removed when the name was typed", async () => {
  const { page, context, assertClean } = await pageOf("admin", chief, "/users");
  await page.getByTestId("account-forgetful").getByTestId("remove-account").click();
  await page.getByTestId("remove-name").fill("forgetfull");
  await confirm(page, "remove-dialog");
  await page.getByTestId("dialog-fault").filter({ hasText: "forgetful" }).waitFor();
  await page.getByTestId("remove-name").fill("forgetful");
  await confirm(page, "remove-dialog");

  await page.getByTestId("account-forgetful").waitFor({ state: "detached" });
  const { users } = await read(page, "/api/users");
  assert.ok(!users.some(({ username }) => username === "forgetful"));
  assertClean();
  await context.close();
});

test("the audit log shows what the API says, by filters in the address, and saves it", async () => {
  const { page, context, assertClean } = await pageOf("admin", chief, "/audit?range=24h");
  await page.getByTestId("audit-action").selectOption("user");
  await page.getByTestId("audit-actor").fill("admin");
  await page.keyboard.press("Enter");
  await page.waitForURL(/actor=admin/);
  await settle(page);
  assert.equal(at(page).searchParams.get("action"), "user");
  await page.reload();
  await settle(page);

  const { entries } = await read(page, "/api/audit?actor=admin&action=user");
  const shown = await page
    .locator("tbody tr[data-action]")
    .evaluateAll((rows) => rows.map(({ dataset }) => [Number(dataset.testid.slice(6)), dataset.action]));
  assert.deepEqual(
    shown,
    entries.map(({ id, action }) => [id, action]),
  );
  const changed = entries.find(({ action }) => action === "user.change");
  const [was, is] = [JSON.parse(changed.before), JSON.parse(changed.after)];
  const text = await page.getByTestId(`entry-${changed.id}`).innerText();
  assert.ok(text.includes(was.email) && text.includes(is.email), text);
  assert.equal(was.role, is.role);
  assert.ok(!text.includes("Role"), "only what changed is named");

  const download = page.waitForEvent("download");
  await page.getByTestId("audit-csv").click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^audit_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\r\n");
  assert.equal(lines.length, entries.length + 1);
  assertClean();
  await context.close();
});

test("the page of a list stands in the address, and another filter begins at the first", async () => {
  const { page, context, assertClean } = await pageOf("admin", chief, "/audit?range=24h");
  const { users } = await read(page, "/api/users");
  const anna = users.find(({ username }) => username === "anna");
  for (let i = 0; i <= 50; i += 1)
    await api(page, "PUT", `/api/users/${anna.id}`, { email: `anna${i}@plant.example` });
  await page.getByTestId("audit-action").selectOption("user.change");
  await page.waitForURL(/action=user\.change/);
  await page.getByTestId("range-refresh").click();
  const first = page.locator("tbody tr[data-action]").first();
  await first.filter({ hasText: "anna50@" }).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL(/page=2/);
  await page.reload();
  await settle(page);

  const { entries } = await read(page, "/api/audit?action=user.change&page_size=50&page=2");
  assert.equal(await page.locator("tbody tr[data-action]").count(), entries.length);
  assert.equal(await first.getAttribute("data-testid"), `entry-${entries[0].id}`);
  await page.getByTestId("audit-action").selectOption("login.success");
  await page.waitForURL(/action=login\.success/);
  assert.equal(at(page).searchParams.get("page"), null);
  await settle(page);
  await page.locator("tr[data-action='login.success']").first().waitFor();
  assert.equal(await page.locator("tr[data-action='user.change']").count(), 0);
  assertClean();
  await context.close();
});

test("a person is told that Caps Lock is on", async () => {
  const { page, context, assertClean } = await openPage(browser, system.url);
  const press = (on) =>
    page.getByTestId("password").evaluate((field, modifierCapsLock) => {
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "A", bubbles: true, modifierCapsLock }));
    }, on);
  await page.getByTestId("password").focus();
  await press(true);
  await page.getByTestId("caps-lock").waitFor();
  await press(false);
  await page.getByTestId("caps-lock").waitFor({ state: "detached" });
  assertClean();
  await context.close();
});
