export * from "./types.js";
export { DEFAULT_CONFIG, DEFAULT_HEALTH_CONFIG, DEFAULT_TEXTS } from "./config.js";
export { ServiceError } from "./errors.js";
export { Session, type Tokens } from "./http.js";
export {
  HttpCommunicationClient,
  HttpContentClient,
  HttpIdentityClient,
  HttpWorkflowClient,
  type ClientOptions,
} from "./clients.js";
export { ServiceOrchestrator } from "./service-orchestrator.js";
export { RemoteOrchestrator, type ServerOptions } from "./remote-orchestrator.js";
export {
  createCustomOrchestrator,
  createServiceOrchestrator,
  serviceOrchestrator,
  type ConnectionOptions,
} from "./factory.js";
export {
  isStanding,
  SegnoClient,
  SegnoError,
  type ApiOperations,
  type OperationId,
  type Run,
  type RunEvent,
  type SegnoClientOptions,
} from "./segno-client.js";
