import { call, Session, type Fetch, type HttpRequest, type Tokens } from "./http.js";
import type {
  CallContext,
  CommunicationClient,
  ContentClient,
  Conversation,
  Document,
  IdentityClient,
  NewNotification,
  NewUser,
  Notification,
  SearchResults,
  User,
  Workflow,
  WorkflowClient,
  WorkflowExecution,
} from "./types.js";

export interface ClientOptions {
  /** Address of the service, or of the gateway before it, without a path. */
  baseUrl: string;
  /** Where its health is asked for; `/health` below the address unless said. */
  healthUrl?: string | undefined;
  /** Milliseconds for one request. */
  timeout?: number | undefined;
  session?: Session | undefined;
  fetch?: Fetch | undefined;
}

/** What the clients of the four services have in common. */
abstract class HttpClient<Self> {
  readonly session: Session;
  private callContext: CallContext | undefined;

  constructor(
    protected readonly options: ClientOptions,
    private readonly usualTimeout: number,
  ) {
    this.session = options.session ?? new Session();
  }

  withCall(context: CallContext): Self {
    const copy = Object.create(this) as this;
    copy.callContext = context;
    return copy as unknown as Self;
  }

  async healthCheck(): Promise<{ status: string; service?: string; version?: string }> {
    const health = new URL(this.options.healthUrl ?? `${this.options.baseUrl.replace(/\/$/, "")}/health`);
    return (await this.send({ method: "GET", path: health.pathname, open: true }, health.origin)) as {
      status: string;
    };
  }

  protected async send(request: HttpRequest, baseUrl = this.options.baseUrl): Promise<unknown> {
    return call(
      {
        baseUrl,
        timeout: this.options.timeout ?? this.usualTimeout,
        session: this.session,
        fetch: this.options.fetch,
        call: this.callContext,
      },
      request,
    );
  }
}

export class HttpIdentityClient extends HttpClient<IdentityClient> implements IdentityClient {
  constructor(options: ClientOptions) {
    super(options, 10_000);
    this.session.renew ??= async (refreshToken) => {
      const granted = (await this.send({
        method: "POST",
        path: "/api/v1/auth/refresh",
        body: { refresh_token: refreshToken },
        open: true,
      })) as { access_token?: string; refresh_token?: string };
      if (typeof granted?.access_token !== "string") {
        throw new Error("The identity service gave no new token");
      }
      return this.tokensOf(granted);
    };
  }

  register(user: NewUser): Promise<unknown> {
    return this.send({ method: "POST", path: "/api/v1/auth/register", body: user, open: true });
  }

  async login(credentials: { email: string; password: string }): Promise<{ user?: User; [field: string]: unknown }> {
    const session = (await this.send({
      method: "POST",
      path: "/api/v1/auth/login",
      body: credentials,
      open: true,
    })) as { user?: User; access_token?: string; refresh_token?: string };
    this.session.tokens = this.tokensOf(session);
    return session;
  }

  async getCurrentUser(): Promise<User> {
    return (await this.send({ method: "GET", path: "/api/v1/auth/me" })) as User;
  }

  async getUserByEmail(email: string): Promise<User | undefined> {
    const users = (await this.send({ method: "GET", path: "/api/v1/users", query: { email } })) as User[];
    return users[0];
  }

  private tokensOf(granted: { access_token?: string; refresh_token?: string }): Tokens {
    const tokens: Tokens = {};
    if (granted?.access_token !== undefined) {
      tokens.accessToken = granted.access_token;
    }
    if (granted?.refresh_token !== undefined) {
      tokens.refreshToken = granted.refresh_token;
    }
    return tokens;
  }
}

export class HttpCommunicationClient extends HttpClient<CommunicationClient> implements CommunicationClient {
  constructor(options: ClientOptions) {
    super(options, 10_000);
  }

  async createNotification(notification: NewNotification): Promise<Notification> {
    return (await this.send({ method: "POST", path: "/api/v1/notifications", body: notification })) as Notification;
  }

  async getNotifications(): Promise<Notification[]> {
    return (await this.send({ method: "GET", path: "/api/v1/notifications" })) as Notification[];
  }

  async createConversation(conversation: { name?: string; participants: string[] }): Promise<Conversation> {
    return (await this.send({ method: "POST", path: "/api/v1/conversations", body: conversation })) as Conversation;
  }
}

export class HttpContentClient extends HttpClient<ContentClient> implements ContentClient {
  constructor(options: ClientOptions) {
    super(options, 30_000);
  }

  async getDocuments(limit?: number, offset?: number, filters?: Record<string, unknown>): Promise<Document[]> {
    const answer = await this.send({
      method: "GET",
      path: "/api/v1/documents",
      query: { limit, offset, ...filters },
    });
    // Some services wrap the list.
    return (Array.isArray(answer) ? answer : ((answer as { documents?: unknown })?.documents ?? [])) as Document[];
  }

  async searchDocuments(search: {
    query: string;
    limit: number;
    sort_by: string;
    sort_order: string;
  }): Promise<SearchResults> {
    return (await this.send({ method: "POST", path: "/api/v1/search", body: search })) as SearchResults;
  }
}

export class HttpWorkflowClient extends HttpClient<WorkflowClient> implements WorkflowClient {
  constructor(options: ClientOptions) {
    super(options, 60_000);
  }

  async getWorkflows(limit?: number, offset?: number, status?: string): Promise<Workflow[]> {
    return (await this.send({
      method: "GET",
      path: "/api/v1/workflows",
      query: { limit, offset, status },
    })) as Workflow[];
  }

  async getWorkflow(id: string): Promise<Workflow> {
    return (await this.send({ method: "GET", path: `/api/v1/workflows/${encodeURIComponent(id)}` })) as Workflow;
  }

  async executeWorkflow(
    id: string,
    request: { input_data: Record<string, unknown>; execution_mode: string },
  ): Promise<WorkflowExecution> {
    return (await this.send({
      method: "POST",
      path: `/api/v1/workflows/${encodeURIComponent(id)}/execute`,
      body: request,
    })) as WorkflowExecution;
  }
}
