// Generated from segno.yaml by `npm run generate`; not to be edited.
export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, the newest first */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings as they count, and where each comes from; secrets are masked */
        get: operations["effectiveSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs that stand at a failed step, the newest first */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/give-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the runs of a group up */
        post: operations["giveUpDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs that stand, grouped by what went wrong where */
        get: operations["listDeadLetterGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages of streams that could start no run, the newest first */
        get: operations["listRefusedMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The refused message's id */
                id: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        /** One message, with why it was refused */
        get: operations["getRefusedMessage"];
        put?: never;
        post?: never;
        /** Drop a message for good */
        delete: operations["dropRefusedMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Handle a message again */
        post: operations["retryRefusedMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/messages/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Handle the oldest messages again, 500 at most */
        post: operations["retryRefusedMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry the runs of a group */
        post: operations["retryDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest of the events that were published, the oldest of them first */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All keys that were made, the revoked ones too, without the keys themselves */
        get: operations["listKeys"];
        put?: never;
        /** Make a key; it is shown this once */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key for good */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The figures of the node, for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All orchestrations, and what is wrong with their files */
        get: operations["listOrchestrations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An orchestration with its source and versions */
        get: operations["getOrchestration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an orchestration start no more runs */
        post: operations["disableOrchestration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an orchestration start runs again */
        post: operations["enableOrchestration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations/{name}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run
         * @description Answers when the run is on disk, or, with `wait`, when it has ended or stands, or the time is over. `Prefer: respond-async` takes the wait away.
         */
        post: operations["startRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The source of one version */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orchestrations/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is wrong with a text, without loading it */
        post: operations["validateRoutes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/peers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The other instances that are told of what is registered here */
        get: operations["listPeers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/redis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How Redis is, and how far the streams are read */
        get: operations["redis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/routes/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The file's path below the routes' directory, such as `orders/order.camel.yaml`, with its slashes */
                path: string;
            };
            cookie?: never;
        };
        /** The text of a file */
        get: operations["readRouteFile"];
        /** Make a file, or put another text in its place */
        put: operations["saveRouteFile"];
        post?: never;
        /**
         * Take a file away
         * @description Its orchestrations start no more runs; those under way go on.
         */
        delete: operations["deleteRouteFile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, the newest first */
        get: operations["listRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A run with its input, output and steps */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/compensate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo what a run that stands has done in its saga */
        post: operations["compensateRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to a run, as it happens
         * @description Server-sent events: `step` for each record, with its number as the event's id; `run` when state or attributes change; `end` when the run has ended or stands. With `Last-Event-ID` the stream goes on behind that record.
         */
        get: operations["followRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a new run that shares the beginning of this one */
        post: operations["forkRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/give-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a run that stands as failed */
        post: operations["giveUpRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a run go on at the step where it stands
         * @description The step keeps its idempotency key. With `dryRun` nothing happens but a look at where the run would go on.
         */
        post: operations["retryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/signals/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signal into a run
         * @description The same `Idempotency-Key` is the same signal, however often it is sent. Its body has at most 256 KiB.
         */
        post: operations["signalRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs of sagas, the newest first */
        get: operations["listSagas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sagas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A saga with its parts */
        get: operations["getSaga"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sagas/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many sagas there are, by state */
        get: operations["sagaStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All schedules */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A schedule with its fires */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fire a schedule for the times of a span that have no fire */
        post: operations["backfillSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a schedule fire no more */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a schedule fire again */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fire a schedule now */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The services that are registered */
        get: operations["listServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/signals/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the signal that one wait waits for
         * @description The token of the wait is the credential; a link with it can be given to somebody who has no other.
         */
        post: operations["signalByToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done in one trace, out of the journal */
        get: operations["getTrace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document as a page to try it out */
        get: operations["swaggerUi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that the page is made of */
        get: operations["swaggerUiFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the node answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same where Prometheus looks first, unless a package has something else there */
        get: operations["figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, with what the loaded packages add to it */
        get: operations["apiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/redoc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document as a page to read */
        get: operations["redoc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/redoc/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that the page is made of */
        get: operations["redocFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accepted: {
            id: string;
            /** @enum {string} */
            state: "ACCEPTED" | "QUEUED" | "RUNNING";
        };
        Attempt: {
            endedAt: components["schemas"]["TimeOrNull"];
            error: components["schemas"]["StepError"];
            number: number;
            startedAt: components["schemas"]["Time"];
        };
        AuditEntry: {
            action: string;
            /** @description Where the caller was */
            address?: string | null;
            after: string | null;
            at: components["schemas"]["Time"];
            before: string | null;
            caller: string;
            /** @description That of this entry and all before it */
            hash?: string | null;
            reason: string | null;
            requestId: string;
            /** @enum {string} */
            result: "BEGUN" | "DONE" | "REFUSED" | "FAILED";
            sequence: number;
            target: string;
        };
        /** @description JSON or text as it is, up to 64 KiB; of others and larger ones, an object with their `kind` and length in `bytes` */
        Body: unknown;
        DeadLetterGroup: {
            count: number;
            errorType: string;
            examples: string[];
            group: string;
            message: string;
            newest: components["schemas"]["Time"];
            oldest: components["schemas"]["Time"];
            orchestration: string;
            step: string | null;
        };
        Edit: {
            at: components["schemas"]["Time"];
            body?: components["schemas"]["Body"];
            retry: number;
            step: string;
            variables?: {
                [key: string]: unknown;
            };
        };
        EditedInput: {
            /** @description The body; text as text, anything else as JSON */
            body?: unknown;
            /** @description Variables of the run, and its attributes with `run.` in front */
            variables?: {
                [key: string]: unknown;
            };
        };
        Error: {
            error: {
                /** @description A stable word for programs */
                code: string;
                /** @description More */
                details?: unknown;
                /** @description The request's id, as in `X-Request-ID` */
                id: string;
                /** @description A sentence for people */
                message: string;
                status: number;
            };
        };
        Event: {
            channel: string;
            correlation_id: string | null;
            event_id: string;
            event_type: string;
            max_replays: number;
            metadata: {
                [key: string]: unknown;
            };
            payload: {
                [key: string]: unknown;
            };
            replay_count: number;
            source_service: string;
            /** @description Seconds since 1970 */
            timestamp: number;
            trace_id: string | null;
        };
        Fire: {
            changedAt: components["schemas"]["Time"];
            fireTime: components["schemas"]["Time"];
            kind: string;
            outcome: string;
            reason: string | null;
            runId: string | null;
        };
        Fork: {
            /** @description The body; text as text, anything else as JSON */
            body?: unknown;
            /** @description The key of the first step that is not shared, such as `chunks[3]/schedule` */
            from: string;
            variables?: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            version?: "same" | "newest";
        };
        GroupResults: {
            group: string;
            /** @description Whether and how much is left for another call */
            left: unknown;
            results: {
                done: boolean;
                id: string;
                /** @description Why it was not done */
                refused: string | null;
            }[];
        };
        Key: {
            createdAt: components["schemas"]["Time"];
            createdBy: string;
            expiresAt: components["schemas"]["TimeOrNull"];
            id: string;
            /** @description Whether it is good now */
            live: boolean;
            name: string;
            /** @description How the key begins */
            prefix: string;
            revokedAt: components["schemas"]["TimeOrNull"];
            role: string;
            scope: components["schemas"]["KeyScope"];
        };
        /** @description `all`, or the names of the orchestrations that the key is good for */
        KeyScope: "all" | string[];
        MessageResult: {
            done: boolean;
            id: string;
            /** @description Why it is still there */
            refused: string | null;
        };
        /** @description Where the next page begins; null at the end */
        NextCursor: string | null;
        Orchestration: {
            source: string | null;
            versions: {
                current: boolean;
                version: string;
            }[];
        } & components["schemas"]["OrchestrationFields"];
        OrchestrationFields: {
            enabled: boolean;
            file: string;
            loadedAt: string;
            name: string;
            problems: components["schemas"]["Problems"];
            /**
             * @description Outdated when an older text serves because the one on disk does not load
             * @enum {string}
             */
            state: "CURRENT" | "OUTDATED";
            version: string | null;
        };
        OrchestrationSummary: components["schemas"]["OrchestrationFields"];
        Peer: {
            last_contact: components["schemas"]["TimeOrNull"];
            last_error: string | null;
            /** @enum {string} */
            status: "up" | "down" | "unknown";
            url: string;
        };
        Problems: {
            advice: string;
            column: number;
            file: string;
            line: number;
            severity: string;
            what: string;
        }[];
        RefusedMessage: {
            at: components["schemas"]["Time"];
            deliveries: number;
            errorType: string;
            fields: {
                [key: string]: string;
            };
            group: string;
            id: string;
            message: string | null;
            /** @description The entry's id in its stream */
            messageId: string;
            retries: number;
            /** @description The stream */
            source: string;
            /** @description Where it was refused */
            step: string;
        };
        Rehearsal: {
            /** @description How the journal differs from what the version does */
            difference?: string[];
            unknown?: string;
            version: string;
            /** @description Key of the step; null at the end */
            wouldGoOnAt?: string | null;
        };
        Run: {
            /** @description Runs that went on as one another, the first one first */
            chain?: string[];
            /** @description Of the request that started it; its own id where that had none */
            correlationId: string;
            edits?: components["schemas"]["Edit"][];
            forks?: string[];
            input: components["schemas"]["Body"];
            output: components["schemas"]["Body"];
            parent?: {
                kind: string;
                run: string;
                step: string;
            };
            steps: components["schemas"]["Step"][];
            /** @description Of its spans, 32 hexadecimal digits */
            traceId: string;
            versions?: components["schemas"]["VersionChange"][];
            waiting?: {
                key: string;
                /** @description The child run that is waited for */
                run: string | null;
                signal: string | null;
                since: components["schemas"]["Time"];
                until: components["schemas"]["TimeOrNull"];
            };
        } & components["schemas"]["RunFields"];
        RunFields: {
            attributes: {
                [key: string]: unknown;
            } | null;
            createdAt: components["schemas"]["Time"];
            endedAt: components["schemas"]["TimeOrNull"];
            error: components["schemas"]["StepError"];
            id: string;
            orchestration: string;
            retries: number;
            startedAt: components["schemas"]["TimeOrNull"];
            state: components["schemas"]["RunState"];
            version: string;
        };
        /** @enum {string} */
        RunState: "QUEUED" | "RUNNING" | "WAITING" | "PARKED" | "BLOCKED" | "COMPENSATING" | "COMPLETED" | "FAILED" | "CANCELLED" | "COMPENSATED";
        RunSummary: components["schemas"]["RunFields"];
        Saga: {
            parts: {
                begunAt: components["schemas"]["Time"];
                key: string;
                options: {
                    [key: string]: unknown;
                } | null;
                state: string;
                undoneAt: components["schemas"]["TimeOrNull"];
            }[];
        } & components["schemas"]["SagaFields"];
        SagaFields: {
            /** @description Whether its compensation stands */
            stuck: boolean;
        } & components["schemas"]["RunFields"];
        SagaSummary: components["schemas"]["SagaFields"];
        SavedFile: {
            etag: string;
            file: string;
            orchestration?: string | null;
            problems: components["schemas"]["Problems"];
            version?: string | null;
        };
        Schedule: {
            lastFires: components["schemas"]["Fire"][];
            nextFires: components["schemas"]["Time"][];
        } & components["schemas"]["ScheduleFields"];
        ScheduleFields: {
            cron: string;
            lastFire: components["schemas"]["Fire"] | null;
            misfire: string;
            name: string;
            nextFire: components["schemas"]["TimeOrNull"];
            overlap: string;
            paused: boolean;
            zone: string;
        };
        ScheduleSummary: components["schemas"]["ScheduleFields"];
        Service: {
            base_url: string;
            endpoints: Record<string, never>[];
            metadata: Record<string, never>;
            name: string;
            openapi_url: string | null;
            /** @description The instance where it was registered last, `self` for this one */
            origin: string;
            registered_at: components["schemas"]["Time"];
        };
        Span: {
            /**
             * Format: date-time
             * @description With an offset; it belongs to the span
             */
            from: string;
            /**
             * Format: date-time
             * @description With an offset
             */
            to: string;
        };
        /** @enum {string} */
        SpanStatus: "started" | "in_progress" | "completed" | "failed" | "timeout";
        Step: {
            attempts: components["schemas"]["Attempt"][];
            endedAt: components["schemas"]["TimeOrNull"];
            error?: components["schemas"]["StepError"];
            key: string;
            /** @description What it is if it is no step of the route */
            kind?: string;
            nextAttemptAt?: components["schemas"]["Time"];
            output?: components["schemas"]["Body"];
            startedAt: components["schemas"]["TimeOrNull"];
            /** @enum {string} */
            state: "COMPLETED" | "HANDLED" | "RUNNING" | "WAITING" | "FAILED";
            timedOut?: boolean;
        };
        StepError: {
            message: string | null;
            /** @description Key of the step that failed */
            step: string | null;
            type: string;
        } | null;
        StreamState: {
            failed: number;
            group: string;
            lastLoss?: {
                at: components["schemas"]["Time"];
                lastId: string;
            };
            /** @description How often the stream or its group was gone */
            losses: number;
            owner: string;
            refused: number;
            settled: number;
            status: string;
            stream: string;
            why: string | null;
        };
        /** Format: date-time */
        Time: string;
        /** Format: date-time */
        TimeOrNull: string | null;
        Trace: {
            duration_ms: number;
            /** @constant */
            found: true;
            spans: {
                /** @description Seconds */
                duration: number | null;
                /** @description Seconds since 1970 */
                end_time: number | null;
                error: string | null;
                logs: unknown[];
                operation_name: string;
                parent_span_id: string | null;
                service_name: string;
                span_id: string;
                /** @description Seconds since 1970 */
                start_time: number;
                status: components["schemas"]["SpanStatus"];
                tags: {
                    [key: string]: unknown;
                };
                trace_id: string;
            }[];
            status: components["schemas"]["SpanStatus"];
            trace_id: string;
        };
        Version: {
            current: boolean;
            file: string;
            firstLoadedAt: components["schemas"]["Time"];
            name: string;
            source: string | null;
            version: string;
        };
        VersionChange: {
            at: components["schemas"]["Time"];
            from: string;
            retry: number;
            to: string;
        };
    };
    responses: {
        /** @description The file is not the one that the caller has seen */
        Changed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It does not fit the present state */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The run has ended and takes no signals */
        Ended: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The caller's role is not enough */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The request is not as described; the details say where */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The input cannot be taken */
        InvalidInput: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The text is no good route file; the details have its `problems` */
        InvalidRoutes: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no such thing */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The orchestration */
        Orchestration: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Orchestration"];
            };
        };
        /** @description The page */
        Page: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
            };
        };
        /** @description The file */
        PagePart: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "*/*": string;
            };
        };
        /** @description `If-Match` or `If-None-Match` must say what is changed */
        PreconditionNeeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The run */
        Run: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Run"];
            };
        };
        /** @description A page of runs */
        Runs: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    nextCursor: components["schemas"]["NextCursor"];
                    runs: components["schemas"]["RunSummary"][];
                };
            };
        };
        /** @description The schedule */
        Schedule: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Schedule"];
            };
        };
        /** @description The signal is on disk */
        Signalled: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @description What became of it */
                    outcome: string;
                    runId: string;
                    signal: string;
                };
            };
        };
        /** @description The body is too large */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description No credential, or one that nobody knows */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Nothing can be recorded at the moment; `Retry-After` says when to try again */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        /** @description The `nextCursor` of an earlier page */
        cursor: string;
        file: string;
        /** @description The same key is the same request, however often it is sent */
        idempotencyKey: string;
        /** @description The `ETag` of the text that is to be changed */
        ifMatch: string;
        /** @description Rows of a page */
        limit: number;
        /** @description The refused message's id */
        messageId: string;
        /** @description Only those of one orchestration */
        orchestration: string;
        /** @description The orchestration's name */
        orchestrationName: string;
        /** @description The run's id */
        runId: string;
        /** @description The schedule's name */
        schedule: string;
        /** @description Only those in one state */
        state: components["schemas"]["RunState"];
    };
    requestBodies: {
        Group: {
            content: {
                "application/json": {
                    /** @description The `group` of one of GET /api/dead-letters/groups */
                    group: string;
                };
            };
        };
        /** @description Any JSON, or nothing */
        Input: {
            content: {
                "application/json": unknown;
            };
        };
        /** @description Camel's YAML, of at most 1 MB */
        RouteFile: {
            content: {
                "application/yaml": string;
            };
        };
    };
    headers: {
        /** @description Fingerprint of the text */
        ETag: string;
        /** @description Path of the run */
        RunLocation: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAuditEntries: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of an earlier page */
                cursor?: string;
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    effectiveSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings by their names */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: {
                            /** @description Of secrets; that there is one */
                            set?: boolean;
                            /** @enum {string} */
                            source: "env" | "file" | "default" | "secret" | "argument";
                            value: string;
                        };
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of an earlier page */
                cursor?: components["parameters"]["cursor"];
                /** @description The type of the error */
                errorType?: string;
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
                /** @description Only those of one orchestration */
                orchestration?: components["parameters"]["orchestration"];
                /** @description The id of the step at which they stand */
                step?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Runs"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    giveUpDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Group"];
        responses: {
            /** @description What became of each run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupResults"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeadLetterGroups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        groups: components["schemas"]["DeadLetterGroup"][];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    listRefusedMessages: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of an earlier page */
                cursor?: components["parameters"]["cursor"];
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
                /** @description Only those of one stream */
                source?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: components["schemas"]["RefusedMessage"][];
                        nextCursor: components["schemas"]["NextCursor"];
                        total: number;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    getRefusedMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The refused message's id */
                id: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusedMessage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    dropRefusedMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The refused message's id */
                id: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        dropped: true;
                        id: string;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryRefusedMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The refused message's id */
                id: components["parameters"]["messageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageResult"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryRefusedMessages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Only those of one stream */
                    source?: string;
                };
            };
        };
        responses: {
            /** @description What became of each message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Messages that are still there */
                        left: number;
                        results: components["schemas"]["MessageResult"][];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Group"];
        responses: {
            /** @description What became of each run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupResults"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Only those of one correlation */
                correlationId?: string;
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
                /** @description Only those of one type */
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                        events: components["schemas"]["Event"][];
                        /** @description How many there are without the limit */
                        total: number;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: components["schemas"]["Key"][];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A length of time
                     * @example 90d
                     */
                    expiresIn?: string;
                    name: string;
                    /** @enum {string} */
                    role: "viewer" | "submitter" | "operator" | "editor" | "admin" | "peer";
                    scope?: components["schemas"]["KeyScope"];
                };
            };
        };
        responses: {
            /** @description The key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: string;
                    } & components["schemas"]["Key"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One figure a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    listOrchestrations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The orchestrations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        orchestrations: components["schemas"]["OrchestrationSummary"][];
                        problems: components["schemas"]["Problems"];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    getOrchestration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The orchestration's name */
                name: components["parameters"]["orchestrationName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Orchestration"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    disableOrchestration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The orchestration's name */
                name: components["parameters"]["orchestrationName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Orchestration"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    enableOrchestration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The orchestration's name */
                name: components["parameters"]["orchestrationName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Orchestration"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    startRun: {
        parameters: {
            query?: {
                /**
                 * @description How long to wait for the end, from 0s to 5m; a number without a unit is milliseconds
                 * @example 30s
                 */
                wait?: string;
            };
            header?: {
                /** @description The same key is the same request, however often it is sent */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /** @description The orchestration's name */
                name: components["parameters"]["orchestrationName"];
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Input"];
        responses: {
            /** @description The run has ended, or stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The run is on disk and goes on */
            202: {
                headers: {
                    Location: components["headers"]["RunLocation"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `busy`: the orchestration runs one at a time, and one is under way; `key-conflict`: the key was used with another input. The details have the `runId` of the other run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidInput"];
            /** @description Too many runs of this kind were started or are queued; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: components["responses"]["Unavailable"];
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The orchestration's name */
                name: components["parameters"]["orchestrationName"];
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    validateRoutes: {
        parameters: {
            query?: {
                /** @description What the text would be called, below the routes' directory */
                path?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["RouteFile"];
        responses: {
            /** @description Nothing is wrong; there may be advice */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        problems: components["schemas"]["Problems"];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRoutes"];
        };
    };
    listPeers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The peers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                        details: components["schemas"]["Peer"][];
                        peers: string[];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    redis: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state; `up` is null as long as nobody has asked the server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        configured: boolean;
                        refusedMessages: number;
                        server: string | null;
                        streams: components["schemas"]["StreamState"][];
                        up: boolean | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    readRouteFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the text that the caller has */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The file's path below the routes' directory, such as `orders/order.camel.yaml`, with its slashes */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description The caller has it */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    saveRouteFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the text that is to be changed */
                "If-Match"?: components["parameters"]["ifMatch"];
                /** @description `*` to make a file that is not there yet */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The file's path below the routes' directory, such as `orders/order.camel.yaml`, with its slashes */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["RouteFile"];
        responses: {
            /** @description The text is in force */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedFile"];
                };
            };
            /** @description The file was made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedFile"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRoutes"];
            428: components["responses"]["PreconditionNeeded"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteRouteFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the text that is to be changed */
                "If-Match"?: components["parameters"]["ifMatch"];
            };
            path: {
                /** @description The file's path below the routes' directory, such as `orders/order.camel.yaml`, with its slashes */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        file: string;
                        problems: components["schemas"]["Problems"];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Changed"];
            422: components["responses"]["InvalidRoutes"];
            428: components["responses"]["PreconditionNeeded"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of an earlier page */
                cursor?: components["parameters"]["cursor"];
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
                /** @description Only those of one orchestration */
                orchestration?: components["parameters"]["orchestration"];
                /** @description Only runs that were started then or later, such as 2026-01-02T00:00:00Z */
                since?: string;
                /** @description Only those in one state */
                state?: components["parameters"]["state"];
                /** @description Only runs that were started before that */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Runs"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Run"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    cancelRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Run"];
            /** @description The step under way is finished and recorded first */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    compensateRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Run"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    followRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was received */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream; it ends after `end` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    forkRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Fork"];
            };
        };
        responses: {
            /** @description The new run */
            201: {
                headers: {
                    Location: components["headers"]["RunLocation"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidInput"];
            503: components["responses"]["Unavailable"];
        };
    };
    giveUpRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Run"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryRun: {
        parameters: {
            query?: {
                dryRun?: boolean;
                /** @description Whether the run stays with its version, or takes the newest */
                version?: "same" | "newest";
            };
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        /** @description What the step is entered with instead */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EditedInput"];
            };
        };
        responses: {
            /** @description The run, or with `dryRun` what the retry would come to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"] | components["schemas"]["Rehearsal"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidInput"];
            503: components["responses"]["Unavailable"];
        };
    };
    signalRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key is the same request, however often it is sent */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Input"];
        responses: {
            202: components["responses"]["Signalled"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["Ended"];
            413: components["responses"]["TooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSagas: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of an earlier page */
                cursor?: components["parameters"]["cursor"];
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
                /** @description Only those in one state */
                state?: components["parameters"]["state"];
                /** @description Only those whose compensation stands */
                stuck?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sagas */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextCursor: components["schemas"]["NextCursor"];
                        sagas: components["schemas"]["SagaSummary"][];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    getSaga: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run's id */
                id: components["parameters"]["runId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The saga */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saga"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    sagaStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        states: {
                            [key: string]: number;
                        };
                        stuck: number;
                        total: number;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        schedules: components["schemas"]["ScheduleSummary"][];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    getSchedule: {
        parameters: {
            query?: {
                /** @description Rows of a page */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @description The schedule's name */
                name: components["parameters"]["schedule"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Schedule"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    backfillSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The schedule's name */
                name: components["parameters"]["schedule"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Span"];
            };
        };
        responses: {
            /** @description What is being fired */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Times that had a fire */
                        already: number;
                        /** @description Fires that were begun */
                        firing: number;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The schedule's name */
                name: components["parameters"]["schedule"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Schedule"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The schedule's name */
                name: components["parameters"]["schedule"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Schedule"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The schedule's name */
                name: components["parameters"]["schedule"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the fire */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fire"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            /** @description The route of the schedule failed */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: components["responses"]["Unavailable"];
            /** @description The route of the schedule is still at it */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listServices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                        services: components["schemas"]["Service"][];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    signalByToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Input"];
        responses: {
            202: components["responses"]["Signalled"];
            400: components["responses"]["Invalid"];
            /** @description The token is good for no wait that is open */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            410: components["responses"]["Ended"];
            413: components["responses"]["TooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    getTrace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a trace, of a correlation, or of a run */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    swaggerUi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Page"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    swaggerUiFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: components["parameters"]["file"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PagePart"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
        };
    };
    figures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One figure a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    apiDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    redoc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Page"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
        };
    };
    redocFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: components["parameters"]["file"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PagePart"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
        };
    };
}
