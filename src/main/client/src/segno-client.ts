import type { Fetch } from "./http.js";
import { retryAfterOf } from "./http.js";
import { OPERATIONS } from "./generated/operations.js";
import type { operations } from "./generated/segno-api.js";

/** The operations of the API, with their parameters, bodies and answers, by their ids. */
export type ApiOperations = operations;
export type OperationId = keyof typeof OPERATIONS & keyof operations;

type Parameters<Id extends OperationId, Kind extends "path" | "query"> = operations[Id] extends {
  parameters: { [K in Kind]: infer P };
}
  ? P
  : operations[Id] extends { parameters: { [K in Kind]?: infer P } }
    ? P
    : never;

type Body<Id extends OperationId> = operations[Id] extends { requestBody?: { content: infer C } } | { requestBody: { content: infer C } }
  ? C[keyof C]
  : unknown;

type Good = 200 | 201 | 202 | 204;
type Answer<Id extends OperationId> = operations[Id] extends { responses: infer R }
  ? {
      [Status in keyof R & Good]: R[Status] extends { content: { "application/json": infer J } } ? J : undefined;
    }[keyof R & Good]
  : never;

export interface CallOptions<Id extends OperationId> {
  path?: Parameters<Id, "path">;
  query?: Parameters<Id, "query">;
  body?: Body<Id>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface SegnoClientOptions {
  /** Address of the server, without a path. */
  url: string;
  /** A key of the server, or a token of its identity provider. */
  apiKey?: string;
  fetch?: Fetch;
}

/** The server refused a request. */
export class SegnoError extends Error {
  override readonly name = "SegnoError";

  /**
   * @param status HTTP status
   * @param code word for what is wrong, as in `not-found`
   * @param id by which the server's log knows the request
   * @param retryAfter milliseconds after which another try makes sense
   */
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly id: string | undefined,
    readonly retryAfter: number | undefined,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

/** What happens in a run: `step` for each record, `run` when its state or attributes change, `end`. */
export interface RunEvent {
  type: string;
  id?: string;
  data: Record<string, unknown>;
}

export type Run = Answer<"getRun"> & { id: string; state: string };

const STANDING = ["COMPLETED", "FAILED", "CANCELLED", "COMPENSATED", "PARKED", "BLOCKED"];

/** The API of a server: every operation of its document by its id, and the usual ones by name. */
export class SegnoClient {
  private readonly fetch: Fetch;

  constructor(private readonly options: SegnoClientOptions) {
    this.fetch = options.fetch ?? ((...call) => fetch(...call));
  }

  /**
   * Calls an operation of the document.
   *
   * @throws SegnoError when the server refuses it
   */
  async call<Id extends OperationId>(id: Id, options: CallOptions<Id> = {}): Promise<Answer<Id>> {
    const response = await this.send(id, options);
    const text = await response.text();
    const json = (response.headers.get("Content-Type") ?? "").includes("json");
    return (text === "" ? undefined : json ? JSON.parse(text) : text) as Answer<Id>;
  }

  /** Starts a run; the same key finds the run that it has started. */
  async start(orchestration: string, input?: unknown, options: { idempotencyKey?: string } = {}): Promise<string> {
    const started = await this.call("startRun", {
      path: { name: orchestration } as Parameters<"startRun", "path">,
      body: input as Body<"startRun">,
      headers: options.idempotencyKey === undefined ? {} : { "Idempotency-Key": options.idempotencyKey },
    });
    return (started as { id: string }).id;
  }

  async run(id: string): Promise<Run> {
    return (await this.call("getRun", { path: { id } as Parameters<"getRun", "path"> })) as Run;
  }

  /** Waits until a run has ended or stands. */
  async wait(id: string, options: { signal?: AbortSignal } = {}): Promise<Run> {
    for await (const event of this.follow(id, options)) {
      if (event.type === "end") {
        break;
      }
    }
    return this.run(id);
  }

  /** Sends a signal; the same key is the same signal. */
  async signal(id: string, name: string, body?: unknown, options: { idempotencyKey?: string } = {}): Promise<string> {
    const answer = await this.call("signalRun", {
      path: { id, name } as Parameters<"signalRun", "path">,
      body: body as Body<"signalRun">,
      headers: options.idempotencyKey === undefined ? {} : { "Idempotency-Key": options.idempotencyKey },
    });
    return (answer as unknown as { outcome: string }).outcome;
  }

  /** Lets a run that is parked or blocked go on at the step where it stands. */
  async retry(id: string): Promise<void> {
    await this.call("retryRun", { path: { id } as Parameters<"retryRun", "path"> });
  }

  async cancel(id: string): Promise<void> {
    await this.call("cancelRun", { path: { id } as Parameters<"cancelRun", "path"> });
  }

  /** What happens in a run, from its beginning to its end. A connection that breaks is made anew, and nothing is lost. */
  async *follow(id: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<RunEvent, void, void> {
    let last: string | undefined;
    let failures = 0;
    for (;;) {
      let response: Response;
      try {
        response = await this.send("followRun", {
          path: { id } as Parameters<"followRun", "path">,
          headers: { Accept: "text/event-stream", ...(last === undefined ? {} : { "Last-Event-ID": last }) },
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
        failures = 0;
        for await (const event of eventsOf(response)) {
          last = event.id ?? last;
          yield event;
          if (event.type === "end") {
            return;
          }
        }
      } catch (error) {
        if (options.signal?.aborted === true || error instanceof SegnoError || ++failures > 5) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** failures));
      }
    }
  }

  private async send<Id extends OperationId>(id: Id, options: CallOptions<Id>): Promise<Response> {
    const [method, template] = OPERATIONS[id].split(" ") as [string, string];
    const path = template.replace(/\{(\w+)\}/g, (_place, name: string) => {
      const value = (options.path as Record<string, unknown> | undefined)?.[name];
      if (value === undefined) {
        throw new TypeError(`${id} needs ${name} in its path`);
      }
      // A path of a route file keeps its slashes.
      return id.endsWith("RouteFile")
        ? String(value).split("/").map(encodeURIComponent).join("/")
        : encodeURIComponent(String(value));
    });
    const url = new URL(this.options.url.replace(/\/$/, "") + path);
    for (const [name, value] of Object.entries((options.query ?? {}) as Record<string, unknown>)) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
    if (this.options.apiKey !== undefined) {
      headers["Authorization"] = `Bearer ${this.options.apiKey}`;
    }
    const text = typeof options.body === "string";
    if (options.body !== undefined && headers["Content-Type"] === undefined) {
      headers["Content-Type"] = text && id.endsWith("RouteFile") ? "application/yaml" : "application/json";
    }
    const raw = text && headers["Content-Type"] !== "application/json";
    const response = await this.fetch(url.toString(), {
      method,
      headers,
      ...(options.body === undefined
        ? {}
        : { body: raw ? (options.body as string) : JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (!response.ok) {
      throw await refusalOf(response);
    }
    return response;
  }
}

/** Whether a run in this state goes no further by itself. */
export function isStanding(state: string): boolean {
  return STANDING.includes(state);
}

async function refusalOf(response: Response): Promise<SegnoError> {
  const text = await response.text();
  let error: { id?: string; code?: string; message?: string; details?: unknown } = {};
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error ?? {};
  } catch {
    // Not our shape: a proxy has answered.
  }
  return new SegnoError(
    error.message ?? `The server answered ${response.status}`,
    response.status,
    error.code ?? "unknown",
    error.id,
    retryAfterOf(response.headers.get("Retry-After")),
    error.details,
  );
}

/** Server-sent events, as the HTML standard has them. */
async function* eventsOf(response: Response): AsyncGenerator<RunEvent, void, void> {
  if (response.body === null) {
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      rest += decoder.decode(value, { stream: true });
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const event = eventOf(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event !== undefined) {
          yield event;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): RunEvent | undefined {
  let type = "message";
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      type = value;
    } else if (field === "id") {
      id = value;
    } else if (field === "data") {
      data.push(value);
    }
  }
  if (data.length === 0) {
    return undefined;
  }
  const event: RunEvent = { type, data: JSON.parse(data.join("\n")) as Record<string, unknown> };
  return id === undefined ? event : { ...event, id };
}
