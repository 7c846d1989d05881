// What needs no services: options, clients that lack something, and the end of a process.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
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
  type ConnectionOptions,
  type ContentClient,
  type IdentityClient,
  type OperationResult,
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

test("an address is an argument, else of the environment, else the usual one", async () => {
  const asked: string[] = [];
  const fetch = async (url: string | URL | Request) => {
    asked.push(new URL(String(url)).origin);
    return new Response(JSON.stringify({ status: "healthy" }));
  };
  const addresses = async (config: ConnectionOptions = {}) => {
    asked.length = 0;
    const orchestrator = createServiceOrchestrator({ ...QUIET, ...config, fetch }, NO_ALERTS);
    assert.equal((await orchestrator.performHealthCheck()).overall, "healthy");
    return asked.map((origin) => origin.replace("http://", ""));
  };
  try {
    assert.deepEqual(await addresses(), Array.from({ length: 4 }, () => "localhost:8080"));
    process.env["VITE_API_URL"] = "http://api";
    assert.deepEqual(await addresses(), ["api", "api", "api", "api"]);
    process.env["VITE_KONG_URL"] = "http://kong";
    assert.deepEqual(await addresses(), ["kong", "api", "api", "api"]);
    assert.deepEqual(await addresses({ apiUrl: "http://given" }), ["given", "given", "given", "given"]);
    assert.deepEqual(await addresses({ identityUrl: "http://own" }), ["own", "api", "api", "api"]);
    assert.deepEqual(await addresses({ serviceUrls: { content: "http://own" } }), ["kong", "api", "own", "api"]);
    process.env["VITE_ORCHESTRATOR_URL"] = "http://segno";
    asked.length = 0;
    await createServiceOrchestrator({ ...QUIET, fetch }, NO_ALERTS).performHealthCheck();
    assert.deepEqual(asked, ["http://segno"]);
  } finally {
    for (const name of ["VITE_API_URL", "VITE_KONG_URL", "VITE_ORCHESTRATOR_URL"]) {
      delete process.env[name];
    }
  }
});

test("SH-16 a listener that was added twice is called twice, and removed once", async () => {
  const orchestrator = createCustomOrchestrator(identity, communication, content, workflow, QUIET, NO_ALERTS);
  let calls = 0;
  const listener = () => {
    calls++;
  };
  orchestrator.addEventListener(listener);
  const remove = orchestrator.addEventListener(listener);
  await orchestrator.searchAndTriggerWorkflows("x");
  assert.equal(calls, 4);
  remove();
  remove();
  orchestrator.removeEventListener(() => undefined);
  await orchestrator.searchAndTriggerWorkflows("x");
  assert.equal(calls, 6);
  orchestrator.removeEventListener(listener);
  await orchestrator.searchAndTriggerWorkflows("x");
  assert.equal(calls, 6);
});

test("SH-16 no event and no line of the console tells an address", async () => {
  const refusing: IdentityClient = {
    login: async () => {
      throw new ServiceError("carl.cook@example.test is locked", 423);
    },
  };
  const orchestrator = createCustomOrchestrator(refusing, communication, content, workflow, {}, NO_ALERTS);
  const told: unknown[] = [];
  orchestrator.addEventListener((event) => told.push(event));
  const { info, error } = console;
  console.info = console.error = (...line: unknown[]) => void told.push(line);
  let result: OperationResult;
  try {
    result = await orchestrator.onboardNewUser({
      email: "carl.cook@example.test",
      password: "Carls-Passw0rd",
      first_name: "Carl",
      last_name: "Cook",
    });
  } finally {
    Object.assign(console, { info, error });
  }

  assert.equal(result.error, "carl.cook@example.test is locked");
  assert.match(JSON.stringify(told), /c\*\*\*@example\.test is locked/);
  assert.doesNotMatch(JSON.stringify(told), /carl\.cook|Carls-Passw0rd/);
});

test("users are told in words of one's own, and all calls of an operation are of one trace", async () => {
  const traces: string[] = [];
  const told: string[] = [];
  const speaking: CommunicationClient = {
    createNotification: async (wish) => {
      told.push(`${wish.title} ${wish.message}`);
      return { id: "n", ...wish };
    },
  };
  const tracing: IdentityClient = {
    ...identity,
    withCall: (context) => {
      traces.push(context.traceparent);
      return { ...identity, register: async () => undefined };
    },
    register: async () => undefined,
  };
  const texts = { welcomeTitle: "Servus", welcomeMessage: "Pack ma's." };
  const orchestrator = createCustomOrchestrator(tracing, speaking, content, workflow, { ...QUIET, texts }, NO_ALERTS);

  await orchestrator.onboardNewUser({ email: "a@example.test", password: "long enough", first_name: "A", last_name: "B" });

  assert.deepEqual(told, ["Servus, A Pack ma's."]);
  assert.equal(traces.length, 2);
  assert.notEqual(traces[0], traces[1]);
  assert.equal(traces[0]?.slice(0, 36), traces[1]?.slice(0, 36));
  assert.match(traces[0] ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.throws(
    () => createCustomOrchestrator(identity, speaking, content, workflow, { texts: { welcomeTitle: " " } }, NO_ALERTS),
    TypeError,
  );
});

test("what a program without types hands over is a result too", async () => {
  const orchestrator = createCustomOrchestrator(identity, communication, content, workflow, QUIET, NO_ALERTS);
  for (const wrong of [undefined, {}, { email: 1 }, { email: "a@example.test", password: 12345678 }]) {
    const result = await orchestrator.onboardNewUser(wrong as never);
    assert.equal(result.details?.code, "validation_error");
    assert.equal(result.success, false);
  }
  assert.equal((await orchestrator.searchAndTriggerWorkflows(undefined as never)).details?.code, "validation_error");
  assert.equal((await orchestrator.setupCollaborativeWorkspace("d", 7 as never)).success, false);
});

test("a server that answers something else is not healthy, and one that refuses is an error", async () => {
  const fetch = async () => new Response(JSON.stringify({ detail: "who are you?" }), { status: 401 });
  const orchestrator = createServiceOrchestrator(
    { ...QUIET, orchestratorUrl: "http://segno.example.test", fetch },
    NO_ALERTS,
  );
  const health = await orchestrator.performHealthCheck();
  assert.equal(health.overall, "unhealthy");
  assert.deepEqual(health.content, { status: "unknown", service: "content", version: "unknown" });
  const result = await orchestrator.searchAndTriggerWorkflows("x");
  assert.equal(result.error, "who are you?");
  const odd = createServiceOrchestrator(
    { ...QUIET, orchestratorUrl: "http://segno.example.test", fetch: async () => new Response("[]") },
    NO_ALERTS,
  );
  assert.equal((await odd.performHealthCheck()).identity.status, "unknown");
});

test("the package needs nothing but itself, and React in its own entry alone", async () => {
  const dist = new URL("../../dist/", import.meta.url);
  const wanted = new Map<string, string[]>();
  for (const file of await readdir(dist, { recursive: true })) {
    if (file.endsWith(".js")) {
      const text = await readFile(new URL(file, dist), "utf8");
      const names = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((found) => found[1] ?? "");
      wanted.set(file, names.filter((name) => !name.startsWith(".")));
    }
  }
  assert.ok(wanted.has("index.js") && wanted.has("react.js"));
  for (const [file, names] of wanted) {
    assert.deepEqual(names, file === "react.js" ? ["react"] : [], file);
  }
  assert.doesNotMatch(await readFile(new URL("index.js", dist), "utf8"), /react/);
  const described = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as object;
  assert.equal("dependencies" in described, false);
});

test("SH-18 an orchestrator keeps no process alive", async () => {
  const index = new URL("../src/index.js", import.meta.url);
  const program = `
    import { createServer } from "node:http";
    import { createServiceOrchestrator, serviceOrchestrator } from ${JSON.stringify(index.href)};
    serviceOrchestrator.getMetrics();
    createServiceOrchestrator({ enableLogging: false });
    const ended = createServiceOrchestrator({ enableLogging: false });
    ended.dispose();
    ended.dispose();
    // Nobody answers, and nobody waits.
    const silent = createServer(() => undefined).listen(0, "127.0.0.1", () => {
      const apiUrl = "http://127.0.0.1:" + silent.address().port;
      const asking = createServiceOrchestrator({ enableLogging: false, apiUrl }, { timeout: 600000 });
      void asking.performHealthCheck();
      void asking.searchAndTriggerWorkflows("x");
      silent.on("request", () => asking.dispose());
      silent.unref();
    });
    console.log("done");`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { timeout: 20_000, cwd: fileURLToPath(new URL("../", import.meta.url)) },
  );
  assert.equal(stdout.trim(), "done");
});
