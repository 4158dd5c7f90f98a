// Starts a private installation for a test written in JavaScript and stops it afterwards.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Resolves to {url, gateway, plc, root, stop()}. `settings` are lines of .env: "KEY=value". */
export async function startSystem(settings = []) {
  const binaries = process.env.WATTLINE_BIN;
  if (!binaries) throw new Error("WATTLINE_BIN must name the folder of the programs");
  const child = spawn("/usr/bin/python3", [join(here, "integration/serve.py"), binaries, ...settings],
    { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const started = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
      else console.error(line);
    });
    child.once("exit", (code) => reject(new Error(`the installation did not start (${code})`)));
  });
  const system = await started;
  return {
    ...system,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Polls until `condition` gives something truthy; the error names `what`. */
export async function waitUntil(what, condition, timeoutMs = 20_000) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`);
}
