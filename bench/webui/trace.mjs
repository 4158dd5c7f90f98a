// Work of a page's main thread between an answer of the API and the picture made of it.
import { shown } from "./opening.mjs";

const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"];

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
  if (!mark) throw new Error("the trace has no mark of the page");
  const { callTime, startTime } = mark.args.data;
  const navigation = callTime - startTime * 1000; // On the trace's clock, in microseconds.
  const ofPage = events.filter(({ pid, tid }) => pid === mark.pid && tid === mark.tid);
  const [from, to] = [lastAnswer(ofPage), navigation + shownMs * 1000];
  const tasks = ofPage
    .filter(({ name }) => name === "RunTask")
    .map(({ ts, dur }) => (Math.min(ts + dur, to) - Math.max(ts, from)) / 1000)
    .filter((ms) => ms > 0);
  return { workMs: tasks.reduce((sum, ms) => sum + ms, 0), longestMs: Math.max(0, ...tasks) };
}

/** When the body of the newest answer with history was there. */
function lastAnswer(events) {
  const requests = events.filter(
    ({ name, args }) => name === "ResourceSendRequest" && /\/api\/.*\/history\?/.test(args.data.url),
  );
  const ids = new Set(requests.map(({ args }) => args.data.requestId));
  const answers = events.filter(({ name, args }) => name === "ResourceFinish" && ids.has(args.data.requestId));
  if (answers.length === 0) throw new Error("the trace has no answer with history");
  return Math.max(...answers.map(({ ts }) => ts));
}
