import { BaseOrchestrator, faultOf, masked, type OperationName } from "./base.js";
import { call, Session, type Fetch } from "./http.js";
import type { Operation } from "./operation.js";
import type {
  CollaborationData,
  DocumentProcessingData,
  HealthConfig,
  NewUser,
  OnboardingData,
  OperationResult,
  Orchestrator,
  OrchestratorConfig,
  SearchData,
  ServiceHealth,
  ServiceName,
} from "./types.js";

export interface ServerOptions {
  /** Address of the server, without a path. */
  url: string;
  /** A key of the server. */
  apiKey?: string | undefined;
  fetch?: Fetch | undefined;
}

type Answer<T> = OperationResult<T> & { run_id?: string | null; operation_id?: string | null };

const LONGEST_WAIT = 30_000;
const MARGIN = 5_000;

/** Server mode: each operation is a durable run of the service hub; this waits for its result. */
export class RemoteOrchestrator extends BaseOrchestrator implements Orchestrator {
  private readonly session: Session;

  constructor(
    private readonly server: ServerOptions,
    config?: Partial<OrchestratorConfig>,
    healthConfig?: Partial<HealthConfig>,
  ) {
    super(config, healthConfig);
    this.session = new Session(server.apiKey === undefined ? {} : { accessToken: server.apiKey });
  }

  onboardNewUser(user: NewUser): Promise<OperationResult<OnboardingData>> {
    const { email, password, first_name, last_name } = user ?? {};
    return this.run("user_onboarding", "user-onboarding", { email: masked(email) }, faultOf(user), {
      email,
      password,
      first_name,
      last_name,
    });
  }

  processDocumentWithAI(
    documentId: string,
    workflowId: string,
    notifyUsers: string[] = [],
  ): Promise<OperationResult<DocumentProcessingData>> {
    return this.run("document_ai_processing", "document-ai", { documentId, workflowId }, undefined, {
      document_id: documentId,
      workflow_id: workflowId,
      notify_users: notifyUsers,
    });
  }

  searchAndTriggerWorkflows(
    query: string,
    triggerWorkflows = true,
    notifyUsers: string[] = [],
  ): Promise<OperationResult<SearchData>> {
    const fault = typeof query === "string" && /\S/.test(query) ? undefined : "query is blank";
    return this.run("search_and_trigger", "search-and-trigger", { query: masked(query) }, fault, {
      query,
      trigger_workflows: triggerWorkflows,
      notify_users: notifyUsers,
    });
  }

  setupCollaborativeWorkspace(
    documentId: string,
    participantEmails: string[],
    workflowTemplate?: string,
  ): Promise<OperationResult<CollaborationData>> {
    return this.run("collaboration_setup", "collaboration", { documentId }, undefined, {
      document_id: documentId,
      participants: participantEmails,
      ...(workflowTemplate === undefined ? {} : { workflow_template: workflowTemplate }),
    });
  }

  private run<T>(
    name: OperationName,
    path: string,
    shown: Record<string, unknown>,
    fault: string | undefined,
    body: Record<string, unknown>,
  ): Promise<OperationResult<T>> {
    return this.perform<T>(name, shown, fault, async (operation) => {
      const begun = performance.now();
      // Asked again with the same key it is the same run, which has a result by then or goes on.
      for (;;) {
        const answer = await this.ask<T>(operation, path, body);
        if (answer.details?.code !== "running") {
          return this.resultOf(operation, answer, performance.now() - begun);
        }
      }
    });
  }

  private ask<T>(operation: Operation, path: string, body: Record<string, unknown>): Promise<Answer<T>> {
    const wait = Math.min(this.getConfig().timeout, LONGEST_WAIT);
    return operation.step("server", async (context) => {
      return (await call(
        {
          baseUrl: this.server.url,
          timeout: wait + MARGIN,
          session: this.session,
          fetch: this.server.fetch,
          call: { ...context, idempotencyKey: operation.id },
        },
        { method: "POST", path: `/orchestrations/${path}`, query: { wait: `${Math.ceil(wait)}ms` }, body },
      )) as Answer<T>;
    });
  }

  private resultOf<T>(operation: Operation, answer: Answer<T>, duration: number): OperationResult<T> {
    const { run_id: _run, operation_id: _operation, ...result } = answer;
    const details = { partial: false, attempts: {}, completedSteps: [], ...result.details };
    // Frees the timer of the operation.
    operation.succeeded(undefined);
    return { ...result, details: { ...details, operationId: operation.id }, duration: Math.max(duration, 0.001) };
  }

  protected async check(signal: AbortSignal): Promise<Record<ServiceName, ServiceHealth>> {
    let answer: Partial<Record<ServiceName, ServiceHealth>> = {};
    try {
      answer = (await call(
        {
          baseUrl: this.server.url,
          // The server has limits of its own for the services; this one is for the server.
          timeout: this.healthConfig.timeout * (this.healthConfig.retryAttempts + 1) + MARGIN,
          session: this.session,
          fetch: this.server.fetch,
          call: { signal, operationId: "", idempotencyKey: "", traceparent: "" },
        },
        { method: "GET", path: "/orchestrations/health" },
      )) as typeof answer;
    } catch {
      // Of services that nobody was asked about nothing is known.
    }
    const found = (service: ServiceName): ServiceHealth =>
      typeof answer?.[service]?.status === "string"
        ? answer[service]
        : { status: "unknown", service, version: "unknown" };
    return {
      identity: found("identity"),
      communication: found("communication"),
      content: found("content"),
      workflow: found("workflow"),
    };
  }
}
