// The cases of the service hub's contract by their numbers, in local mode (L) and on the server (S).
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import {
  createServiceOrchestrator,
  type ConnectionOptions,
  type HealthConfig,
  type NewUser,
  type OperationResult,
  type OrchestrationEvent,
  type Orchestrator,
  type OrchestratorConfig,
} from "../src/index.js";
import { eventually, Sandbox, Server } from "./support/processes.js";

const CARL: NewUser = {
  email: "carl@example.test",
  password: "Carls-Passw0rd",
  first_name: "Carl",
  last_name: "Cook",
};
const NOTIFICATIONS = "/api/v1/notifications";
const QUIET = { enableLogging: false, retryDelay: 100 };

let sandbox: Sandbox;
let server: Server;
const made: Orchestrator[] = [];

before(async () => {
  sandbox = await Sandbox.start();
  server = await Server.start(sandbox);
});

after(async () => {
  await server?.stop();
  await sandbox?.stop();
});

beforeEach(() => sandbox.reset());

afterEach(() => made.splice(0).forEach((orchestrator) => orchestrator.dispose()));

function direct(): ConnectionOptions {
  return {
    serviceUrls: {
      identity: sandbox.url("identity"),
      content: sandbox.url("content"),
      communication: sandbox.url("communication"),
      workflow: sandbox.url("workflow"),
    },
  };
}

function create(
  mode: "L" | "S",
  config: Partial<OrchestratorConfig> & ConnectionOptions = {},
  health: Partial<HealthConfig> = { enableAlerts: false },
): Orchestrator {
  const where = mode === "S" ? { orchestratorUrl: server.url } : direct();
  const orchestrator = createServiceOrchestrator({ ...QUIET, ...where, ...config }, health);
  made.push(orchestrator);
  return orchestrator;
}

function succeeded<T>(result: OperationResult<T>): T {
  assert.equal(result.success, true, JSON.stringify(result));
  assert.ok(result.data !== undefined);
  assert.ok((result.duration ?? 0) > 0);
  assert.match(result.details?.operationId ?? "", /^[a-z_]+_\d{13}_[0-9a-z]{9}$/);
  return result.data;
}

for (const mode of ["L", "S"] as const) {
  describe(mode === "L" ? "local mode" : "server mode", () => {
    test("SH-02 a user is onboarded", async () => {
      const data = succeeded(await create(mode).onboardNewUser(CARL));

      assert.equal(data.user.email, "carl@example.test");
      assert.equal(data.defaultDocuments.length, 3);
      assert.equal(data.initialWorkflows.length, 3);
      assert.deepEqual((await sandbox.calls("identity", "/api/v1/auth/register"))[0]?.body, CARL);
      assert.deepEqual((await sandbox.calls("identity", "/api/v1/auth/login"))[0]?.body, {
        email: CARL.email,
        password: CARL.password,
      });
      const told = await sandbox.calls("communication", NOTIFICATIONS);
      assert.equal(told.length, 1);
      assert.equal((told[0]?.body as { recipient_id: string }).recipient_id, "user-3");
      assert.deepEqual((await sandbox.calls("content", "/api/v1/documents"))[0]?.query, {
        limit: "5",
        offset: "0",
        is_template: "true",
      });
      assert.deepEqual((await sandbox.calls("workflow", "/api/v1/workflows"))[0]?.query, {
        limit: "3",
        offset: "0",
        status: "template",
      });
    });

    test("SH-03 a wrong password is tried once", async () => {
      const result = await create(mode).onboardNewUser({ ...CARL, email: "ann@example.test" });

      assert.equal(result.success, false);
      assert.match(result.error ?? "", /Invalid credentials/);
      assert.match(result.serviceErrors?.identity ?? "", /Invalid credentials/);
      assert.equal((await sandbox.calls("identity", "/api/v1/auth/login")).length, 1);
      assert.equal((await sandbox.calls("communication", NOTIFICATIONS)).length, 0);
      assert.equal((await sandbox.calls("content", "/api/v1/documents")).length, 0);
      assert.equal((await sandbox.calls("workflow", "/api/v1/workflows")).length, 0);
    });

    test("SH-04 a login is tried again", async () => {
      await sandbox.control("identity", { path: "/api/v1/auth/login", fault: "status", value: 503, times: 2 });

      const result = await create(mode, { retryAttempts: 3, retryDelay: 100 }).onboardNewUser(CARL);

      succeeded(result);
      assert.equal(result.details?.attempts["login"], 3);
      const logins = await sandbox.calls("identity", "/api/v1/auth/login");
      assert.equal(logins.length, 3);
      assert.equal(new Set(logins.map((call) => call.key)).size, 1);
      const starts = logins.map((call) => Date.parse(call.start));
      for (const at of [1, 2]) {
        assert.ok((starts[at] ?? 0) - (starts[at - 1] ?? 0) >= 99, String(starts));
      }
    });

    test("SH-05 without communication the rest is done", async () => {
      await sandbox.control("communication", { path: "*", fault: "status", value: 503 });

      const result = await create(mode, { retryDelay: 1 }).onboardNewUser(CARL);

      const data = succeeded(result);
      assert.equal(data.welcomeNotification, null);
      assert.equal(result.serviceErrors?.communication, "503 Service Unavailable");
      assert.equal(data.defaultDocuments.length, 3);
      assert.equal(data.initialWorkflows.length, 3);
      assert.equal(result.details?.partial, true);
    });

    test("SH-06 a timeout ends the operation", async () => {
      await sandbox.control("content", { path: "/api/v1/search", fault: "delay", value: 2000, times: 1 });
      const orchestrator = create(mode, { timeout: 500 });
      const begun = performance.now();

      const result = await orchestrator.searchAndTriggerWorkflows("contract");

      assert.equal(result.success, false);
      assert.ok(performance.now() - begun < 800);
      assert.match(result.error ?? "", /timed out after 500 ms/);
      if (mode === "L") {
        await eventually(async () => (await sandbox.calls("content", "/api/v1/search"))[0]?.callerGone === true);
      }
    });

    test("SH-07 a workflow works on a document", async () => {
      const orchestrator = create(mode);

      const data = succeeded(await orchestrator.processDocumentWithAI("doc-1", "wf-ai", ["u1", "u2", "u1"]));

      assert.equal(data.execution.status, "running");
      const told = await sandbox.calls("communication", NOTIFICATIONS);
      assert.equal(told.length, 2);
      for (const call of told) {
        assert.equal((call.body as { data: { execution_id: string } }).data.execution_id, data.execution.id);
      }
      const none = await orchestrator.processDocumentWithAI("nope", "wf-ai");
      assert.equal(none.error, "Document nope not found");
      assert.equal((await sandbox.calls("workflow", "/api/v1/workflows/wf-ai/execute")).length, 1);
    });

    test("SH-08 an unknown workflow is not executed", async () => {
      const result = await create(mode).processDocumentWithAI("doc-1", "nope", ["u1"]);

      assert.equal(result.success, false);
      assert.equal(result.error, "Workflow nope not found");
      assert.equal((await sandbox.calls("workflow", "/api/v1/workflows/nope/execute")).length, 0);
      assert.equal((await sandbox.calls("communication", NOTIFICATIONS)).length, 0);
    });

    test("SH-09 a search starts workflows", async () => {
      const data = succeeded(await create(mode).searchAndTriggerWorkflows("contract", true, ["u1"]));

      assert.equal(data.searchResults.total, 12);
      assert.equal(data.relevantDocuments.length, 5);
      assert.equal(data.workflowsTriggered.length, 2);
      assert.deepEqual((await sandbox.calls("content", "/api/v1/search"))[0]?.body, {
        query: "contract",
        limit: 20,
        sort_by: "relevance",
        sort_order: "desc",
      });
      const told = await sandbox.calls("communication", NOTIFICATIONS);
      assert.equal(told.length, 1);
      assert.match((told[0]?.body as { message: string }).message, /12/);
    });

    test("SH-10 a search may start nothing", async () => {
      const orchestrator = create(mode);

      succeeded(await orchestrator.searchAndTriggerWorkflows("contract", false, ["u1"]));
      succeeded(await orchestrator.searchAndTriggerWorkflows("nothing-like-it", true, ["u1"]));

      assert.equal((await sandbox.calls("workflow", "/api/*")).length, 0);
      const told = await sandbox.calls("communication", NOTIFICATIONS);
      assert.equal(told.length, 2);
      assert.match((told[1]?.body as { message: string }).message, /Found 0/);
    });

    test("SH-11 participants are found and told", async () => {
      const data = succeeded(
        await create(mode).setupCollaborativeWorkspace(
          "doc-2",
          ["ann@example.test", "bob@example.test"],
          "tpl-collab",
        ),
      );

      assert.equal(data.conversation.name, "Collaboration: Contract 2");
      assert.deepEqual(
        data.participants.map((user) => user.id),
        ["user-1", "user-2"],
      );
      const told = await sandbox.calls("communication", NOTIFICATIONS);
      assert.deepEqual(told.map((call) => (call.body as { recipient_id: string }).recipient_id).sort(), [
        "user-1",
        "user-2",
      ]);
      assert.equal(data.workflow?.status, "running");
    });

    test("SH-12 an unknown template leaves the conversation", async () => {
      const result = await create(mode).setupCollaborativeWorkspace("doc-2", ["ann@example.test"], "tpl-none");

      assert.equal("workflow" in succeeded(result), false);
      assert.match(result.serviceErrors?.workflow ?? "", /tpl-none/);
    });

    test("SH-14 health is that of the four services", async () => {
      const orchestrator = create(mode, {}, { enableAlerts: false, retryAttempts: 1, timeout: 2000 });
      assert.equal((await orchestrator.performHealthCheck()).overall, "healthy");
      const refused = { path: "/health", fault: "status", value: 500 };
      await sandbox.control("content", refused);
      const degraded = await orchestrator.performHealthCheck();
      assert.equal(degraded.overall, "degraded");
      assert.equal(degraded.content.status, "unhealthy");
      assert.equal(degraded.identity.version, "1.0.0");
      await sandbox.control("identity", refused);
      await sandbox.control("workflow", { health: "degraded" });
      assert.equal((await orchestrator.performHealthCheck()).overall, "unhealthy");
      assert.equal(orchestrator.getMetrics().serviceAvailability.communication, 100);
      assert.equal(orchestrator.getMetrics().serviceAvailability.workflow, 200 / 3);
      assert.ok(Math.abs(orchestrator.getMetrics().serviceAvailability.content - 100 / 3) < 0.01);
      assert.match(orchestrator.getMetrics().lastHealthCheck ?? "", /Z$/);
    });

    test("SH-14 a service that hangs holds nobody up", async () => {
      const orchestrator = create(mode, {}, { enableAlerts: false, retryAttempts: 1, timeout: 500 });
      await sandbox.control("content", { path: "/health", fault: "delay", value: 25_000 });
      const begun = performance.now();

      const health = await orchestrator.performHealthCheck();

      assert.ok(performance.now() - begun < 20_000);
      assert.equal(health.content.status, "unhealthy");
      assert.equal(health.overall, "degraded");
    });

    test("SH-15 only changes of health are told", async () => {
      const orchestrator = create(mode, {}, { checkInterval: 200, retryAttempts: 0 });
      const changes: OrchestrationEvent[] = [];
      orchestrator.addEventListener((event) => changes.push(event));
      const checks = async () => (await sandbox.calls("identity", "/health")).length;
      await eventually(async () => (await checks()) >= 6);
      assert.equal(changes.length, 1);

      await sandbox.control("content", { path: "/health", fault: "status", value: 500 });
      await eventually(() => changes.length === 2);
      const seen = await checks();
      await eventually(async () => (await checks()) >= seen + 3);

      assert.equal(changes.length, 2);
      assert.equal(changes[1]?.type, "service_health_change");
      assert.equal(changes[1]?.serviceName, "content");
    });

    test("SH-16 listeners do not disturb each other", async () => {
      const orchestrator = create(mode);
      const heard: OrchestrationEvent[] = [];
      const removed: OrchestrationEvent[] = [];
      orchestrator.addEventListener(() => {
        throw new Error("on purpose");
      });
      const once = orchestrator.addEventListener(() => once());
      orchestrator.addEventListener((event) => heard.push(event));
      orchestrator.addEventListener((event) => removed.push(event))();

      const result = await orchestrator.onboardNewUser(CARL);

      assert.deepEqual(
        heard.map((event) => event.type),
        ["operation_start", "operation_complete"],
      );
      assert.equal(heard[0]?.operationId, result.details?.operationId);
      assert.equal(heard[1]?.operationId, result.details?.operationId);
      assert.deepEqual(heard[0]?.data, { operation: "user_onboarding", email: "c***@example.test" });
      assert.equal(removed.length, 0);
      assert.ok(!JSON.stringify(heard).includes(CARL.password));
    });

    test("SH-17 operations are counted", async () => {
      const orchestrator = create(mode);
      assert.equal(orchestrator.getMetrics().successRate, 0);
      const results = [
        await orchestrator.searchAndTriggerWorkflows("contract"),
        await orchestrator.searchAndTriggerWorkflows("note"),
        await orchestrator.processDocumentWithAI("nope", "wf-ai"),
      ];

      const metrics = orchestrator.getMetrics();
      assert.deepEqual(
        [metrics.totalOperations, metrics.successfulOperations, metrics.failedOperations],
        [3, 2, 1],
      );
      const mean = results.reduce((sum, result) => sum + (result.duration ?? 0), 0) / 3;
      assert.ok(Math.abs(metrics.averageOperationTime - mean) < 1e-6);
      const uncounted = create(mode, { enableMetrics: false });
      await uncounted.searchAndTriggerWorkflows("contract");
      assert.equal(uncounted.getMetrics().totalOperations, 0);
      assert.equal(uncounted.getMetrics().averageOperationTime, 0);
    });

    test("SH-18 disposing ends what is under way", async () => {
      await sandbox.control("content", { path: "/api/v1/search", fault: "delay", value: 20000 });
      const orchestrator = create(mode);
      const heard: OrchestrationEvent[] = [];
      orchestrator.addEventListener((event) => heard.push(event));
      const running = orchestrator.searchAndTriggerWorkflows("contract");
      await eventually(async () => (await sandbox.calls("content", "/api/v1/search")).length === 1);
      orchestrator.dispose();
      orchestrator.dispose();

      assert.equal((await running).error, "orchestrator disposed");
      assert.equal((await orchestrator.searchAndTriggerWorkflows("x")).error, "orchestrator disposed");
      assert.deepEqual(
        heard.map((event) => event.type),
        ["operation_start"],
      );
    });

    test("what is not valid calls nobody", async () => {
      const orchestrator = create(mode);
      for (const wrong of [
        { ...CARL, email: "carl" },
        { ...CARL, password: "short" },
        { ...CARL, last_name: "x".repeat(151) },
      ]) {
        const result = await orchestrator.onboardNewUser(wrong);
        assert.equal(result.success, false);
        assert.equal(result.details?.code, "validation_error");
      }
      assert.equal((await orchestrator.searchAndTriggerWorkflows("  ")).details?.code, "validation_error");
      assert.equal((await sandbox.calls("identity", "/api/v1/auth/*")).length, 0);
    });
  });
}

/** What two modes may differ in: times, ids that are counted in the order of arrival, and what only a server has. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) => {
      if (["duration", "operationId", "runId", "state", "timestamp"].includes(name)) {
        return undefined;
      }
      if (name === "completedSteps") {
        // The password is forgotten where it was kept.
        return (member as string[]).filter((step) => step !== "forget-password").sort();
      }
      if (name === "attempts") {
        const attempts = Object.entries(member as Record<string, number>);
        return Object.fromEntries(attempts.filter(([step]) => step !== "forget-password").sort());
      }
      return typeof member === "string"
        ? member.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, "a time").replace(/^(notification|execution)-\d+$/, "$1")
        : member;
    }),
  );
}

test("both modes give the same results, events and figures", async () => {
  const seen = [];
  for (const mode of ["L", "S"] as const) {
    await sandbox.reset();
    const orchestrator = create(mode, { retryDelay: 1 });
    const events: OrchestrationEvent[] = [];
    orchestrator.addEventListener((event) => events.push(event));
    const results: OperationResult[] = [
      await orchestrator.onboardNewUser(CARL),
      await orchestrator.onboardNewUser({ ...CARL, email: "ann@example.test" }),
      await orchestrator.onboardNewUser({ ...CARL, email: "carl" }),
      await orchestrator.processDocumentWithAI("doc-1", "wf-ai", ["u2", "u1", "u2"]),
      await orchestrator.processDocumentWithAI("nope", "wf-ai"),
      await orchestrator.processDocumentWithAI("doc-1", "nope"),
      await orchestrator.processDocumentWithAI("doc-1", "wf-paused"),
      await orchestrator.searchAndTriggerWorkflows("contract", true, ["u1"]),
      await orchestrator.searchAndTriggerWorkflows("nothing-like-it ann@example.test"),
      await orchestrator.setupCollaborativeWorkspace("doc-2", ["bob@example.test", "ann@example.test"], "tpl-collab"),
      await orchestrator.setupCollaborativeWorkspace("doc-2", ["no@example.test", "ann@example.test"], "tpl-none"),
    ];
    await sandbox.control("communication", { path: "*", fault: "status", value: 503 });
    await sandbox.control("workflow", { path: "/api/v1/workflows/wf-search/execute", fault: "status", value: 400 });
    results.push(
      await orchestrator.searchAndTriggerWorkflows("contract", true, ["u1"]),
      await orchestrator.onboardNewUser({ ...CARL, email: "bob@example.test", password: "Passw0rd!2" }),
    );
    await sandbox.control("communication", { path: "*", fault: "close_before_work" });
    results.push(await orchestrator.processDocumentWithAI("doc-1", "wf-ai", ["u1"]));
    const { averageOperationTime: _mean, uptime: _uptime, ...figures } = orchestrator.getMetrics();
    seen.push([...results, ...events, figures].map(comparable));
  }

  const [local, remote] = seen as [unknown[], unknown[]];
  assert.equal(remote.length, local.length);
  for (const [at, here] of local.entries()) {
    assert.deepEqual(remote[at], here);
  }
});

for (const mode of ["L", "S"] as const) {
  test(`SH-13 ${mode} as many are told at once as a batch has`, async () => {
    const users = Array.from({ length: 25 }, (_, number) => `u${number}`);
    for (const [batching, most] of [
      [true, 10],
      [false, 1],
    ] as const) {
      // On the server that is a setting of the server.
      const other = mode === "S" && !batching ? await Server.start(sandbox, { HUB_ENABLE_BATCHING: "false" }) : server;
      try {
        await sandbox.reset();
        await sandbox.control("communication", { path: NOTIFICATIONS, fault: "delay", value: 20 });
        const orchestrator = create(mode, {
          enableBatching: batching,
          ...(mode === "S" ? { orchestratorUrl: other.url } : {}),
        });
        const result = await orchestrator.processDocumentWithAI("doc-1", "wf-ai", users);

        assert.equal(succeeded(result).notifications.length, 25);
        assert.equal(result.details?.attempts["notify:24"], 1);
        const told = await sandbox.calls("communication", NOTIFICATIONS);
        assert.deepEqual(
          told.map((call) => (call.body as { recipient_id: string }).recipient_id).sort(),
          [...users].sort(),
        );
        // Besides itself.
        assert.ok(Math.max(...told.map((call) => call.overlaps)) < most);
      } finally {
        if (other !== server) {
          await other.stop();
        }
      }
    }
  });

  test(`SH-20 ${mode} a token that is over is renewed once`, async () => {
    await sandbox.control("identity", { tokenSeconds: 0 });
    const login = await fetch(`${sandbox.url("identity")}/api/v1/auth/login`, {
      method: "POST",
      body: JSON.stringify({ email: "ann@example.test", password: "Passw0rd!1" }),
    });
    const granted = (await login.json()) as { access_token: string; refresh_token: string };
    await sandbox.control("identity", { tokenSeconds: 3600 });
    const gateway = sandbox.url("hub-gateway");
    const behind =
      mode === "L"
        ? undefined
        : await Server.start(sandbox, {
            IDENTITY_URL: gateway,
            CONTENT_URL: gateway,
            COMMUNICATION_URL: gateway,
            WORKFLOW_URL: gateway,
            HUB_TOKEN: granted.access_token,
            HUB_TOKEN_REFRESH: granted.refresh_token,
            HUB_TOKEN_REFRESH_URL: `${gateway}/api/v1/auth/refresh`,
          });
    try {
      const orchestrator = createServiceOrchestrator(
        behind === undefined
          ? {
              ...QUIET,
              apiUrl: gateway,
              accessToken: granted.access_token,
              refreshToken: granted.refresh_token,
            }
          : { ...QUIET, orchestratorUrl: behind.url },
        { enableAlerts: false },
      );
      made.push(orchestrator);

      const result = await orchestrator.setupCollaborativeWorkspace("doc-2", ["ann@example.test", "bob@example.test"]);
      succeeded(result);

      assert.equal(result.details?.partial, false);
      assert.equal((await sandbox.calls("identity", "/api/v1/auth/refresh")).length, 1);
    } finally {
      await behind?.stop();
    }
  });
}

test("SH-21 S the run shows its steps, and the password is nowhere", async () => {
  const result = await create("S").onboardNewUser(CARL);

  const run = await fetch(`${server.url}/orchestrations/runs/${result.details?.runId}`);
  const text = await run.text();
  const steps = (JSON.parse(text) as { steps: { key: string; attempts: unknown[] }[] }).steps;
  assert.ok(steps.some((step) => step.key === "login" && step.attempts.length === 1));
  assert.ok(!text.includes(CARL.password));
  assert.ok(!server.output().includes(CARL.password));
});
