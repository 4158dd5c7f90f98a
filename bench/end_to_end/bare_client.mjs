// A bare OPC UA client: subscribes to ScanCount at the gateway and prints, as a JSON list, the
// milliseconds from source time to arrival. Arguments: endpoint, seconds.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));
const { AttributeIds, OPCUAClient, TimestampsToReturn } = require("node-opcua-client");
const [endpoint, seconds] = process.argv.slice(2);

const client = OPCUAClient.create({ endpointMustExist: false });
await client.connect(endpoint);
const session = await client.createSession();
const subscription = await session.createSubscription2({ requestedPublishingInterval: 50,
  requestedLifetimeCount: 600, requestedMaxKeepAliveCount: 10, publishingEnabled: true, priority: 1 });
const item = await subscription.monitor(
  { nodeId: "ns=2;s=CodeSys_Channel.ProductionLine_PLC.SystemStatus.ScanCount", attributeId: AttributeIds.Value },
  { samplingInterval: 0, queueSize: 100, discardOldest: true }, TimestampsToReturn.Both);
const latencies = [];
let first = true;  // The first notification is the value as it was, not a change.
item.on("changed", (value) => {
  if (!first) latencies.push(Date.now() - value.sourceTimestamp.getTime());
  first = false;
});
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
await subscription.terminate();
await session.close();
await client.disconnect();
console.log(JSON.stringify(latencies));
process.exit(0);
