/** The services that operations call. */
export type ServiceName = "identity" | "communication" | "content" | "workflow";

export interface OrchestratorConfig {
  /** Tries after the first one, of each step; a whole number from 0. */
  retryAttempts: number;
  /** Milliseconds before the second try; doubled each time, at most 30 s. */
  retryDelay: number;
  /** Milliseconds that a whole operation may take; more than 0. */
  timeout: number;
  /** Whether fan-outs go in chunks; otherwise one by one. */
  enableBatching: boolean;
  /** Calls of a chunk, all at the same time; 1 to 1000. */
  batchSize: number;
  /** Whether operations are counted. */
  enableMetrics: boolean;
  /** Whether events are written to the console. */
  enableLogging: boolean;
}

/** What users are told, in words of one's own. */
export interface Texts {
  /** Before the first name of a new user; "Welcome". */
  welcomeTitle: string;
  /** "Your account is ready." */
  welcomeMessage: string;
}

export interface HealthConfig {
  /** Milliseconds between two checks. */
  checkInterval: number;
  /** Milliseconds that a service has for its answer. */
  timeout: number;
  /** Tries after the first one. */
  retryAttempts: number;
  /** Whether services are checked from time to time. */
  enableAlerts: boolean;
}

export interface OperationDetails {
  operationId?: string;
  /** Whether a step failed that the operation can do without. */
  partial: boolean;
  /** How often each step was tried. */
  attempts: Record<string, number>;
  completedSteps: string[];
  /** In server mode: the run that carries the operation out. */
  runId?: string;
  code?: string;
  state?: string;
}

export interface OperationResult<T = unknown> {
  success: boolean;
  data?: T;
  error?: string;
  details?: OperationDetails;
  /** Milliseconds, with fractions. */
  duration?: number;
  /** What went wrong with a service, by its name. */
  serviceErrors?: Partial<Record<ServiceName, string>>;
}

export interface User {
  id: string;
  email: string;
  first_name?: string;
  last_name?: string;
  [field: string]: unknown;
}

export interface Notification {
  id: string;
  type: string;
  title: string;
  message: string;
  [field: string]: unknown;
}

export interface Document {
  id: string;
  title: string;
  content?: unknown;
  [field: string]: unknown;
}

export interface Workflow {
  id: string;
  name?: string;
  status?: string;
  trigger_type?: string;
  trigger_config?: { event_type?: string; [field: string]: unknown };
  [field: string]: unknown;
}

export interface WorkflowExecution {
  id: string;
  workflow_id: string;
  status: string;
  [field: string]: unknown;
}

export interface Conversation {
  id: string;
  name?: string;
  participants: string[];
  [field: string]: unknown;
}

export interface SearchResults {
  documents: Document[];
  total: number;
  [field: string]: unknown;
}

export interface NewUser {
  email: string;
  password: string;
  first_name: string;
  last_name: string;
}

export interface OnboardingData {
  user: User;
  welcomeNotification: Notification | null;
  defaultDocuments: Document[];
  initialWorkflows: Workflow[];
}

export interface DocumentProcessingData {
  document: Document;
  workflow: Workflow;
  execution: WorkflowExecution;
  notifications: Notification[];
}

export interface SearchData {
  searchResults: SearchResults;
  relevantDocuments: Document[];
  notificationsSent: Notification[];
  workflowsTriggered: WorkflowExecution[];
}

export interface CollaborationData {
  document: Document;
  conversation: Conversation;
  participants: User[];
  notifications: Notification[];
  workflow?: WorkflowExecution;
}

export type HealthStatus = "healthy" | "degraded" | "unhealthy" | "unknown";

export interface ServiceHealth {
  status: HealthStatus;
  service: string;
  version: string;
}

export interface SystemHealthCheck extends Record<ServiceName, ServiceHealth> {
  overall: "healthy" | "degraded" | "unhealthy";
  /** ISO 8601. */
  timestamp: string;
}

export interface OrchestratorMetrics {
  totalOperations: number;
  successfulOperations: number;
  failedOperations: number;
  partialOperations: number;
  /** From 0 to 1; 0 when there were none. */
  successRate: number;
  /** Milliseconds. */
  averageOperationTime: number;
  /** Checks in which a service was healthy, in percent. */
  serviceAvailability: Record<ServiceName, number>;
  /** ISO 8601; null before the first one. */
  lastHealthCheck: string | null;
  /** Milliseconds. */
  uptime: number;
}

export type OrchestrationEventType =
  | "operation_start"
  | "operation_complete"
  | "operation_error"
  | "service_health_change";

export interface OrchestrationEvent {
  type: OrchestrationEventType;
  /** ISO 8601. */
  timestamp: string;
  operationId?: string;
  serviceName?: ServiceName;
  data?: unknown;
  error?: string;
}

export type OrchestrationEventListener = (event: OrchestrationEvent) => void;

/** What a call goes with. */
export interface CallContext {
  signal: AbortSignal;
  operationId: string;
  idempotencyKey: string;
  /** W3C trace context: one trace for all calls of an operation. */
  traceparent: string;
}

/** What a client may have in common with the others. Only what a step needs is asked of a client. */
export interface ServiceClient<Self> {
  /** The same client for one call: aborted with the operation, and with its key. */
  withCall?(context: CallContext): Self;
  healthCheck?(): Promise<{ status: string; service?: string; version?: string }>;
}

export interface IdentityClient extends ServiceClient<IdentityClient> {
  register?(user: NewUser): Promise<unknown>;
  login(credentials: { email: string; password: string }): Promise<{ user?: User; [field: string]: unknown }>;
  getCurrentUser?(): Promise<User>;
  getUserByEmail?(email: string): Promise<User | null | undefined>;
}

export interface NewNotification {
  type: "info" | "warning" | "error" | "success";
  title: string;
  message: string;
  recipient_id?: string;
  data?: Record<string, unknown>;
}

export interface CommunicationClient extends ServiceClient<CommunicationClient> {
  createNotification(notification: NewNotification): Promise<Notification>;
  createConversation?(conversation: { name?: string; participants: string[] }): Promise<Conversation>;
}

export interface ContentClient extends ServiceClient<ContentClient> {
  getDocuments(limit?: number, offset?: number, filters?: Record<string, unknown>): Promise<Document[]>;
  searchDocuments(search: { query: string; limit: number; sort_by: string; sort_order: string }): Promise<SearchResults>;
}

export interface WorkflowClient extends ServiceClient<WorkflowClient> {
  getWorkflows(limit?: number, offset?: number, status?: string): Promise<Workflow[]>;
  getWorkflow?(id: string): Promise<Workflow | null | undefined>;
  executeWorkflow(
    id: string,
    request: { input_data: Record<string, unknown>; execution_mode: string },
  ): Promise<WorkflowExecution>;
}

/** The operations and what surrounds them: the same in the caller and on the server. */
export interface Orchestrator {
  onboardNewUser(user: NewUser): Promise<OperationResult<OnboardingData>>;
  processDocumentWithAI(
    documentId: string,
    workflowId: string,
    notifyUsers?: string[],
  ): Promise<OperationResult<DocumentProcessingData>>;
  searchAndTriggerWorkflows(
    query: string,
    triggerWorkflows?: boolean,
    notifyUsers?: string[],
  ): Promise<OperationResult<SearchData>>;
  setupCollaborativeWorkspace(
    documentId: string,
    participantEmails: string[],
    workflowTemplate?: string,
  ): Promise<OperationResult<CollaborationData>>;
  performHealthCheck(): Promise<SystemHealthCheck>;
  getMetrics(): OrchestratorMetrics;
  /** Returns what removes the listener again. */
  addEventListener(listener: OrchestrationEventListener): () => void;
  removeEventListener(listener: OrchestrationEventListener): void;
  updateConfig(changes: Partial<OrchestratorConfig>): void;
  getConfig(): OrchestratorConfig;
  setVerticalContext(context: string): void;
  getVerticalContext(): string;
  setFeatureFlag(name: string, enabled: boolean): void;
  isFeatureEnabled(name: string): boolean;
  /** Ends what is under way, and the orchestrator. */
  dispose(): void;
}
