// More devices for the built-in controller: each has tags of its own that read the variables of a device
// that is there, so that every value is real and moves as the line does. The same tag twice would not do:
// `wattline plant check` refuses to count an energy twice.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Which device stands how many times more. */
const copies = { conveyor: 3, station1: 3, station2: 3 };

/** What each copy has beside the points of its model: values that change every second, whatever the line
 *  does. With them 81 points change some 50 times a second. */
const counter = { kind: "counter", unit: "", low: 0, high: 4294967295 };
const always = [
  { name: "cycles", of: "SystemStatus.ScanCount", point: counter, scan_ms: 1000 },
  { name: "run_time", of: "Production.RunTime", point: { ...counter, unit: "s" } },
  {
    name: "line_power",
    of: "EnergyData.TotalPower",
    point: { kind: "measurement", unit: "kW", low: 0, high: 100 },
  },
];

const read = (path) => JSON.parse(readFileSync(path, "utf8").replace(/^\s*\/\/.*$/gm, ""));
const write = (path, content) => writeFileSync(path, JSON.stringify(content, null, 1));

const base = "CodeSys_Channel.ProductionLine_PLC";

/** Puts a tag into the group of device `id` that reads what the tag at `path` reads; returns its own path. */
function copyTag(gateway, id, path, changes = {}) {
  const [channel, device, groupName, tagName] = path.split(".");
  const { groups } = gateway.channels
    .find(({ name }) => name === channel)
    .devices.find(({ name }) => name === device);
  const tag = groups.find(({ name }) => name === groupName).tags.find(({ name }) => name === tagName);
  let own = groups.find(({ name }) => name === id);
  if (!own) groups.push((own = { name: id, tags: [] }));
  own.tags.push({ ...tag, ...changes });
  return [channel, device, id, tagName].join(".");
}

function copyDevice(gateway, model, number) {
  const id = `${model.id}_${number}`;
  const names = Object.entries(model.name).map(([language, name]) => [language, `${name} ${number}`]);
  const points = model.points.map((point) => ({ ...point, tag: copyTag(gateway, id, point.tag) }));
  for (const { name, of, point, ...changes } of always) {
    points.push({ ...point, name, tag: copyTag(gateway, id, `${base}.${of}`, changes) });
  }
  return { ...model, id, name: Object.fromEntries(names), points, commands: [] };
}

/** Rewrites both files of config/; returns of each copy the device that it copies. */
export function widen(root) {
  const [plantFile, gatewayFile] = ["plant.json", "gateway.json"].map((name) => join(root, "config", name));
  const [plant, gateway] = [read(plantFile), read(gatewayFile)];
  const twins = new Map();
  const line = plant.devices.pop(); // The total stays last, as the demo line has it.
  for (const [id, count] of Object.entries(copies)) {
    const model = plant.devices.find((device) => device.id === id);
    for (let number = 2; number <= count + 1; number += 1) {
      const copy = copyDevice(gateway, model, number);
      plant.devices.push(copy);
      twins.set(copy.id, id);
    }
  }
  plant.devices.push(line);
  write(plantFile, plant);
  write(gatewayFile, gateway);
  return twins;
}
