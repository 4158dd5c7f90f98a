// What a page costs: its main thread by the browser's own count, its processes by /proc.
import { readFileSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ, which is 100 on every Linux that Debian has.

function cpuSeconds(pid) {
  // The name of the program stands in brackets and may hold blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

export async function metricsOf(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Chromium draws its own window, which nobody sees, with renderers of its own. */
const isOfWindow = (pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--top-chrome-webui");

/** CPU seconds of each process of the browser by now. */
async function processTimes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const kinds = processInfo.map(({ id, type }) => [id, isOfWindow(id) ? "window" : type]);
  return new Map(kinds.map(([id, type]) => [id, { type, seconds: cpuSeconds(id) }]));
}

async function sample(browser, devtools) {
  return { metrics: await metricsOf(devtools), processes: await processTimes(browser), at: performance.now() };
}

/** Shares of one core, in percent, over what `wait` takes. `renderer`: the process of the page. */
export async function costOf(browser, page, wait) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const before = await sample(browser, devtools);
  await wait();
  const after = await sample(browser, devtools);
  await devtools.detach();
  const seconds = (after.at - before.at) / 1000;
  const percent = (name) => (100 * (after.metrics[name] - before.metrics[name])) / seconds;
  const used = [...after.processes].map(([id, { type, seconds: spent }]) => ({
    type,
    percent: (100 * (spent - (before.processes.get(id)?.seconds ?? 0))) / seconds,
  }));
  const most = (type) => Math.max(0, ...used.filter((one) => one.type === type).map((one) => one.percent));
  return {
    seconds,
    mainThread: percent("TaskDuration"),
    script: percent("ScriptDuration"),
    layout: percent("LayoutDuration") + percent("RecalcStyleDuration"),
    // Chromium keeps an idle renderer in reserve: the busiest one is that of the page.
    renderer: most("renderer"),
    gpu: most("GPU"),
    window: most("window"),
  };
}
