import { useCallback, useEffect, useRef, useState } from "react";
import { messageOf } from "./errors.js";
import { serviceOrchestrator } from "./factory.js";
import type {
  CollaborationData,
  DocumentProcessingData,
  NewUser,
  OnboardingData,
  OperationResult,
  Orchestrator,
  SearchData,
  SystemHealthCheck,
} from "./types.js";

export interface UseOrchestrator {
  /** Whether any call is under way. */
  isLoading: boolean;
  /** What went wrong with the last call that ended; null when it went well, or another one has begun. */
  error: string | null;
  onboardUser(user: NewUser): Promise<OnboardingData | null>;
  processDocument(
    documentId: string,
    workflowId: string,
    notifyUsers?: string[],
  ): Promise<DocumentProcessingData | null>;
  searchAndTrigger(query: string, triggerWorkflows?: boolean, notifyUsers?: string[]): Promise<SearchData | null>;
  setupCollaboration(
    documentId: string,
    participantEmails: string[],
    workflowTemplate?: string,
  ): Promise<CollaborationData | null>;
  health(): Promise<SystemHealthCheck>;
  orchestrator: Orchestrator;
}

/** The operations for a component, with what it shows meanwhile. Its functions stay the same. */
export function useOrchestrator(orchestrator: Orchestrator = serviceOrchestrator): UseOrchestrator {
  const [running, setRunning] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const mounted = useRef(true);

  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const call = useCallback(async <T>(work: () => Promise<OperationResult<T>>): Promise<T | null> => {
    const ifMounted = (change: () => void) => {
      if (mounted.current) {
        change();
      }
    };
    ifMounted(() => {
      setRunning((count) => count + 1);
      setError(null);
    });
    try {
      const result = await work();
      if (result.success) {
        return result.data ?? null;
      }
      ifMounted(() => setError(result.error ?? "Operation failed"));
      return null;
    } catch (thrown) {
      ifMounted(() => setError(thrown instanceof Error ? messageOf(thrown) : "Unknown error"));
      return null;
    } finally {
      ifMounted(() => setRunning((count) => count - 1));
    }
  }, []);

  return {
    isLoading: running > 0,
    error,
    onboardUser: useCallback((user) => call(() => orchestrator.onboardNewUser(user)), [call, orchestrator]),
    processDocument: useCallback(
      (documentId, workflowId, notifyUsers) =>
        call(() => orchestrator.processDocumentWithAI(documentId, workflowId, notifyUsers)),
      [call, orchestrator],
    ),
    searchAndTrigger: useCallback(
      (query, triggerWorkflows, notifyUsers) =>
        call(() => orchestrator.searchAndTriggerWorkflows(query, triggerWorkflows, notifyUsers)),
      [call, orchestrator],
    ),
    setupCollaboration: useCallback(
      (documentId, participantEmails, workflowTemplate) =>
        call(() => orchestrator.setupCollaborativeWorkspace(documentId, participantEmails, workflowTemplate)),
      [call, orchestrator],
    ),
    health: useCallback(() => orchestrator.performHealthCheck(), [orchestrator]),
    orchestrator,
  };
}
