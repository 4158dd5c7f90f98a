// Whether the dashboard grows while it runs: heap, nodes and listeners over 1,000 live messages.
import { heapOf } from "../heap.mjs";
import { watchCards } from "../in_page.mjs";
import { shown } from "../opening.mjs";
import { metricsOf } from "../processes.mjs";
import { pause } from "../sites.mjs";

const patienceMs = 240_000;

/** Until the page has received so many messages. Asks by the protocol: a handle would stay. */
async function received(devtools, wanted) {
  for (const end = performance.now() + patienceMs; performance.now() < end; ) {
    const { result } = await devtools.send("Runtime.evaluate", {
      expression: "bench.messages",
      returnByValue: true,
    });
    if (result.value >= wanted) return result.value;
    await pause(100);
  }
  throw new Error(`fewer than ${wanted} messages in ${patienceMs / 1000} s`);
}

/** Twice: what a finaliser let go goes with the second collection. */
async function afterCollection(devtools) {
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.send("HeapProfiler.collectGarbage");
  const { JSHeapUsedSize, Nodes, JSEventListeners, Documents } = await metricsOf(devtools);
  const whole = { heapKb: JSHeapUsedSize / 1024, nodes: Nodes, listeners: JSEventListeners, documents: Documents };
  return { ...whole, ...(await heapOf(devtools)) };
}

async function samples(site, counts) {
  const context = await site.context();
  try {
    await context.addInitScript(watchCards, 1);
    const page = await context.newPage();
    await page.goto(site.url, { waitUntil: "commit" });
    await shown(page, "/");
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable");
    await devtools.send("HeapProfiler.enable");
    const kept = [];
    for (const count of counts) {
      const messages = await received(devtools, count);
      kept.push({ messages, ...(await afterCollection(devtools)) });
    }
    return kept;
  } finally {
    await context.close();
  }
}

const signed = (number) => `${number >= 0 ? "+" : ""}${number.toFixed(0)}`;

export async function memory({ sites, quick }) {
  const site = await sites.wide();
  const kept = await samples(site, quick ? [50, 100, 150, 200] : [100, 400, 700, 1000]);
  const [first, last] = [kept[0], kept.at(-1)];
  const grownKb = last.dataKb - first.dataKb;
  const list = (key) => kept.map((sample) => sample[key].toFixed(0)).join(", ");
  return [
    {
      part: "memory",
      name: `dashboard, data grown over ${last.messages - first.messages} messages, KB`,
      value: signed(grownKb),
      mark: "< 200 or 2 %",
      reached: grownKb < 200 || grownKb < 0.02 * first.dataKb,
      behind:
        `after collection at ${list("messages")} messages: ${list("dataKb")} KB; beside it compiled code ` +
        `${list("codeKb")}, JSHeapUsedSize ${list("heapKb")}`,
      figures: kept,
    },
    // Alarms that come or go meanwhile change some rows, a leak adds some with each message.
    ...[
      ["DOM nodes", "nodes"],
      ["listeners", "listeners"],
    ].map(([name, key]) => ({
      part: "memory",
      name: `  ${name} grown`,
      value: signed(last[key] - first[key]),
      mark: "< 100",
      reached: last[key] - first[key] < 100,
      behind: list(key),
    })),
  ];
}
