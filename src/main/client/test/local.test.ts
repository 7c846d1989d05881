// What needs no services: options, clients that lack something, and the end of a process.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  createCustomOrchestrator,
  createServiceOrchestrator,
  HttpContentClient,
  HttpIdentityClient,
  serviceOrchestrator,
  ServiceError,
  Session,
  ServiceOrchestrator,
  type CommunicationClient,
  type ContentClient,
  type IdentityClient,
  type OrchestratorConfig,
  type WorkflowClient,
} from "../src/index.js";

const QUIET = { enableLogging: false };
const NO_ALERTS = { enableAlerts: false };

const identity: IdentityClient = {
  login: async () => ({ user: { id: "1", email: "a@example.test" } }),
};
const communication: CommunicationClient = {
  createNotification: async (wish) => ({ id: "n", ...wish }),
};
const content: ContentClient = {
  getDocuments: async (_limit, _offset, filters) =>
    filters?.["id"] === undefined ? [] : [{ id: String(filters["id"]), title: "A title" }],
  searchDocuments: async () => ({ documents: [], total: 0 }),
};
const workflow: WorkflowClient = {
  getWorkflows: async () => [{ id: "w" }],
  executeWorkflow: async (id) => ({ id: "e", workflow_id: id, status: "running" }),
};

test("SH-01 options have their defaults, and those of others are kept", () => {
  const usual = createServiceOrchestrator(undefined, NO_ALERTS);
  const defaults: OrchestratorConfig = {
    retryAttempts: 3,
    retryDelay: 1000,
    timeout: 30000,
    enableBatching: true,
    batchSize: 10,
    enableMetrics: true,
    enableLogging: true,
  };
  assert.deepEqual(usual.getConfig(), defaults);
  const other = new ServiceOrchestrator(identity, communication, content, workflow, { retryAttempts: 5 }, NO_ALERTS);
  assert.deepEqual(other.getConfig(), { ...defaults, retryAttempts: 5 });
  other.updateConfig({ batchSize: 3 });
  assert.deepEqual(other.getConfig(), { ...defaults, retryAttempts: 5, batchSize: 3 });
  other.getConfig().batchSize = 9;
  assert.equal(other.getConfig().batchSize, 3);
});

test("options that are not valid are refused", () => {
  for (const wrong of [
    { retryAttempts: -1 },
    { retryAttempts: 1.5 },
    { retryDelay: -1 },
    { timeout: 0 },
    { batchSize: 0 },
    { batchSize: 1001 },
    { enableMetrics: "yes" as unknown as boolean },
  ]) {
    assert.throws(() => createServiceOrchestrator(wrong, NO_ALERTS), TypeError, JSON.stringify(wrong));
  }
  assert.throws(() => createServiceOrchestrator({}, { checkInterval: 0 }), TypeError);
});

test("clients are asked for what a step needs, and for nothing else", async () => {
  const orchestrator = createCustomOrchestrator(identity, communication, content, workflow, QUIET, NO_ALERTS);

  const onboarded = await orchestrator.onboardNewUser({
    email: "a@example.test",
    password: "long enough",
    first_name: "A",
    last_name: "B",
  });
  assert.equal(onboarded.success, true);
  assert.deepEqual(onboarded.details?.attempts, { login: 1, welcome: 1, documents: 1, workflows: 1 });
  const processed = await orchestrator.processDocumentWithAI("d", "w", []);
  assert.equal(processed.data?.execution.id, "e");
  const refused = await orchestrator.setupCollaborativeWorkspace("d", []);
  assert.match(refused.error ?? "", /cannot create conversations/);
  const health = await orchestrator.performHealthCheck();
  assert.equal(health.identity.status, "unknown");
  assert.equal(health.overall, "unhealthy");
});

test("an error without a status is tried again, and its message is what is told", async () => {
  let tries = 0;
  const broken: ContentClient = {
    ...content,
    searchDocuments: async () => {
      tries++;
      throw new Error(`broken ${tries}`);
    },
  };
  const orchestrator = createCustomOrchestrator(
    identity,
    communication,
    broken,
    workflow,
    { ...QUIET, retryAttempts: 2, retryDelay: 1 },
    NO_ALERTS,
  );

  const result = await orchestrator.searchAndTriggerWorkflows("x");

  assert.equal(tries, 3);
  assert.equal(result.error, "broken 3");
  assert.equal(result.serviceErrors?.content, "broken 3");
});

test("a service says how long to wait", async () => {
  const times: number[] = [];
  const busy: ContentClient = {
    ...content,
    searchDocuments: async () => {
      times.push(performance.now());
      if (times.length === 1) {
        throw new ServiceError("later", 429, 150);
      }
      return { documents: [], total: 0 };
    },
  };
  const orchestrator = createCustomOrchestrator(
    identity,
    communication,
    busy,
    workflow,
    { ...QUIET, retryDelay: 1 },
    NO_ALERTS,
  );

  assert.equal((await orchestrator.searchAndTriggerWorkflows("x")).success, true);
  assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 145);
});

test("a session that cannot be renewed is over, and the status of an error is kept", async () => {
  const asked: string[] = [];
  const fetch = async (url: string | URL | Request) => {
    asked.push(new URL(String(url)).pathname);
    return new Response(JSON.stringify({ detail: "Token has expired" }), { status: 401 });
  };
  const session = new Session({ accessToken: "old", refreshToken: "old too" });
  const failures: unknown[] = [];
  session.onAuthError((error) => failures.push(error));
  const options = { baseUrl: "http://service.example.test", session, fetch };
  new HttpIdentityClient(options);
  const client = new HttpContentClient(options);

  await assert.rejects(Promise.all([client.getDocuments(), client.getDocuments()]), (error: unknown) => {
    assert.ok(error instanceof ServiceError);
    assert.equal(error.status, 401);
    assert.equal(error.message, "Token has expired");
    return true;
  });

  assert.deepEqual(asked, ["/api/v1/documents", "/api/v1/documents", "/api/v1/auth/refresh"]);
  assert.equal(failures.length, 1);
  assert.deepEqual(session.tokens, {});
});

test("the usual orchestrator is made when it is used", () => {
  assert.equal(serviceOrchestrator.getVerticalContext(), "medical");
  assert.equal(serviceOrchestrator.isFeatureEnabled("x"), false);
  assert.equal(serviceOrchestrator.getMetrics().totalOperations, 0);
  serviceOrchestrator.dispose();
});

test("SH-18 an orchestrator keeps no process alive", async () => {
  const index = new URL("../src/index.js", import.meta.url);
  const program = `
    import { createServiceOrchestrator, serviceOrchestrator } from ${JSON.stringify(index.href)};
    serviceOrchestrator.getMetrics();
    createServiceOrchestrator({ enableLogging: false });
    const ended = createServiceOrchestrator({ enableLogging: false });
    ended.dispose();
    ended.dispose();
    console.log("done");`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { timeout: 20_000, cwd: fileURLToPath(new URL("../", import.meta.url)) },
  );
  assert.equal(stdout.trim(), "done");
});
