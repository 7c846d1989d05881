import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository: this runs from build/test/support. */
const HOME = fileURLToPath(new URL("../../../../../../", import.meta.url));
const COMMAND = process.env["SEGNO_COMMAND"] ?? join(HOME, "segno");

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A process of ours; resolves when its output has a text, and to undefined when it ends before. */
async function started(
  args: string[],
  ready: string,
  environment: Record<string, string> = {},
): Promise<{ process: ChildProcess; output: () => string } | undefined> {
  const child = spawn(COMMAND, args, { cwd: HOME, env: { ...process.env, SEGNO_TIER: "1", ...environment } });
  let output = "";
  const isReady = await new Promise<boolean>((resolve) => {
    const heard = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(ready)) {
        resolve(true);
      }
    };
    child.stdout.on("data", heard);
    child.stderr.on("data", heard);
    child.on("exit", () => resolve(false));
  });
  if (!isReady) {
    console.error(output);
    return undefined;
  }
  return { process: child, output: () => output };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
}

export interface SandboxCall {
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
  key?: string;
  overlaps: number;
  start: string;
  callerGone: boolean;
}

/** The stand-ins of the service hub's services, in a process of their own. */
export class Sandbox {
  private constructor(
    private readonly child: ChildProcess,
    private readonly offset: number,
  ) {}

  static async start(): Promise<Sandbox> {
    for (let attempt = 1; ; attempt++) {
      const offset = 2_000 + 200 * Math.floor(Math.random() * 200);
      const running = await started(["sandbox", "--port-offset", String(offset)], "hub-gateway");
      if (running !== undefined) {
        const sandbox = new Sandbox(running.process, offset);
        await sandbox.answering();
        return sandbox;
      }
      if (attempt === 5) {
        throw new Error("The sandbox did not start");
      }
    }
  }

  private async answering(): Promise<void> {
    for (const name of Object.keys(PORTS) as StandIn[]) {
      await eventually(async () => (await fetch(`${this.url(name)}/health`)).ok);
    }
  }

  url(name: StandIn): string {
    return `http://127.0.0.1:${PORTS[name] + this.offset}`;
  }

  async reset(): Promise<void> {
    for (const name of Object.keys(PORTS) as StandIn[]) {
      await fetch(`${this.url(name)}/_sandbox`, { method: "DELETE" });
    }
  }

  /** Sets a fault or sizes. */
  async control(name: StandIn, wish: Record<string, unknown>): Promise<void> {
    const response = await fetch(`${this.url(name)}/_sandbox`, { method: "POST", body: JSON.stringify(wish) });
    if (!response.ok) {
      throw new Error(await response.text());
    }
  }

  async calls(name: StandIn, path: string): Promise<SandboxCall[]> {
    const response = await fetch(`${this.url(name)}/_sandbox?path=${path}`);
    return ((await response.json()) as { calls: SandboxCall[] }).calls;
  }

  stop(): Promise<void> {
    return end(this.child);
  }
}

export type StandIn = "identity" | "content" | "communication" | "workflow" | "hub-gateway";
const PORTS: Record<StandIn, number> = {
  identity: 18141,
  content: 18142,
  communication: 18143,
  workflow: 18144,
  "hub-gateway": 18145,
};

/** A server with the service hub, in a process of its own. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly data: string,
    readonly output: () => string,
  ) {}

  /** @param settings besides the addresses of the services */
  static async start(sandbox: Sandbox, settings: Record<string, string> = {}): Promise<Server> {
    const port = await freePort();
    const data = await mkdtemp(join(tmpdir(), "segno-client-"));
    const running = await started(
      ["run", "routes/service-hub", "--port", String(port), "--data", data],
      "listening on",
      {
        IDENTITY_URL: sandbox.url("identity"),
        CONTENT_URL: sandbox.url("content"),
        COMMUNICATION_URL: sandbox.url("communication"),
        WORKFLOW_URL: sandbox.url("workflow"),
        HUB_RETRY_DELAY: "100",
        HUB_HEALTH_TIMEOUT: "500",
        HUB_HEALTH_TRIES: "2",
        HUB_ENABLE_ALERTS: "false",
        ...settings,
      },
    );
    if (running === undefined) {
      throw new Error("The server did not start");
    }
    return new Server(running.process, `http://127.0.0.1:${port}`, data, running.output);
  }

  async stop(): Promise<void> {
    await end(this.child);
    await rm(this.data, { recursive: true, force: true });
  }
}

/** Waits until something holds; fails after 30 s. */
export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      if (await holds()) {
        return;
      }
    } catch (error) {
      if (performance.now() > until) {
        throw error;
      }
    }
    if (performance.now() > until) {
      throw new Error(`not within 30 s: ${holds.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
