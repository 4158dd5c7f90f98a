// What the browser really transfers, cold: JS and CSS up to the sign-in page and to the dashboard.
import { execFileSync } from "node:child_process";
import { signIn } from "../../../tests/e2e/browser.mjs";
import { pause, repository } from "../sites.mjs";

const marksKb = { "sign-in": 90, dashboard: 190 };
const settleMs = 2000; // What loads lazily after the first picture counts too.
const packetBytes = 1400; // Below it compressing saves no packet, and the server does not.

/** Every response with its body's bytes on the wire, and with headers; kept up as they come. */
async function watchTransfers(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const open = new Map();
  const done = [];
  devtools.on("Network.responseReceived", ({ requestId, response }) =>
    open.set(requestId, {
      path: new URL(response.url).pathname,
      encoding: response.headers["Content-Encoding"],
      bodyBytes: Number(response.headers["Content-Length"] ?? NaN),
    }),
  );
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (open.has(requestId)) done.push({ ...open.get(requestId), bytes: encodedDataLength });
  });
  return done;
}

const sumKb = (files, key) => files.reduce((sum, file) => sum + file[key], 0) / 1024;
const isCode = ({ path }) => /\.(js|css)$/.test(path);

function sizesByBuild() {
  try {
    return execFileSync("node", ["tools/size.mjs"], { cwd: `${repository}/webui`, encoding: "utf8" });
  } catch (failure) {
    return failure.stdout; // Over its budget: the numbers stand there all the same.
  }
}

async function transferred(site, language) {
  const context = await site.context({ visitor: true, language });
  const page = await context.newPage();
  const done = await watchTransfers(page);
  await page.goto(site.url);
  await page.getByTestId("username").waitFor();
  await pause(settleMs);
  const steps = { "sign-in": [...done] };
  await signIn(page);
  await page.getByTestId("power-conveyor").filter({ hasText: /\d/ }).waitFor();
  await pause(settleMs);
  steps.dashboard = [...done];
  await context.close();
  return steps;
}

function rowOf(step, files, language, byBuild) {
  const code = files.filter(isCode);
  const plain = code.filter(({ encoding, bodyBytes }) => encoding !== "gzip" && !(bodyBytes < packetBytes));
  const said = new RegExp(`^${step}: ([\\d.]+) KB`, "m").exec(byBuild)?.[1] ?? "?";
  return {
    part: "transfer",
    name: `JS + CSS to the ${step === "sign-in" ? "sign-in page" : "dashboard"}, KB`,
    value: sumKb(code, "bodyBytes").toFixed(1),
    mark: `<= ${marksKb[step]}`,
    reached: sumKb(code, "bodyBytes") <= marksKb[step] && plain.length === 0,
    behind:
      `${code.length} files in ${language}; npm run size says ${said}; ` +
      `with headers ${sumKb(code, "bytes").toFixed(1)}, ` +
      `and page, icon and API ${sumKb(files, "bytes").toFixed(1)} in ${files.length}` +
      (plain.length ? `; NOT GZIP: ${plain.map(({ path }) => path).join(" ")}` : ""),
    figures: files,
  };
}

export async function transfer({ sites }) {
  const site = await sites.demo();
  const byBuild = sizesByBuild();
  const languages = new Map();
  for (const language of ["en", "zh-CN"]) languages.set(language, await transferred(site, language));
  return Object.keys(marksKb).map((step) => {
    const rows = [...languages].map(([language, steps]) => rowOf(step, steps[step], language, byBuild));
    return rows.reduce((most, row) => (Number(row.value) > Number(most.value) ? row : most));
  });
}
