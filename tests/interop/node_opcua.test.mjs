// node-opcua, an independent OPC UA stack, as the oracle: what it browses, reads, writes and
// subscribes at the gateway is what any other client sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import opcua from "node-opcua-client";
import { startSystem, waitUntil } from "../system.mjs";

const { AttributeIds, DataType, OPCUAClient, StatusCodes, TimestampsToReturn } = opcua;
const DEVICE = "ns=2;s=CodeSys_Channel.ProductionLine_PLC";
let system, client, session;

before(async () => {
  system = await startSystem();
  client = OPCUAClient.create({ endpointMustExist: false,
    connectionStrategy: { maxRetry: 3, initialDelay: 200, maxDelay: 1000 } });
  await client.connect(system.gateway);
  session = await client.createSession();
}, { timeout: 120_000 });

after(async () => {
  await session?.close();
  await client?.disconnect();
  await system?.stop();
}, { timeout: 60_000 });

const read = (tag) => session.read({ nodeId: `${DEVICE}.${tag}`, attributeId: AttributeIds.Value });
const write = (tag, dataType, value) => session.write({ nodeId: `${DEVICE}.${tag}`,
  attributeId: AttributeIds.Value, value: { value: { dataType, value } } });

async function children(nodeId) {
  const result = await session.browse(nodeId);
  return Object.fromEntries((result.references ?? []).map((r) => [r.browseName.name, r.nodeId.toString()]));
}

test("the tree is Objects, channel, device, group, tag", async () => {
  const channel = (await children("ObjectsFolder")).CodeSys_Channel;
  const device = (await children(channel)).ProductionLine_PLC;
  const groups = await children(device);
  for (const group of ["DeviceControl", "SensorInput", "EnergyData", "Production", "SystemStatus"]) {
    assert.ok(groups[group], group);
  }
  const tags = await children(groups.EnergyData);
  assert.equal(tags.ConveyorPower, `${DEVICE}.EnergyData.ConveyorPower`);
});

test("values have the type of the contract, good quality and a source time", async () => {
  const types = { "EnergyData.ConveyorPower": DataType.Float, "EnergyData.TotalEnergy": DataType.Double,
    "Production.ProductCount": DataType.UInt32, "Production.RunTime": DataType.Int32,
    "SystemStatus.SystemState": DataType.Int16, "SystemStatus.SystemStatus": DataType.String,
    "DeviceControl.EmergencyStop": DataType.Boolean };
  for (const [tag, type] of Object.entries(types)) {
    const value = await waitUntil(`${tag} good`, async () => {
      const v = await read(tag);
      return v.statusCode === StatusCodes.Good && v;
    });
    assert.equal(value.value.dataType, type, tag);
    assert.ok(value.sourceTimestamp instanceof Date, tag);
  }
});

test("a written setpoint reaches the PLC and comes back as the tag's value", async () => {
  assert.equal(await write("DeviceControl.ConveyorSpeedSetpoint", DataType.Float, 2.5), StatusCodes.Good);
  await waitUntil("the setpoint", async () =>
    (await read("DeviceControl.ConveyorSpeedSetpoint")).value.value === 2.5);
  await waitUntil("the belt at the new speed", async () =>
    (await read("DeviceControl.ConveyorSpeed")).value.value > 2.4);
});

test("a command is an edge that the PLC clears", async () => {
  const state = async () => (await read("SystemStatus.SystemState")).value.value;
  await waitUntil("running", async () => (await state()) === 1);
  assert.equal(await write("DeviceControl.SystemStop", DataType.Boolean, true), StatusCodes.Good);
  await waitUntil("standby", async () => (await state()) === 0);
  assert.equal((await read("DeviceControl.SystemStop")).value.value, false);
  await write("DeviceControl.SystemStart", DataType.Boolean, true);
  await waitUntil("running again", async () => (await state()) === 1);
});

test("a read-only tag, a wrong type and an unknown tag are refused by name", async () => {
  assert.equal(await write("EnergyData.ConveyorPower", DataType.Float, 1), StatusCodes.BadNotWritable);
  assert.equal(await write("DeviceControl.ConveyorSpeedSetpoint", DataType.String, "fast"),
    StatusCodes.BadTypeMismatch);
  assert.equal((await read("EnergyData.Nonsense")).statusCode, StatusCodes.BadNodeIdUnknown);
});

test("a subscription brings every scan, none lost and none twice", async () => {
  const subscription = await session.createSubscription2({ requestedPublishingInterval: 50,
    requestedLifetimeCount: 600, requestedMaxKeepAliveCount: 10, publishingEnabled: true, priority: 1 });
  const item = await subscription.monitor(
    { nodeId: `${DEVICE}.SystemStatus.ScanCount`, attributeId: AttributeIds.Value },
    { samplingInterval: 0, queueSize: 100, discardOldest: true }, TimestampsToReturn.Both);
  const scans = [];
  item.on("changed", (value) => scans.push(value.value.value));
  await waitUntil("50 scans", () => scans.length >= 50, 15_000);
  await subscription.terminate();
  assert.deepEqual(scans, scans.map((_, i) => scans[0] + i));
});
