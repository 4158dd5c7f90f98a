// node-opcua as the oracle of what is protected: policies, trust, login and history of the gateway.
// Only the gateway runs; without a PLC its tags are bad, which is history enough.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import opcua from "node-opcua-client";
import { OPCUACertificateManager } from "node-opcua-certificate-manager";
import { waitUntil } from "../system.mjs";

const { MessageSecurityMode, OPCUAClient, SecurityPolicy, StatusCodes, UserTokenType } = opcua;
const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const TAG = "ns=2;s=CodeSys_Channel.ProductionLine_PLC.SystemStatus.ScanCount";
const login = { type: UserTokenType.UserName, userName: "collector", password: "right horse" };
let root, gateway, url, certificates;

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

function client(securityPolicy, securityMode) {
  return OPCUAClient.create({ securityPolicy, securityMode, endpointMustExist: false,
    clientCertificateManager: certificates, connectionStrategy: { maxRetry: 1, initialDelay: 100 } });
}

/** Connects, signs in, does `work` with the session and closes everything. */
async function withSession([policy, mode, user], work) {
  const one = client(policy, mode);
  try {
    await one.connect(url);
    const session = await one.createSession(user);
    const result = await work(session);
    await session.close();
    return result;
  } finally {
    await one.disconnect();
  }
}

const read = (session) => session.read({ nodeId: TAG });
const protectedBy = (policy) => [policy, MessageSecurityMode.SignAndEncrypt];
const rejectedFiles = () => {
  try {
    return readdirSync(join(root, "data/pki/rejected"));
  } catch {
    return [];
  }
};

before(async () => {
  root = mkdtempSync(join(tmpdir(), "wattline-secure-"));
  cpSync(join(repository, "config"), join(root, "config"), { recursive: true });
  const port = await freePort();
  url = `opc.tcp://127.0.0.1:${port}`;
  writeFileSync(join(root, ".env"), [`GATEWAY_OPC_UA_PORT=${port}`, `PLC_OPC_UA_PORT=${await freePort()}`,
    `OPC_UA_USERNAME=${login.userName}`, `OPC_UA_PASSWORD=${login.password}`, ""].join("\n"));
  gateway = spawn(join(process.env.WATTLINE_BIN, "wattline-gateway"), ["--root", root],
    { stdio: ["ignore", "ignore", "inherit"] });
  certificates = new OPCUACertificateManager({ rootFolder: join(root, "client-pki"),
    automaticallyAcceptUnknownCertificate: true });
  await certificates.initialize();
  await waitUntil("the gateway", () => withSession([SecurityPolicy.None, MessageSecurityMode.None],
    () => true).catch(() => false), 60_000);
}, { timeout: 120_000 });

after(async () => {
  gateway.kill("SIGTERM");
  await new Promise((done) => gateway.once("exit", done));
  await certificates.dispose();
  rmSync(root, { recursive: true, force: true });
}, { timeout: 60_000 });

test("an unknown client is refused, and its certificate waits for the operator", async () => {
  await assert.rejects(withSession(protectedBy(SecurityPolicy.Basic256Sha256), read));
  assert.equal(rejectedFiles().length, 1);
});

test("after the operator has moved the file every policy works", async () => {
  mkdirSync(join(root, "data/pki/trusted"), { recursive: true });
  for (const name of rejectedFiles()) {
    renameSync(join(root, "data/pki/rejected", name), join(root, "data/pki/trusted", name));
  }
  for (const policy of [SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep,
    SecurityPolicy.Aes256_Sha256_RsaPss]) {
    const value = await withSession(protectedBy(policy), read);
    assert.ok(value.statusCode, policy);
  }
});

test("the login of .env is accepted, a wrong password is not", async () => {
  const policy = protectedBy(SecurityPolicy.Basic256Sha256);
  assert.ok(await withSession([...policy, login], read));
  await assert.rejects(withSession([...policy, { ...login, password: "wrong" }], read),
    /BadUserAccessDenied/);
});

test("a password is accepted on an endpoint without protection, because it is encrypted by itself", async () => {
  assert.ok(await withSession([SecurityPolicy.None, MessageSecurityMode.None, login], read));
});

test("the history of a tag is read back in order", async () => {
  const { statusCode, historyData } = await withSession(
    [SecurityPolicy.None, MessageSecurityMode.None], (session) =>
      session.readHistoryValue(TAG, new Date(Date.now() - 600_000), new Date(Date.now() + 60_000)));
  assert.equal(statusCode, StatusCodes.Good);
  // node-opcua asks for bounds: what is older than the gateway, and newer than now, is said to be
  // missing. Between stands what happened: no value yet, then no PLC.
  const states = historyData.dataValues.map((value) => value.statusCode);
  assert.deepEqual(states, [StatusCodes.BadBoundNotFound, StatusCodes.BadWaitingForInitialData,
    StatusCodes.BadNoCommunication, StatusCodes.BadBoundNotFound]);
});
