/** A service did not do what it was asked. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  /**
   * @param status HTTP status; 0 when there was no answer
   * @param retryAfter milliseconds after which the service wants to be asked again
   * @param body what it answered
   */
  constructor(
    message: string,
    readonly status: number,
    readonly retryAfter?: number,
    readonly body?: unknown,
  ) {
    super(message);
  }
}

/** A service has answered, and what was looked for is not there. */
export class NotFound extends Error {
  override readonly name = "NotFound";
}

/** The orchestrator, or the time of an operation, has come to its end. */
export class OperationEnded extends Error {
  override readonly name = "OperationEnded";

  constructor(
    message: string,
    readonly code: "timeout" | "disposed",
  ) {
    super(message);
  }
}

/** The status of an error, wherever its client keeps it; undefined when it has none. */
export function statusOf(error: unknown): number | undefined {
  const known = error as { status?: unknown; response?: { status?: unknown } } | null | undefined;
  const status = known?.status ?? known?.response?.status;
  return typeof status === "number" ? status : undefined;
}

/** Whether another try may come to another end. */
export function isWorthwhile(error: unknown): boolean {
  if (error instanceof OperationEnded || error instanceof NotFound) {
    return false;
  }
  const status = statusOf(error);
  return status === undefined || status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) {
    return error.message || error.name;
  }
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && message !== "" ? message : String(error);
}

/** What a service says went wrong: `detail`, then `message`, then the text itself. */
export function textOf(body: unknown, otherwise: string): string {
  if (typeof body === "object" && body !== null) {
    const { detail, message, error } = body as Record<string, unknown>;
    for (const text of [detail, message, error]) {
      if (typeof text === "string" && text !== "") {
        return text;
      }
    }
    return otherwise;
  }
  return typeof body === "string" && body.trim() !== "" ? body.trim() : otherwise;
}
