#!/usr/bin/env node
// Takes the pictures of the documentation from a real line that has run for a while.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { addUser, launchBrowser, settle, signIn } from "../tests/e2e/browser.mjs";
import { startSystem, waitUntil } from "../tests/system.mjs";

const repository = join(dirname(fileURLToPath(import.meta.url)), "..");
const usage = `Takes docs/screenshots/<page>-{en,zh-CN}.png of every page of webui/src/router/pages.ts, and the
dashboard in the dark and 390 px wide, from a private line with a week of history.

    tools/screenshots.mjs                     all, about 7 min
    tools/screenshots.mjs --only energy,oee   these pages
    tools/screenshots.mjs --minutes 1         so long the line runs before; it also waits for an alarm
    tools/screenshots.mjs --out FOLDER        default docs/screenshots

Needs WATTLINE_BIN (default build/release/bin), webui/dist and tests/node_modules. pngquant, if it is
there, makes the pictures small. Exit code 1 when one is larger than 250 KB or a page has a mistake.`;

const languages = ["en", "zh-CN"];
const password = "a line of its own"; // The banner about the default password belongs on no picture.
const maxBytes = 250 * 1024;
const alarmWaitMs = 6 * 60_000;
const calmMs = 2500; // Charts and numbers that come after the page itself.

/** Where a page shows most: an id for its address, or a query. */
const shownAt = {
  device: "/devices/station1",
  history: "/history?range=24h&points=total.power_kw,station1.power_kw,station2.power_kw",
  energy: "/energy?range=7d",
  oee: "/oee?range=7d",
};

function pagesOfRouter() {
  const source = readFileSync(join(repository, "webui/src/router/pages.ts"), "utf8");
  return [...source.matchAll(/^ {4}name: '(.+)',\n {4}path: '(.+)',$/gm)].map(([, name, path]) => ({
    name,
    path: shownAt[name] ?? path,
  }));
}

function parseOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      minutes: { type: "string", default: "5" },
      out: { type: "string", default: join(repository, "docs/screenshots") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const all = pagesOfRouter();
  const only = values.only.split(",").filter(Boolean);
  const wrong = only.find((name) => !all.some((page) => page.name === name));
  if (wrong) throw new Error(`no page '${wrong}'; there are ${all.map(({ name }) => name).join(", ")}`);
  if (!(Number(values.minutes) >= 0)) throw new Error(`--minutes ${values.minutes} is no number`);
  process.env.WATTLINE_BIN ??= join(repository, "build/release/bin");
  if (!existsSync(join(repository, "webui/dist/index.html")))
    throw new Error("no webui/dist: npm run build in webui");
  return { ...values, pages: all.filter(({ name }) => only.length === 0 || only.includes(name)) };
}

/** A password of one's own and two colleagues: as an installation looks that somebody has set up. */
async function setUp(browser, url) {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  await page.goto(url);
  await signIn(page);
  const { csrf_token } = await (await page.request.get(`${url}/auth/check`)).json();
  await addUser(page, url, "li.na", "night shift 2026");
  await addUser(page, url, "operator", "early shift 2026");
  const answer = await page.request.post(`${url}/auth/password`, {
    headers: { "X-CSRF-Token": csrf_token },
    data: { current_password: "admin123", new_password: password },
  });
  if (answer.status() !== 200) throw new Error(`password: ${answer.status()} ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function alarmStands(browser, url, state) {
  const context = await browser.newContext({ storageState: state });
  const open = async () =>
    (await (await context.request.get(`${url}/api/alarms?state=open`)).json()).alarms.length > 0;
  await waitUntil("an alarm", open, alarmWaitMs);
  await context.close();
}

/** To 256 colours, of which the thin lines of the series must keep theirs. */
function shrink(file) {
  const words = ["--force", "--skip-if-larger", "--strip", "--quality", "90-100", "--output", file, file];
  const done = spawnSync("pngquant", words, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  // 98 and 99: it would not become smaller or good enough; no such program: it stays as it is.
  if (done.error?.code !== "ENOENT" && ![0, 98, 99].includes(done.status)) {
    throw new Error(`pngquant: ${done.error ?? done.stderr}`);
  }
  return statSync(file).size;
}

/** Takes one look, in both languages; returns what is wrong with it. */
async function take(browser, url, state, folder, { name, path, theme = "light", width = 1440, height = 900 }) {
  const wrong = [];
  for (const language of languages) {
    const context = await browser.newContext({
      storageState: state,
      locale: language,
      colorScheme: theme,
      viewport: { width, height },
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => wrong.push(`${name}-${language}: ${error}`));
    await page.goto(url + path);
    await settle(page);
    await new Promise((resolve) => setTimeout(resolve, calmMs));
    const file = join(folder, `${name}-${language}.png`);
    await page.screenshot({ path: file, animations: "disabled" });
    await context.close();
    const bytes = shrink(file);
    console.log(`${file}: ${(bytes / 1024).toFixed(0)} KB`);
    if (bytes > maxBytes) wrong.push(`${file}: ${(bytes / 1024).toFixed(0)} KB, limit ${maxBytes / 1024} KB`);
  }
  return wrong;
}

function looksOf(pages) {
  const dashboard = pages.find(({ name }) => name === "dashboard");
  if (!dashboard) return pages;
  return [
    ...pages,
    { ...dashboard, name: "dashboard-dark", theme: "dark" },
    { ...dashboard, name: "dashboard-390", width: 390, height: 844 },
  ];
}

async function takeAll({ pages, minutes, out }) {
  mkdirSync(out, { recursive: true });
  const system = await startSystem(["DEMO_HISTORY_DAYS=7"]);
  const browser = await launchBrowser();
  const wrong = [];
  try {
    const begun = Date.now();
    const state = await setUp(browser, system.url);
    await alarmStands(browser, system.url, state);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + minutes * 60_000 - Date.now())));
    for (const look of looksOf(pages)) wrong.push(...(await take(browser, system.url, state, out, look)));
  } finally {
    await browser.close();
    await system.stop();
  }
  return wrong;
}

let options;
try {
  options = parseOptions();
} catch (failure) {
  console.error(`screenshots.mjs: ${failure.message}`);
  process.exit(2);
}
const wrong = await takeAll(options);
for (const line of wrong) console.error(line);
process.exit(wrong.length ? 1 : 0);
