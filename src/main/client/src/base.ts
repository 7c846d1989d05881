import { configOf, DEFAULT_CONFIG, healthConfigOf } from "./config.js";
import { messageOf, OperationEnded } from "./errors.js";
import { Operation } from "./operation.js";
import type {
  HealthConfig,
  NewUser,
  OperationResult,
  OrchestrationEvent,
  OrchestrationEventListener,
  OrchestratorConfig,
  OrchestratorMetrics,
  ServiceHealth,
  ServiceName,
  SystemHealthCheck,
} from "./types.js";

export const SERVICES: readonly ServiceName[] = ["identity", "communication", "content", "workflow"];

export type OperationName =
  | "user_onboarding"
  | "document_ai_processing"
  | "search_and_trigger"
  | "collaboration_setup";

const DISPOSED = "orchestrator disposed";

/** Of each e-mail address in a text the first letter and the domain. */
export function masked(text: unknown): string {
  return String(text).replace(/([^\s@<>"'(),;:])[^\s@<>"'(),;:]{0,63}(@[^\s@<>"'(),;:]+)/g, "$1***$2");
}

/** What is wrong with a new user, whatever a program without types hands over; undefined when nothing is. */
export function faultOf(user: NewUser): string | undefined {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  if (!/^[^@\s]+@[^@\s.]+([.][^@\s.]+)+$/.test(text(user?.email))) {
    return "email is not an e-mail address";
  }
  if (text(user.password).length < 8) {
    return "password has less than 8 characters";
  }
  const names = [text(user.first_name), text(user.last_name)];
  return names.some((name) => name.length < 1 || name.length > 150)
    ? "first_name and last_name have 1 to 150 characters"
    : undefined;
}

function newId(operation: OperationName): string {
  const random = Array.from({ length: 9 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
  return `${operation}_${Date.now()}_${random}`;
}

/** What operations have in common, wherever they run: options, events, numbers, health and an end. */
export abstract class BaseOrchestrator {
  private config: OrchestratorConfig;
  protected readonly healthConfig: HealthConfig;
  private listeners: OrchestrationEventListener[] = [];
  private readonly running = new Set<Operation>();
  private readonly bornAt = performance.now();
  private readonly timer: ReturnType<typeof setInterval> | undefined;
  private readonly disposal = new AbortController();
  private successful = 0;
  private partial = 0;
  private failed = 0;
  private totalTime = 0;
  private checks = 0;
  private lastHealth: string | undefined;
  private lastStatuses: Partial<Record<ServiceName, string>> = {};
  private lastCheck: string | null = null;
  private readonly healthy: Record<ServiceName, number> = { identity: 0, communication: 0, content: 0, workflow: 0 };

  protected constructor(config?: Partial<OrchestratorConfig>, healthConfig?: Partial<HealthConfig>) {
    this.config = configOf({ ...DEFAULT_CONFIG }, config);
    this.healthConfig = healthConfigOf(healthConfig);
    if (this.healthConfig.enableAlerts) {
      this.timer = setInterval(() => void this.performHealthCheck(), this.healthConfig.checkInterval);
      // No process stays alive for a health check.
      (this.timer as { unref?: () => void }).unref?.();
    }
  }

  /**
   * Asks all services how they are; never rejects.
   *
   * @param signal when nobody wants to know any more
   */
  protected abstract check(signal: AbortSignal): Promise<Record<ServiceName, ServiceHealth>>;

  async performHealthCheck(): Promise<SystemHealthCheck> {
    const found = await this.check(this.disposal.signal);
    const healthy = SERVICES.filter((service) => found[service].status === "healthy").length;
    const health: SystemHealthCheck = {
      ...found,
      overall: healthy === 4 ? "healthy" : healthy >= 2 ? "degraded" : "unhealthy",
      timestamp: new Date().toISOString(),
    };
    if (!this.disposal.signal.aborted) {
      this.noteHealth(health);
    }
    return health;
  }

  private noteHealth(health: SystemHealthCheck): void {
    this.checks++;
    this.lastCheck = health.timestamp;
    for (const service of SERVICES) {
      this.healthy[service] += health[service].status === "healthy" ? 1 : 0;
    }
    const statuses = Object.fromEntries(SERVICES.map((service) => [service, health[service].status]));
    const now = JSON.stringify([statuses, health.overall]);
    if (now !== this.lastHealth) {
      const changed = SERVICES.filter((service) => this.lastStatuses[service] !== statuses[service]);
      this.lastHealth = now;
      this.lastStatuses = statuses;
      const one = changed.length === 1 ? changed[0] : undefined;
      this.emit({
        type: "service_health_change",
        ...(one === undefined ? {} : { serviceName: one }),
        data: health,
      });
    }
  }

  getMetrics(): OrchestratorMetrics {
    const total = this.successful + this.failed;
    const availability = (service: ServiceName) =>
      this.checks === 0 ? 100 : (100 * this.healthy[service]) / this.checks;
    return {
      totalOperations: total,
      successfulOperations: this.successful,
      failedOperations: this.failed,
      partialOperations: this.partial,
      successRate: total === 0 ? 0 : this.successful / total,
      averageOperationTime: total === 0 ? 0 : this.totalTime / total,
      serviceAvailability: {
        identity: availability("identity"),
        communication: availability("communication"),
        content: availability("content"),
        workflow: availability("workflow"),
      },
      lastHealthCheck: this.lastCheck,
      uptime: performance.now() - this.bornAt,
    };
  }

  addEventListener(listener: OrchestrationEventListener): () => void {
    // A new list, so that who is told of an event at the moment is told to the end.
    this.listeners = [...this.listeners, listener];
    let listening = true;
    return () => {
      // Once: a second call must not remove the same function that was added a second time.
      if (listening) {
        listening = false;
        this.removeEventListener(listener);
      }
    };
  }

  removeEventListener(listener: OrchestrationEventListener): void {
    const at = this.listeners.indexOf(listener);
    if (at >= 0) {
      this.listeners = this.listeners.filter((_, index) => index !== at);
    }
  }

  updateConfig(changes: Partial<OrchestratorConfig>): void {
    this.config = configOf(this.config, changes);
  }

  getConfig(): OrchestratorConfig {
    return { ...this.config };
  }

  /** Kept for programs that call it; it changes nothing. */
  setVerticalContext(_context: string): void {}

  getVerticalContext(): string {
    return "medical";
  }

  /** Kept for programs that call it; it changes nothing. */
  setFeatureFlag(_name: string, _enabled: boolean): void {}

  isFeatureEnabled(_name: string): boolean {
    return false;
  }

  dispose(): void {
    this.disposal.abort();
    clearInterval(this.timer);
    this.listeners = [];
    for (const operation of [...this.running]) {
      operation.end(new OperationEnded(DISPOSED, "disposed"));
    }
    this.running.clear();
  }

  /**
   * Runs an operation between its two events, and counts it. Never rejects.
   *
   * @param shown what the first event tells of its input
   * @param fault what is wrong with the input, so that nobody is called
   */
  protected async perform<T>(
    name: OperationName,
    shown: Record<string, unknown>,
    fault: string | undefined,
    work: (operation: Operation) => Promise<OperationResult<T>>,
  ): Promise<OperationResult<T>> {
    const operation = new Operation(newId(name), this.getConfig());
    if (this.disposal.signal.aborted) {
      return operation.failed(new OperationEnded(DISPOSED, "disposed"));
    }
    this.running.add(operation);
    this.emit({ type: "operation_start", operationId: operation.id, data: { operation: name, ...shown } });
    let result: OperationResult<T>;
    if (fault !== undefined) {
      result = operation.failed(new Error(fault));
      if (result.details !== undefined) {
        result.details.code = "validation_error";
      }
    } else {
      try {
        result = await work(operation);
      } catch (error) {
        result = operation.failed(error);
      }
    }
    this.running.delete(operation);
    this.count(result);
    const data = { operation: name, success: result.success, partial: result.details?.partial ?? false };
    this.emit(
      result.success
        ? { type: "operation_complete", operationId: operation.id, data }
        : { type: "operation_error", operationId: operation.id, data, error: masked(result.error ?? "Operation failed") },
    );
    return result;
  }

  private count(result: OperationResult): void {
    if (!this.config.enableMetrics) {
      return;
    }
    this.successful += result.success ? 1 : 0;
    this.partial += result.success && result.details?.partial === true ? 1 : 0;
    this.failed += result.success ? 0 : 1;
    this.totalTime += result.duration ?? 0;
  }

  private emit(event: Omit<OrchestrationEvent, "timestamp">): void {
    if (this.disposal.signal.aborted) {
      return;
    }
    const told: OrchestrationEvent = { ...event, timestamp: new Date().toISOString() };
    if (this.config.enableLogging) {
      const line = `[segno] ${told.type}${told.operationId === undefined ? "" : ` ${told.operationId}`}`;
      if (told.type === "operation_error") {
        console.error(line, told.error);
      } else {
        console.info(line);
      }
    }
    // The list is never changed, only replaced: who removes a listener here keeps nobody from hearing.
    for (const listener of this.listeners) {
      try {
        listener(told);
      } catch (error) {
        if (this.config.enableLogging) {
          console.error("[segno] a listener failed:", messageOf(error));
        }
      }
    }
  }
}
