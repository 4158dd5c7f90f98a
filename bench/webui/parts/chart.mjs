// A chart of 2,000 buckets with its band, from data to pixels, beside two chart libraries.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { median, spread } from "../report.mjs";
import { repository } from "../sites.mjs";

const here = join(repository, "bench/webui");
const site = "http://chart.bench";
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const markMs = 100;
const buckets = 2000;

/** Builds the page with the webui's own Vite and settings, so that it is the code that ships. */
async function build(folder) {
  const webui = join(repository, "webui");
  const vite = createRequire(join(webui, "package.json")).resolve("vite/package.json");
  const { build: viteBuild } = await import(pathToFileURL(join(vite, "../dist/node/index.js")));
  const installed = existsSync(join(here, "node_modules/uplot"));
  await viteBuild({
    configFile: join(webui, "vite.config.ts"),
    root: join(here, "pages"),
    logLevel: "error",
    resolve: {
      alias: {
        peers: join(here, "pages", installed ? "peers.js" : "no_peers.js"),
        vue: join(webui, "node_modules/vue"), // Vite would look for its one Vue at the root.
      },
    },
    build: { outDir: folder, emptyOutDir: true, rollupOptions: { input: join(here, "pages/chart.html") } },
  });
}

async function openPage(browser, folder) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.route(`${site}/**`, (route) => {
    const path = join(folder, new URL(route.request().url()).pathname);
    return existsSync(path)
      ? route.fulfill({ contentType: types[extname(path)] ?? "text/plain", body: readFileSync(path) })
      : route.fulfill({ status: 404 });
  });
  const page = await context.newPage();
  await page.goto(`${site}/chart.html`);
  await page.waitForFunction(() => window.charts);
  return page;
}

/** In turn in every round, so that a disturbance meets all of them. */
async function measured(page, rounds) {
  const names = await page.evaluate(() => window.charts.names);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const { ms, painted } = await page.evaluate(
        ([which, count]) => window.charts.drawn(which, count),
        [name, buckets],
      );
      if (painted === 0) throw new Error(`${name} drew nothing`);
      runs[name].push(ms);
    }
  }
  return runs;
}

function rowOf(name, runs) {
  const ours = name === "wattline";
  return {
    part: "chart",
    name: ours ? "chart of 2,000 buckets with band, data to pixels, ms" : `  peer: ${name}`,
    value: median(runs).toFixed(1),
    ...(ours ? { mark: `< ${markMs}`, reached: median(runs) < markMs } : {}),
    behind: `median of ${runs.length}, first ${runs[0].toFixed(0)}, all ${spread(runs)}`,
    figures: runs,
  };
}

export async function chart({ browser, sites, quick }) {
  await sites.close(); // Needs none, and a running line takes its part of the cores.
  const folder = mkdtempSync(join(tmpdir(), "wattline-bench-"));
  try {
    await build(folder);
    const page = await openPage(browser, folder);
    const runs = await measured(page, quick ? 5 : 30);
    await page.context().close();
    const rows = Object.entries(runs).map(([name, times]) => rowOf(name, times));
    return rows.length > 1 ? rows : [...rows, { part: "chart", name: "  peers: not installed, see --install" }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
