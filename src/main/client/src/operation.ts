import { isWorthwhile, messageOf, OperationEnded } from "./errors.js";
import { hex } from "./http.js";
import type { CallContext, OperationDetails, OperationResult, OrchestratorConfig, ServiceName } from "./types.js";

const LONGEST_WAIT = 30_000;
const JITTER = 0.2;

/** One run of an operation: tries its steps, keeps to its time, and notes what has become of each service. */
export class Operation {
  readonly serviceErrors: Partial<Record<ServiceName, string>> = {};
  private readonly controller = new AbortController();
  /** One signal for each step that is under way: many listeners of one signal look like a leak. */
  private readonly underWay = new Set<AbortController>();
  private readonly attempts: Record<string, number> = {};
  private readonly completed: string[] = [];
  private readonly begunAt = performance.now();
  /** All calls of an operation are of one trace. */
  private readonly traceId = hex(32);
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(
    readonly id: string,
    private readonly config: OrchestratorConfig,
  ) {
    this.timer = setTimeout(
      () => this.end(new OperationEnded(`timed out after ${config.timeout} ms`, "timeout")),
      config.timeout,
    );
  }

  /** Aborts what is under way. */
  end(reason: OperationEnded): void {
    clearTimeout(this.timer);
    this.controller.abort(reason);
    for (const step of this.underWay) {
      step.abort(reason);
    }
  }

  /** Does a step until it succeeds, cannot, or has used up its tries. */
  async step<T>(name: string, work: (context: CallContext) => Promise<T>, index?: number): Promise<T> {
    this.controller.signal.throwIfAborted();
    const key = index === undefined ? name : `${name}:${index}`;
    const step = new AbortController();
    this.underWay.add(step);
    try {
      return await this.untilDone(key, step.signal, work);
    } finally {
      this.underWay.delete(step);
    }
  }

  private async untilDone<T>(
    key: string,
    signal: AbortSignal,
    work: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      this.attempts[key] = attempt;
      try {
        const context: CallContext = {
          signal,
          operationId: this.id,
          idempotencyKey: `${this.id}:${key}`,
          traceparent: `00-${this.traceId}-${hex(16)}-01`,
        };
        const value = await untilAborted(signal, Promise.resolve().then(() => work(context)));
        this.completed.push(key);
        return value;
      } catch (error) {
        signal.throwIfAborted();
        if (attempt > this.config.retryAttempts || !isWorthwhile(error)) {
          throw error;
        }
        await rest(signal, this.waitBefore(attempt + 1, error));
      }
    }
  }

  /** A step that the operation can do without: its failure is noted, and something else stands in for it. */
  async optional<T, U>(service: ServiceName, work: () => Promise<T>, otherwise: U): Promise<T | U> {
    try {
      return await work();
    } catch (error) {
      this.throwIfDisposed();
      this.serviceErrors[service] = messageOf(error);
      return otherwise;
    }
  }

  /** Does something for each item, as many at once as a batch has. The order of what comes of it is that of the items. */
  async each<T, U>(items: readonly T[], work: (item: T, index: number) => Promise<U>): Promise<U[]> {
    const size = this.config.enableBatching ? this.config.batchSize : 1;
    const results: U[] = [];
    for (let from = 0; from < items.length; from += size) {
      const chunk = items.slice(from, from + size);
      results.push(...(await Promise.all(chunk.map((item, at) => work(item, from + at)))));
    }
    return results;
  }

  succeeded<T>(data: T): OperationResult<T> {
    const partial = Object.keys(this.serviceErrors).length > 0;
    return { success: true, data, ...this.ended(partial) };
  }

  failed(error: unknown, service?: ServiceName): OperationResult<never> {
    const text = messageOf(error);
    if (service !== undefined) {
      this.serviceErrors[service] = text;
    }
    const code = error instanceof OperationEnded ? error.code : "failed";
    return { success: false, error: text, ...this.ended(false, code) };
  }

  private ended(partial: boolean, code?: string) {
    clearTimeout(this.timer);
    const details: OperationDetails = {
      operationId: this.id,
      partial,
      attempts: { ...this.attempts },
      completedSteps: [...this.completed],
    };
    if (code !== undefined) {
      details.code = code;
    }
    return {
      details,
      duration: Math.max(performance.now() - this.begunAt, 0.001),
      ...(Object.keys(this.serviceErrors).length > 0 ? { serviceErrors: { ...this.serviceErrors } } : {}),
    };
  }

  private throwIfDisposed(): void {
    const reason: unknown = this.controller.signal.reason;
    if (reason instanceof OperationEnded && reason.code === "disposed") {
      throw reason;
    }
  }

  /** The first wait is exact; the later ones are spread, so that callers do not come back all at once. */
  private waitBefore(attempt: number, error: unknown): number {
    const doubled = this.config.retryDelay * 2 ** (attempt - 2);
    const spread = attempt === 2 ? doubled : doubled * (1 - JITTER + 2 * JITTER * Math.random());
    const asked = (error as { retryAfter?: unknown } | null | undefined)?.retryAfter;
    return Math.max(Math.min(spread, LONGEST_WAIT), typeof asked === "number" ? asked : 0);
  }
}

/** Also where the client does not look at the signal. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

function rest(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", aborted);
      resolve();
    }, ms);
    signal.addEventListener("abort", aborted, { once: true });
  });
}
