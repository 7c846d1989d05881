import { BaseOrchestrator, faultOf, masked, SERVICES } from "./base.js";
import { textsOf } from "./config.js";
import { NotFound, statusOf } from "./errors.js";
import type { Operation } from "./operation.js";
import type {
  CallContext,
  CollaborationData,
  CommunicationClient,
  ContentClient,
  Document,
  DocumentProcessingData,
  HealthConfig,
  HealthStatus,
  IdentityClient,
  NewNotification,
  NewUser,
  Notification,
  OnboardingData,
  OperationResult,
  Orchestrator,
  OrchestratorConfig,
  SearchData,
  ServiceClient,
  ServiceHealth,
  ServiceName,
  Texts,
  User,
  Workflow,
  WorkflowClient,
  WorkflowExecution,
} from "./types.js";

type Health = Awaited<ReturnType<NonNullable<ServiceClient<unknown>["healthCheck"]>>>;

const STATUSES: readonly string[] = ["healthy", "degraded", "unhealthy"];

/** The client for one call, where it can be had; else the client itself. */
function bound<C extends ServiceClient<C>>(client: C, context: CallContext): C {
  return client.withCall?.(context) ?? client;
}

/** Local mode: runs the steps of the operations in the caller, with the clients that it is given. */
export class ServiceOrchestrator extends BaseOrchestrator implements Orchestrator {
  private readonly texts: Texts;

  constructor(
    private readonly identity: IdentityClient,
    private readonly communication: CommunicationClient,
    private readonly content: ContentClient,
    private readonly workflow: WorkflowClient,
    config?: Partial<OrchestratorConfig> & { texts?: Partial<Texts> },
    healthConfig?: Partial<HealthConfig>,
  ) {
    super(config, healthConfig);
    this.texts = textsOf(config?.texts);
  }

  onboardNewUser(user: NewUser): Promise<OperationResult<OnboardingData>> {
    return this.perform("user_onboarding", { email: masked(user?.email) }, faultOf(user), async (operation) => {
      let account: User;
      try {
        await this.register(operation, user);
        account = await this.logIn(operation, user);
      } catch (error) {
        return operation.failed(error, "identity");
      }
      const [welcomeNotification, defaultDocuments, initialWorkflows] = await Promise.all([
        operation.optional(
          "communication",
          () =>
            operation.step("welcome", (call) =>
              bound(this.communication, call).createNotification({
                type: "success",
                title: `${this.texts.welcomeTitle}, ${account.first_name ?? user.first_name}`,
                message: this.texts.welcomeMessage,
                recipient_id: account.id,
                data: { user_id: account.id, onboarding: true },
              }),
            ),
          null,
        ),
        operation.optional(
          "content",
          () =>
            operation.step("documents", (call) =>
              bound(this.content, call).getDocuments(5, 0, { is_template: true }),
            ),
          [] as Document[],
        ),
        operation.optional(
          "workflow",
          () => operation.step("workflows", (call) => bound(this.workflow, call).getWorkflows(3, 0, "template")),
          [] as Workflow[],
        ),
      ]);
      return operation.succeeded({ user: account, welcomeNotification, defaultDocuments, initialWorkflows });
    });
  }

  /** An account that is there already will do. */
  private async register(operation: Operation, user: NewUser): Promise<void> {
    if (typeof this.identity.register !== "function") {
      return;
    }
    const { email, password, first_name, last_name } = user;
    await operation.step("register", async (call) => {
      try {
        await bound(this.identity, call).register?.({ email, password, first_name, last_name });
      } catch (error) {
        const status = statusOf(error);
        const exists = error instanceof Error && /already|exist/i.test(error.message);
        if (status !== 409 && !(status === 400 && exists)) {
          throw error;
        }
      }
    });
  }

  private async logIn(operation: Operation, user: NewUser): Promise<User> {
    const { email, password } = user;
    const session = await operation.step("login", (call) => bound(this.identity, call).login({ email, password }));
    if (session?.user) {
      return session.user;
    }
    return operation.step("me", async (call) => {
      const client = bound(this.identity, call);
      const account = await client.getCurrentUser?.();
      if (!account) {
        throw new NotFound("The identity service does not say who has logged in");
      }
      return account;
    });
  }

  processDocumentWithAI(
    documentId: string,
    workflowId: string,
    notifyUsers: string[] = [],
  ): Promise<OperationResult<DocumentProcessingData>> {
    return this.perform("document_ai_processing", { documentId, workflowId }, undefined, async (operation) => {
      const [foundDocument, foundWorkflow] = await Promise.allSettled([
        this.findDocument(operation, documentId),
        this.findWorkflow(operation, workflowId, `Workflow ${workflowId} not found`),
      ]);
      if (foundDocument.status === "rejected") {
        return operation.failed(foundDocument.reason, "content");
      }
      if (foundWorkflow.status === "rejected") {
        return operation.failed(foundWorkflow.reason, "workflow");
      }
      const document = foundDocument.value;
      const workflow = foundWorkflow.value;
      let execution: WorkflowExecution;
      try {
        execution = await this.execute(operation, workflowId, {
          document_id: documentId,
          document_content: document.content,
        });
      } catch (error) {
        return operation.failed(error, "workflow");
      }
      const notifications = await this.notify(operation, notifyUsers, {
        type: "info",
        title: "Document processing started",
        message: `${document.title} is being processed.`,
        data: { document_id: documentId, workflow_id: workflowId, execution_id: execution.id },
      });
      return operation.succeeded({ document, workflow, execution, notifications });
    });
  }

  searchAndTriggerWorkflows(
    query: string,
    triggerWorkflows = true,
    notifyUsers: string[] = [],
  ): Promise<OperationResult<SearchData>> {
    const fault = typeof query === "string" && /\S/.test(query) ? undefined : "query is blank";
    return this.perform("search_and_trigger", { query: masked(query) }, fault, async (operation) => {
      let searchResults: SearchData["searchResults"];
      try {
        searchResults = await operation.step("search", (call) =>
          bound(this.content, call).searchDocuments({ query, limit: 20, sort_by: "relevance", sort_order: "desc" }),
        );
      } catch (error) {
        return operation.failed(error, "content");
      }
      const relevantDocuments = (searchResults.documents ?? []).slice(0, 5);
      const waiting =
        triggerWorkflows && searchResults.total > 0
          ? await operation.optional("workflow", () => this.waitingWorkflows(operation), [] as Workflow[])
          : [];
      const executions = await operation.each(waiting, (workflow, index) =>
        operation.optional(
          "workflow",
          () =>
            this.execute(
              operation,
              workflow.id,
              { search_query: query, results: searchResults.documents, user_context: "search_operation" },
              index,
            ),
          undefined,
        ),
      );
      const workflowsTriggered = executions.filter((execution) => execution !== undefined);
      const notificationsSent = await this.notify(operation, notifyUsers, {
        type: "info",
        title: "Search results available",
        message: `Found ${searchResults.total} documents for "${query}".`,
        data: {
          search_query: query,
          total_results: searchResults.total,
          relevant_documents: relevantDocuments.map((document) => document.id),
          workflows_triggered: workflowsTriggered.length,
        },
      });
      return operation.succeeded({ searchResults, relevantDocuments, notificationsSent, workflowsTriggered });
    });
  }

  private async waitingWorkflows(operation: Operation): Promise<Workflow[]> {
    const active = await operation.step("find-workflows", (call) =>
      bound(this.workflow, call).getWorkflows(undefined, undefined, "active"),
    );
    return active.filter(
      (workflow) => workflow.trigger_type === "event" && workflow.trigger_config?.event_type === "search_results",
    );
  }

  setupCollaborativeWorkspace(
    documentId: string,
    participantEmails: string[],
    workflowTemplate?: string,
  ): Promise<OperationResult<CollaborationData>> {
    return this.perform("collaboration_setup", { documentId }, undefined, async (operation) => {
      const emails = [...new Set(participantEmails)];
      let document: Document;
      try {
        document = await this.findDocument(operation, documentId);
      } catch (error) {
        return operation.failed(error, "content");
      }
      let conversation: CollaborationData["conversation"];
      try {
        conversation = await operation.step("converse", async (call) => {
          const client = bound(this.communication, call);
          if (typeof client.createConversation !== "function") {
            throw new NotFound("The communication client cannot create conversations");
          }
          return client.createConversation({ name: `Collaboration: ${document.title}`, participants: emails });
        });
      } catch (error) {
        return operation.failed(error, "communication");
      }
      const found = await this.findUsers(operation, emails);
      const participants = found.filter((user) => user !== undefined);
      const notifications = await this.notify(
        operation,
        found.map((user) => user?.id),
        {
          type: "info",
          title: "You are invited to collaborate",
          message: `A conversation on ${document.title} has begun.`,
          data: { document_id: documentId, conversation_id: conversation.id },
        },
      );
      const workflow =
        workflowTemplate === undefined
          ? undefined
          : await operation.optional(
              "workflow",
              async () => {
                await this.findWorkflow(operation, workflowTemplate, `Workflow template ${workflowTemplate} not found`);
                return this.execute(operation, workflowTemplate, {
                  document_id: documentId,
                  conversation_id: conversation.id,
                  participants: participants.map((user) => user.id),
                });
              },
              undefined,
            );
      return operation.succeeded({
        document,
        conversation,
        participants,
        notifications,
        ...(workflow === undefined ? {} : { workflow }),
      });
    });
  }

  /** The users of addresses; those that belong to nobody are told in the errors of the identity service. */
  private async findUsers(operation: Operation, emails: string[]): Promise<(User | undefined)[]> {
    const unknown: string[] = [];
    const found = await operation.each(emails, (email, index) =>
      operation.optional(
        "identity",
        async () => {
          const user = await operation.step(
            "find-user",
            async (call) => bound(this.identity, call).getUserByEmail?.(email),
            index,
          );
          if (!user) {
            unknown.push(email);
          }
          return user ?? undefined;
        },
        undefined,
      ),
    );
    if (unknown.length > 0) {
      operation.serviceErrors.identity = `No user has the address ${unknown.join(", ")}`;
    }
    return found;
  }

  private findDocument(operation: Operation, id: string): Promise<Document> {
    return operation.step("find-document", async (call) => {
      const documents = await bound(this.content, call).getDocuments(1, 0, { id });
      const document = documents.find((candidate) => candidate.id === id);
      if (document === undefined) {
        throw new NotFound(`Document ${id} not found`);
      }
      return document;
    });
  }

  /** By its id where the client can: a list of all may be only its first page. */
  private findWorkflow(operation: Operation, id: string, missing: string): Promise<Workflow> {
    return operation.step("find-workflow", async (call) => {
      const client = bound(this.workflow, call);
      let workflow: Workflow | null | undefined;
      if (typeof client.getWorkflow === "function") {
        try {
          workflow = await client.getWorkflow(id);
        } catch (error) {
          if (statusOf(error) !== 404) {
            throw error;
          }
        }
      } else {
        workflow = (await client.getWorkflows()).find((candidate) => candidate.id === id);
      }
      if (!workflow) {
        throw new NotFound(missing);
      }
      return workflow;
    });
  }

  private execute(
    operation: Operation,
    id: string,
    input: Record<string, unknown>,
    index?: number,
  ): Promise<WorkflowExecution> {
    return operation.step(
      "execute",
      (call) =>
        bound(this.workflow, call).executeWorkflow(id, { input_data: input, execution_mode: "asynchronous" }),
      index,
    );
  }

  /** Tells each recipient once, under the number of his place; nobody stands at a place that is undefined. */
  private async notify(
    operation: Operation,
    recipients: (string | undefined)[],
    notification: NewNotification,
  ): Promise<Notification[]> {
    const places = [...new Set(recipients)]
      .map((recipient, place) => ({ recipient, place }))
      .filter(({ recipient }) => recipient !== undefined);
    const sent = await operation.each(places, ({ recipient, place }) =>
      operation.optional(
        "communication",
        () =>
          operation.step(
            "notify",
            (call) =>
              bound(this.communication, call).createNotification({ ...notification, recipient_id: recipient as string }),
            place,
          ),
        undefined,
      ),
    );
    return sent.filter((one) => one !== undefined);
  }

  protected async check(signal: AbortSignal): Promise<Record<ServiceName, ServiceHealth>> {
    const found = await Promise.all(SERVICES.map((service) => this.healthOf(service, signal)));
    return Object.fromEntries(SERVICES.map((service, at) => [service, found[at]])) as Record<
      ServiceName,
      ServiceHealth
    >;
  }

  private async healthOf(service: ServiceName, signal: AbortSignal): Promise<ServiceHealth> {
    const client = this[service] as unknown as ServiceClient<unknown> | null | undefined;
    if (typeof client?.healthCheck !== "function") {
      return { status: "unknown", service, version: "unknown" };
    }
    for (let attempt = 0; attempt <= this.healthConfig.retryAttempts && !signal.aborted; attempt++) {
      const answer = await this.askHealth(client, signal);
      if (answer !== undefined) {
        const status = (STATUSES.includes(answer.status) ? answer.status : "unknown") as HealthStatus;
        return { status, service: answer.service ?? service, version: answer.version ?? "unknown" };
      }
    }
    return { status: "unhealthy", service, version: "unknown" };
  }

  /** What a service says of itself; undefined when it says nothing in time, or nobody wants to know any more. */
  private async askHealth(client: ServiceClient<unknown>, signal: AbortSignal): Promise<Health | undefined> {
    const abort = new AbortController();
    const end = () => abort.abort();
    const timer = setTimeout(end, this.healthConfig.timeout);
    signal.addEventListener("abort", end, { once: true });
    const late = new Promise<undefined>((resolve) =>
      abort.signal.addEventListener("abort", () => resolve(undefined), { once: true }),
    );
    try {
      const context = { signal: abort.signal, operationId: "", idempotencyKey: "", traceparent: "" };
      const asked = (client.withCall?.(context) ?? client) as ServiceClient<unknown>;
      return (await Promise.race([late, asked.healthCheck?.()])) ?? undefined;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }
}
