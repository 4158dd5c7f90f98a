// Work of a page's main thread between an answer of the API and the picture made of it.
import { shown } from "./opening.mjs";

const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"];

/** {workMs, longestMs}: all tasks of the main thread since the last answer with history, until the chart is
 *  shown. Tracing itself takes a few per cent of it. */
export async function tracedWork(browser, site, path, watch) {
  const context = await site.context();
  try {
    await context.addInitScript(watch);
    const page = await context.newPage();
    await browser.startTracing(page, { categories });
    await page.goto(site.url + path, { waitUntil: "commit" });
    await shown(page, path);
    await page.evaluate(() => performance.mark("bench-end"));
    const { shownAt } = await page.evaluate(() => window.bench);
    return workOf(JSON.parse(await browser.stopTracing()).traceEvents, shownAt);
  } finally {
    await context.close();
  }
}

function workOf(events, shownMs) {
  const mark = events.find(({ name }) => name === "bench-end");
  const request = events
    .filter(({ name, args }) => name === "ResourceSendRequest" && /\/history\?/.test(args.data.url))
    .at(-1);
  if (!mark || !request) throw new Error("the trace has no answer with history");
  const { requestId } = request.args.data;
  const answer = events.find(({ name, args }) => name === "ResourceFinish" && args.data.requestId === requestId);
  const start = navigationStart(events, mark);
  const [from, to] = [answer.ts, start + shownMs * 1000];
  const tasks = events
    .filter(({ pid, tid, name }) => pid === mark.pid && tid === mark.tid && name === "RunTask")
    .map(({ ts, dur }) => (Math.min(ts + dur, to) - Math.max(ts, from)) / 1000)
    .filter((ms) => ms > 0);
  return { workMs: tasks.reduce((sum, ms) => sum + ms, 0), longestMs: Math.max(0, ...tasks) };
}

/** On the trace's clock: a mark knows its own time since the navigation. */
function navigationStart(events, { pid, ts, args }) {
  const since = args.data?.startTime;
  if (since !== undefined) return ts - since * 1000;
  const started = events.filter(({ name, pid: of }) => name === "navigationStart" && of === pid).at(-1);
  if (!started) throw new Error("the trace does not know when the navigation began");
  return started.ts;
}
