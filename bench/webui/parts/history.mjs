// The History page itself: 30 days from the start of the navigation, and what 2,000 buckets cost there.
import { watchCharts } from "../in_page.mjs";
import { opened } from "../opening.mjs";
import { median, spread } from "../report.mjs";
import { tracedWork } from "../trace.mjs";

const openMarkMs = 1000;
const drawMarkMs = 100;
const minuteMs = 60_000;
const buckets = 1999; // 2,000 is what the server gives; the page leaves room for one that sticks out.

/** As people open it, with the points that it shows by itself. */
const month = "/history?range=30d";

/** A link to one point in minutes. */
function ofBuckets() {
  const end = Math.floor(Date.now() / minuteMs) * minuteMs;
  const [from, to] = [end - buckets * minuteMs, end].map((time) =>
    encodeURIComponent(new Date(time).toISOString()),
  );
  return `/history?from=${from}&to=${to}&resolution=1m&points=total.power_kw`;
}

async function monthRow(site, rounds) {
  const runs = [];
  for (let run = 0; run < rounds; run += 1) runs.push(await opened(site, month, watchCharts));
  const times = runs.map(({ shownMs }) => shownMs);
  const of = (key) => median(runs.map((run) => run[key])).toFixed(0);
  return {
    part: "history",
    name: "History of 30 days, cold cache, chart shown, ms",
    value: median(times).toFixed(0),
    mark: `< ${openMarkMs}`,
    reached: median(times) < openMarkMs,
    behind:
      `median of ${rounds}, ${spread(times)}; first paint ${of("paintMs")}, last long task ends ` +
      of("lastTaskMs"),
    figures: runs,
  };
}

async function bucketsRow(browser, site, rounds) {
  const runs = [];
  for (let run = 0; run < rounds; run += 1) runs.push(await tracedWork(browser, site, ofBuckets(), watchCharts));
  const times = runs.map(({ workMs }) => workMs);
  const [longest] = runs.map(({ longestMs }) => longestMs).sort((a, b) => b - a);
  return {
    part: "history",
    name: `  ${buckets} buckets there, main thread from answer to picture, ms`,
    value: median(times).toFixed(0),
    mark: `< ${drawMarkMs}`,
    reached: median(times) < drawMarkMs,
    behind: `median of ${rounds}, ${spread(times)}; longest single task ${longest.toFixed(0)}, traced`,
    figures: runs,
  };
}

export async function history({ browser, sites, quick }) {
  const site = await sites.month();
  return [await monthRow(site, quick ? 3 : 10), await bucketsRow(browser, site, quick ? 2 : 5)];
}
