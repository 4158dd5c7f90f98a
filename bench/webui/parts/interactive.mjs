// From the start of the navigation to a dashboard that shows live values and would answer a click.
import { watchCards } from "../in_page.mjs";
import { median, spread } from "../report.mjs";
import { opened } from "../opening.mjs";

const markMs = 1500;

export async function interactive({ sites, quick }) {
  const site = await sites.demo();
  const cards = (await site.deviceIds()).length;
  const runs = [];
  for (let run = 0; run < (quick ? 3 : 10); run += 1) {
    runs.push(await opened(site, "/", watchCards, cards));
  }
  const times = runs.map(({ interactiveMs }) => interactiveMs);
  const of = (key) => median(runs.map((run) => run[key])).toFixed(0);
  return [
    {
      part: "interactive",
      name: "dashboard interactive, cold cache, ms",
      value: median(times).toFixed(0),
      mark: `< ${markMs}`,
      reached: median(times) < markMs,
      behind:
        `median of ${runs.length}, ${spread(times)}; first paint ${of("paintMs")}, live values on all ${cards} cards ` +
        `${of("shownMs")}, last long task ends ${of("lastTaskMs")}`,
      figures: runs,
    },
  ];
}
