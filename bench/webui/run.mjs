#!/usr/bin/env node
// The web UI against its marks, in Debian's Chromium at a real private system.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { launchBrowser } from "../../tests/e2e/browser.mjs";
import { chart } from "./parts/chart.mjs";
import { history } from "./parts/history.mjs";
import { interactive } from "./parts/interactive.mjs";
import { live } from "./parts/live.mjs";
import { memory } from "./parts/memory.mjs";
import { transfer } from "./parts/transfer.mjs";
import { printTable, verdictOf } from "./report.mjs";
import { repository, Sites } from "./sites.mjs";

// In this order: the parts that share a system stand together, and only one system runs at a time.
const parts = { transfer, interactive, history, chart, live, memory };

const usage = `The web UI against its marks, in Debian's Chromium at a real private system.

    bench/webui/run.mjs                     all parts, about 10 min
    bench/webui/run.mjs --only live,memory  some of: ${Object.keys(parts).join(" ")}
    bench/webui/run.mjs --install           first installs the peers (npm ci in bench/webui)
    bench/webui/run.mjs --quick             short rounds: to see that it works, not to judge
    bench/webui/run.mjs --json FILE         also keeps every figure
    bench/webui/run.mjs --binaries FOLDER   the programs; default: WATTLINE_BIN, build/bench/bin

Needs webui/dist (npm run build in webui), tests/node_modules (npm ci in tests) and
/usr/bin/chromium-headless-shell.
Prints figure, measured, mark and reached or missed; exit code 1 when a mark is missed. Wants the
machine for itself.`;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: Object.keys(parts).join(",") },
      binaries: { type: "string" },
      json: { type: "string" },
      install: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const only = values.only.split(",").filter(Boolean);
  const wrong = only.find((name) => !(name in parts));
  if (wrong) throw new Error(`no part '${wrong}'; there are ${Object.keys(parts).join(", ")}`);
  return { ...values, only: Object.keys(parts).filter((name) => only.includes(name)) };
}

function prepare(options) {
  process.env.WATTLINE_BIN = options.binaries ?? process.env.WATTLINE_BIN ?? `${repository}/build/bench/bin`;
  const needed = {
    [`${process.env.WATTLINE_BIN}/wattline-web`]: "cmake --preset bench && cmake --build --preset bench",
    [`${repository}/webui/dist/index.html`]: "cd webui && npm ci && npm run build",
    "/usr/bin/chromium-headless-shell": "tools/install_packages.sh test",
  };
  for (const [path, remedy] of Object.entries(needed)) {
    if (!existsSync(path)) throw new Error(`no ${path}: ${remedy}`);
  }
  if (options.install) execFileSync(`${repository}/tools/npm_modules.sh`, ["bench/webui"], { stdio: "inherit" });
}

function machine(browser) {
  const commit = execFileSync("git", ["-C", repository, "describe", "--always", "--dirty"], { encoding: "utf8" });
  return {
    commit: commit.trim(),
    cores: cpus().length,
    processor: cpus()[0].model,
    load: loadavg()[0],
    browser: `Chromium ${browser.version()}`,
    node: process.version,
  };
}

async function measure(options) {
  const browser = await launchBrowser();
  const facts = machine(browser);
  const sites = new Sites(browser, options.quick);
  const rows = [];
  try {
    for (const part of options.only) {
      console.error(`${new Date().toTimeString().slice(0, 8)} ${part}`);
      try {
        rows.push(...(await parts[part]({ browser, sites, quick: options.quick })));
      } catch (failure) {
        // The other parts are worth having.
        console.error(failure.stack.slice(0, 1000));
        rows.push({ part, name: `${part} broke off`, reached: false, behind: failure.message.split("\n")[0] });
      }
    }
  } finally {
    await sites.close();
    await browser.close();
  }
  return { facts, rows };
}

let options;
try {
  options = parseOptions();
  prepare(options);
} catch (failure) {
  console.error(`run.mjs: ${failure.message}`);
  process.exit(2);
}
const { facts, rows } = await measure(options);
if (options.json) writeFileSync(options.json, JSON.stringify({ machine: facts, rows }, null, 1));
printTable(facts, rows);
process.exit(verdictOf(rows) ? 0 : 1);
