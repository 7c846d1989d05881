import { ServiceError, textOf } from "./errors.js";
import type { CallContext } from "./types.js";

export type Fetch = typeof fetch;

export interface Tokens {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
}

/** Where the tokens of a session are kept; one for all clients, so that one refresh is enough for all. */
export class Session {
  private renewing: Promise<boolean> | undefined;
  private readonly listeners: ((error: unknown) => void)[] = [];

  constructor(
    public tokens: Tokens = {},
    /** Makes new tokens of a refresh token. */
    public renew?: (refreshToken: string) => Promise<Tokens>,
  ) {}

  /** Is told when the session is over: there is no new token, and the old ones are forgotten. */
  onAuthError(listener: (error: unknown) => void): void {
    this.listeners.push(listener);
  }

  /** Makes another token than the one that was refused; calls that are refused at the same time share one request. */
  async renewed(refused: string | undefined): Promise<boolean> {
    if (this.tokens.accessToken !== undefined && this.tokens.accessToken !== refused) {
      return true;
    }
    const { refreshToken } = this.tokens;
    if (refreshToken === undefined || this.renew === undefined) {
      return false;
    }
    this.renewing ??= this.renew(refreshToken)
      .then(
        (tokens) => {
          this.tokens = { refreshToken, ...tokens };
          return true;
        },
        (error: unknown) => {
          this.tokens = {};
          this.listeners.forEach((listener) => listener(error));
          // In a browser: pages listen for it.
          (globalThis as { dispatchEvent?: (event: Event) => boolean }).dispatchEvent?.(new Event("auth:error"));
          return false;
        },
      )
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }
}

export interface HttpOptions {
  baseUrl: string;
  /** Milliseconds for one request. */
  timeout: number;
  session: Session;
  fetch?: Fetch | undefined;
  call?: CallContext | undefined;
}

export interface HttpRequest {
  method: string;
  path: string;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  /** Without a token. */
  open?: boolean;
}

/** Random digits of an id. */
export function hex(digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join("");
}

/** Milliseconds that a Retry-After asks for, given as seconds or as a date. */
export function retryAfterOf(header: string | null): number | undefined {
  if (header === null) {
    return undefined;
  }
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** JSON out, JSON in; the status of an answer is kept, and 0 stands for none. */
export async function call(options: HttpOptions, request: HttpRequest): Promise<unknown> {
  const token = options.session.tokens.accessToken;
  const response = await send(options, request, request.open === true ? undefined : token);
  if (response.status === 401 && request.open !== true && (await options.session.renewed(token))) {
    return bodyOf(request, await send(options, request, options.session.tokens.accessToken));
  }
  return bodyOf(request, response);
}

interface Answered {
  status: number;
  statusText: string;
  retryAfter: number | undefined;
  text: string;
}

async function send(options: HttpOptions, request: HttpRequest, token: string | undefined): Promise<Answered> {
  const url = new URL(options.baseUrl.replace(/\/$/, "") + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined && value !== null) {
      url.searchParams.set(name, String(value));
    }
  }
  const headers: Record<string, string> = {
    Accept: "application/json",
    "X-Request-ID": `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    traceparent: options.call?.traceparent || `00-${hex(32)}-${hex(16)}-01`,
  };
  if (request.body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (token !== undefined) {
    headers["Authorization"] = `Bearer ${token}`;
  }
  if (options.call?.operationId) {
    headers["X-Correlation-ID"] = options.call.operationId;
  }
  if (options.call?.idempotencyKey && request.method !== "GET") {
    headers["Idempotency-Key"] = options.call.idempotencyKey;
  }
  const abort = new AbortController();
  const outer = options.call?.signal;
  const aborted = () => abort.abort();
  outer?.addEventListener("abort", aborted, { once: true });
  if (outer?.aborted === true) {
    abort.abort();
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort.abort();
  }, options.timeout);
  try {
    const response = await (options.fetch ?? fetch)(url.toString(), {
      method: request.method,
      headers,
      signal: abort.signal,
      redirect: "error",
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return {
      status: response.status,
      statusText: response.statusText,
      retryAfter: retryAfterOf(response.headers.get("Retry-After")),
      text: await response.text(),
    };
  } catch (error) {
    throw new ServiceError(late ? `timed out after ${options.timeout} ms` : "could not be reached", 0, undefined, error);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", aborted);
  }
}

function bodyOf(request: HttpRequest, answered: Answered): unknown {
  let body: unknown = answered.text;
  try {
    body = answered.text === "" ? undefined : JSON.parse(answered.text);
  } catch {
    if (answered.status < 300) {
      throw new ServiceError(`${request.method} ${request.path} answered with JSON that is not valid`, 0);
    }
  }
  if (answered.status >= 200 && answered.status < 300) {
    return body;
  }
  const said = textOf(body, answered.statusText || "Request failed");
  const text = answered.status >= 500 ? `${answered.status} ${said}` : said;
  throw new ServiceError(text, answered.status, answered.retryAfter, body);
}
