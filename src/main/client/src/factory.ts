import {
  HttpCommunicationClient,
  HttpContentClient,
  HttpIdentityClient,
  HttpWorkflowClient,
} from "./clients.js";
import { environment } from "./config.js";
import { Session, type Fetch } from "./http.js";
import { RemoteOrchestrator } from "./remote-orchestrator.js";
import { ServiceOrchestrator } from "./service-orchestrator.js";
import type {
  CommunicationClient,
  ContentClient,
  HealthConfig,
  IdentityClient,
  Orchestrator,
  OrchestratorConfig,
  ServiceName,
  Texts,
  WorkflowClient,
} from "./types.js";

const DEFAULT_URL = "http://localhost:8080";

/** Where everything is. What is said here comes before what is in the environment. */
export interface ConnectionOptions {
  /** Address of our server: operations are runs there. Also VITE_ORCHESTRATOR_URL. */
  orchestratorUrl?: string;
  /** A key of our server. */
  apiKey?: string;
  /** Address of the identity service; `apiUrl` unless said. Also VITE_KONG_URL, then VITE_API_URL. */
  identityUrl?: string;
  /** Address of the services or of the gateway. Also VITE_API_URL. */
  apiUrl?: string;
  /** Addresses of single services, before the others. */
  serviceUrls?: Partial<Record<ServiceName, string>>;
  /** Where the health of each is asked for, behind a gateway. */
  healthUrls?: Partial<Record<ServiceName, string>>;
  /** The tokens of a session that has begun elsewhere. */
  accessToken?: string;
  refreshToken?: string;
  /** What users are told, in local mode; on the server that is a setting of the server. */
  texts?: Partial<Texts>;
  fetch?: Fetch;
}

/** An orchestrator on the server where the address of one is known, else one in the caller. */
export function createServiceOrchestrator(
  config: Partial<OrchestratorConfig> & ConnectionOptions = {},
  healthConfig?: Partial<HealthConfig>,
): Orchestrator {
  const url = config.orchestratorUrl ?? environment("VITE_ORCHESTRATOR_URL");
  if (url !== undefined) {
    return new RemoteOrchestrator({ url, apiKey: config.apiKey, fetch: config.fetch }, config, healthConfig);
  }
  const api = config.apiUrl ?? environment("VITE_API_URL") ?? DEFAULT_URL;
  const identity =
    config.identityUrl ?? config.apiUrl ?? environment("VITE_KONG_URL") ?? environment("VITE_API_URL") ?? DEFAULT_URL;
  const session = new Session({ accessToken: config.accessToken, refreshToken: config.refreshToken });
  const options = (service: ServiceName, otherwise: string) => ({
    baseUrl: config.serviceUrls?.[service] ?? otherwise,
    healthUrl: config.healthUrls?.[service],
    session,
    fetch: config.fetch,
  });
  return new ServiceOrchestrator(
    new HttpIdentityClient(options("identity", identity)),
    new HttpCommunicationClient(options("communication", api)),
    new HttpContentClient(options("content", api)),
    new HttpWorkflowClient(options("workflow", api)),
    config,
    healthConfig,
  );
}

/** An orchestrator in the caller, with clients of one's own. */
export function createCustomOrchestrator(
  identity: IdentityClient,
  communication: CommunicationClient,
  content: ContentClient,
  workflow: WorkflowClient,
  config?: Partial<OrchestratorConfig> & { texts?: Partial<Texts> },
  healthConfig?: Partial<HealthConfig>,
): ServiceOrchestrator {
  return new ServiceOrchestrator(identity, communication, content, workflow, config, healthConfig);
}

let usual: Orchestrator | undefined;

/** The usual orchestrator, made when it is used first: who only imports it starts nothing. */
export const serviceOrchestrator: Orchestrator = new Proxy({} as Orchestrator, {
  get(_target, name) {
    usual ??= createServiceOrchestrator();
    const value: unknown = Reflect.get(usual, name, usual);
    return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(usual) : value;
  },
});
