// The client of the whole API, against a server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SegnoClient, SegnoError, type RunEvent } from "../src/index.js";
import { eventually, Sandbox, Server } from "./support/processes.js";

let sandbox: Sandbox;
let server: Server;
let client: SegnoClient;

before(async () => {
  sandbox = await Sandbox.start();
  server = await Server.start(sandbox);
  client = new SegnoClient({ url: server.url });
});

after(async () => {
  await server?.stop();
  await sandbox?.stop();
});

test("what was generated is what the API's document says", async () => {
  const home = fileURLToPath(new URL("../../", import.meta.url));
  await promisify(execFile)(process.execPath, ["scripts/generate.mjs", "--check"], { cwd: home });
});

test("a run is started once, followed to its end, and read", async () => {
  const input = { query: "contract" };
  const id = await client.start("search-and-trigger", input, { idempotencyKey: "once" });
  assert.equal(await client.start("search-and-trigger", input, { idempotencyKey: "once" }), id);

  const events: RunEvent[] = [];
  for await (const event of client.follow(id)) {
    events.push(event);
  }
  assert.equal(events.at(-1)?.type, "end");
  assert.ok(events.some((event) => event.type === "step" && event.data["key"] === "search"));
  assert.equal((await client.wait(id)).state, "COMPLETED");
  const list = await client.call("listRuns", { query: { orchestration: "search-and-trigger" } });
  assert.ok(JSON.stringify(list).includes(id));
});

test("a parked run is retried", async () => {
  await sandbox.control("content", { path: "/api/v1/search", fault: "status", value: 400, times: 1 });
  await sandbox.control("content", { path: "/api/v1/documents", fault: "status", value: 500, times: 4 });
  const id = await client.start("collaboration", { document_id: "doc-1", participants: [] });
  assert.equal((await client.wait(id)).state, "PARKED");

  await client.retry(id);

  await eventually(async () => (await client.run(id)).state === "COMPLETED");
});

test("what the server refuses is told", async () => {
  await assert.rejects(client.run("none"), (error: unknown) => {
    assert.ok(error instanceof SegnoError);
    assert.equal(error.status, 404);
    assert.ok(error.id !== undefined);
    return true;
  });
  await assert.rejects(client.start("none"), SegnoError);
  await assert.rejects(client.signal("none", "x", {}), SegnoError);
});
