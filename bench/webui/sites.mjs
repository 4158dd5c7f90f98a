// The systems that are measured, and browser contexts that are signed in to them.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSystem, waitUntil } from "../../tests/system.mjs";
import { watchPage } from "./in_page.mjs";
import { widen } from "./wide_plant.mjs";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One system runs at a time: a second one would take its part of the two cores. */
export class Sites {
  #kind = "";
  #system;

  /** `quick`: a short past is enough, to see that it works. */
  constructor(browser, quick = false) {
    this.browser = browser;
    this.monthDays = quick ? 2 : 30;
  }

  /** The demo line as it is delivered, with a short past. */
  demo() {
    return this.#start("demo", async () => new Site(this.browser, await startSystem(["DEMO_HISTORY_DAYS=1"])));
  }

  /** The same with a month of history, whose making takes 2 min. */
  month() {
    const settings = [`DEMO_HISTORY_DAYS=${this.monthDays}`];
    return this.#start("month", async () => new Site(this.browser, await startSystem(settings)));
  }

  /** The same controller with more than 50 points of it in the plant. */
  wide() {
    return this.#start("wide", async () => {
      const system = await startSystem(["DEMO_HISTORY_DAYS=1"]);
      const site = new Site(this.browser, system);
      await site.change((root) => widen(root));
      return site;
    });
  }

  async close() {
    await this.#system?.stop();
    this.#system = undefined;
    this.#kind = "";
  }

  async #start(kind, make) {
    if (this.#kind !== kind) {
      await this.close();
      this.#system = await make();
      this.#kind = kind;
    }
    return this.#system;
  }
}

class Site {
  #browser;
  #system;
  #session;
  /** Device whose stored history another one shows in its place: see wide_plant.mjs. */
  #twins = new Map();

  constructor(browser, system) {
    this.#browser = browser;
    this.#system = system;
    this.url = system.url;
  }

  stop() {
    return this.#system.stop();
  }

  /** Rewrites config/ and restarts what reads it. */
  async change(edit) {
    this.#twins = edit(this.#system.root);
    const wattline = (...words) => {
      const done = spawnSync(join(process.env.WATTLINE_BIN, "wattline"), [...words, "--root", this.#system.root], {
        encoding: "utf8",
        timeout: 120_000,
      });
      if (done.status !== 0) throw new Error(`wattline ${words.join(" ")}: ${done.stdout}${done.stderr}`);
    };
    wattline("plant", "check");
    wattline("restart", "gateway", "collector", "web");
    await waitUntil("the changed plant", async () => (await this.deviceIds().catch(() => [])).length > 10, 60_000);
  }

  async deviceIds() {
    const context = await this.context();
    try {
      const answer = await context.request.get(`${this.url}/api/devices`);
      return (await answer.json()).devices.map(({ id }) => id);
    } finally {
      await context.close();
    }
  }

  /** A context with an empty cache: signed in, unless `visitor`. Its pages count what happens. */
  async context({ visitor = false, width = 1440, height = 900, language = "en" } = {}) {
    this.#session ??= await this.#signIn();
    const context = await this.#browser.newContext({
      locale: language,
      viewport: { width, height },
      ...(visitor ? {} : { storageState: this.#session }),
    });
    await context.addInitScript(watchPage);
    if (this.#twins.size > 0) await this.#showTwins(context);
    return context;
  }

  async #signIn() {
    const context = await this.#browser.newContext();
    const answer = await context.request.post(`${this.url}/auth/login`, {
      headers: { Origin: this.url },
      data: { username: "admin", password: "admin123" },
    });
    if (answer.status() !== 200) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
    const state = await context.storageState();
    await context.close();
    return state;
  }

  #showTwins(context) {
    return context.route("**/api/devices/*/history*", (route) => {
      const address = new URL(route.request().url());
      const [, before, id, after] = /^(.*\/devices\/)([^/]+)(\/.*)$/.exec(address.pathname);
      address.pathname = before + (this.#twins.get(id) ?? id) + after;
      return route.continue({ url: address.href });
    });
  }
}
