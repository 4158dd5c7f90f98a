// Opens a page of the UI with an empty cache and says when it was there.
import { pause } from "./sites.mjs";

const patienceMs = 15_000;
const quietMs = 2500; // A long task that begins this long after the content still delays "interactive".

/** In ms since navigation: first paint, content shown, end of the last long task, both of the latter. */
export async function opened(site, path, watch, ...words) {
  const context = await site.context();
  try {
    await context.addInitScript({ content: `(${watch})(${words.map((word) => JSON.stringify(word)).join()})` });
    const page = await context.newPage();
    await page.goto(site.url + path, { waitUntil: "commit" });
    await shown(page, path);
    await pause(quietMs);
    return await page.evaluate(() => {
      const { shownAt, longTasks } = window.bench;
      const ends = longTasks.map(({ startTime, duration }) => startTime + duration);
      const paint = performance.getEntriesByName("first-contentful-paint")[0];
      const lastTaskMs = Math.max(0, ...ends);
      return {
        paintMs: paint?.startTime ?? NaN,
        shownMs: shownAt,
        lastTaskMs,
        interactiveMs: Math.max(shownAt, lastTaskMs),
        longTasks,
      };
    });
  } finally {
    await context.close();
  }
}

/** Asks seldom: each question is a task on the page's main thread. */
export async function shown(page, path) {
  for (const end = performance.now() + patienceMs; performance.now() < end; ) {
    await pause(250);
    if (await page.evaluate(() => (window.bench.shownAt ?? 0) > 0)) return;
  }
  throw new Error(`${path}: what was waited for is not shown within ${patienceMs / 1000} s`);
}
