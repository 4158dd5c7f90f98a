// What it costs the browser to keep the dashboard of a plant of 50 points up to date.
import { watchCards } from "../in_page.mjs";
import { shown } from "../opening.mjs";
import { openPlainTable } from "../plain_table.mjs";
import { costOf } from "../processes.mjs";
import { pause } from "../sites.mjs";

const markPercent = 5;
const warmMs = 10_000;
const countedMs = 5000;
/** High enough for all cards and the chart: what is outside the window costs less. */
const window_ = { width: 1440, height: 2400 };

/** Messages and changed values a second; counted after the measurement, for it takes time itself. */
async function rates(page) {
  await page.evaluate(() => (window.bench.keep = []));
  await pause(countedMs);
  const messages = await page.evaluate(() => {
    const kept = window.bench.keep;
    window.bench.keep = null;
    return kept;
  });
  const values = messages.map((text) => Object.keys(JSON.parse(text).values ?? {}));
  const a_second = 1000 / countedMs;
  return {
    messages: messages.length * a_second,
    values: values.flat().length * a_second,
    points: new Set(values.flat()).size,
    kb: (messages.join("").length / 1024) * a_second,
  };
}

async function measured(browser, site, name, seconds, open) {
  const context = await site.context(window_);
  try {
    const page = await context.newPage();
    await open(page);
    await shown(page, name);
    await pause(warmMs);
    const cost = await costOf(browser, page, () => pause(seconds * 1000));
    return { ...cost, ...(await rates(page)) };
  } finally {
    await context.close();
  }
}

const percent = (value) => value.toFixed(1);

function behind(cost) {
  return (
    `${cost.seconds.toFixed(0)} s, ${cost.messages.toFixed(1)} messages and ${cost.values.toFixed(0)} values a ` +
    `second of ${cost.points} points (${cost.kb.toFixed(1)} KB); script ${percent(cost.script)}, layout ` +
    `${percent(cost.layout)}, process GPU ${percent(cost.gpu)}, the browser's own window ${percent(cost.window)}`
  );
}

function rowsOf(name, cost, marks) {
  const judged = (value) => (marks ? { mark: `< ${markPercent}`, reached: value < markPercent } : {});
  const row = { part: "live", ...judged(cost.mainThread) };
  return [
    { ...row, name: `${name}, main thread, % of a core`, value: percent(cost.mainThread), behind: behind(cost) },
    {
      ...row,
      ...judged(cost.renderer),
      name: "  its whole process by /proc, % of a core",
      value: percent(cost.renderer),
      figures: cost,
    },
  ];
}

export async function live({ browser, sites, quick }) {
  const site = await sites.wide();
  const cards = (await site.deviceIds()).length;
  const seconds = quick ? 10 : 60;
  const dashboard = await measured(browser, site, "dashboard", seconds, async (page) => {
    await page.addInitScript(watchCards, cards);
    await page.goto(site.url, { waitUntil: "commit" });
  });
  const table = await measured(browser, site, "plain table", seconds, (page) => openPlainTable(page, site));
  return [
    ...rowsOf(`dashboard of ${cards} devices, live`, dashboard, true),
    ...rowsOf("peer: a table of the same points in plain DOM, no chart", table, false),
  ];
}
