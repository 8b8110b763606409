// Generated from /openapi.json by `npm run generate:client`. Do not edit it.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Leads browsers to the console, and tells programs where to look */
        get: operations["getRoot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists accounts */
        get: operations["listAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an account */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        /** Erases an account with all its data */
        delete: operations["eraseAccount"];
        options?: never;
        head?: never;
        /** Sets an account's retention, quotas or legal hold */
        patch: operations["changeAccount"];
        trace?: never;
    };
    "/admin/accounts/{account_id}/assistants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists an account's assistants with all settings */
        get: operations["listAccountAssistants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/assistants/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an account's assistant */
        get: operations["getAccountAssistant"];
        /** Sets the account's changes to an assistant */
        put: operations["putAccountAssistant"];
        post?: never;
        /** Resets an assistant to the shipped one */
        delete: operations["resetAccountAssistant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/compact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compacts an account's database */
        post: operations["compactAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to an account's data, and by whom */
        get: operations["listAccountLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/reindex": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Indexes an account's archives and backups in R2 again */
        post: operations["reindexAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/rotate-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Encrypts an account's new archives with a new key */
        post: operations["rotateAccountKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/assistant/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the assistant `admin` */
        post: operations["askAsStaff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/cache": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the caches' hit counts */
        get: operations["getCacheCounts"];
        put?: never;
        post?: never;
        /** Clears the caches, of one account or of all */
        delete: operations["clearCache"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/cache/warm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Searches the configured flights in advance */
        post: operations["warmCache"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/circuit/{circuit}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes the circuit breaker of an outside service */
        post: operations["resetCircuit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/cron-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the crons' last runs, with what failed */
        get: operations["listCronRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists jobs that the queues gave up */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dead-letters/{dead_letter_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Drops a job that was given up */
        delete: operations["dropDeadLetter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dead-letters/{dead_letter_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues a job again that was given up */
        post: operations["retryDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists flags */
        get: operations["listFlags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/flags/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets for which accounts and users a flag is on */
        put: operations["setFlag"];
        post?: never;
        /** Resets a flag to the deployment's var */
        delete: operations["resetFlag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists an account's keys */
        get: operations["listKeys"];
        put?: never;
        /** Issues a key */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a key */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        /** Sets which keys an admin key may issue */
        patch: operations["setKeyGrants"];
        trace?: never;
    };
    "/admin/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces a key with a new one */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the admin log */
        get: operations["listAdminLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads what the deployment is doing: circuits, queues, crons, dead letters */
        get: operations["getOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sweeps every account that is due */
        post: operations["purgeAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts turns by day, assistant or model */
        get: operations["getAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the assistant `customer` */
        post: operations["askAsCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversation/{call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a call as the old schema has it */
        get: operations["getOldCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversation/{call_id}/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a call and its events, under an older name */
        get: operations["getLegacyCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policy-events/{call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a call's policy events, under an older name */
        get: operations["getLegacyPolicyEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/archives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists archived sessions */
        get: operations["listArchives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/archives/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an archived session, as JSON or as lines */
        get: operations["getArchive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/archives/{session_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores an archived session */
        post: operations["restoreArchive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/archives/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores archived sessions */
        post: operations["restoreArchives"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assistants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the assistants */
        get: operations["listAssistants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists backups */
        get: operations["listBackups"];
        put?: never;
        /** Makes a backup, of all sessions or some */
        post: operations["createBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups/{backup_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a backup's manifest */
        get: operations["getBackup"];
        put?: never;
        post?: never;
        /** Deletes a backup */
        delete: operations["deleteBackup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups/{backup_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores sessions of a backup */
        post: operations["restoreBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups/{backup_id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verifies every byte of a backup */
        post: operations["verifyBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists calls */
        get: operations["listCalls"];
        put?: never;
        /** Records a call that was made elsewhere */
        post: operations["writeCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/{call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a call */
        get: operations["getCall"];
        put?: never;
        post?: never;
        /** Erases a call's content for good */
        delete: operations["eraseCall"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/{call_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a call */
        post: operations["completeCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/{call_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a call's request and response, as sent */
        get: operations["listCallEvents"];
        put?: never;
        /** Adds events to a call */
        post: operations["writeCallEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/{call_id}/policy-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a call's policy events */
        get: operations["listPolicyEvents"];
        put?: never;
        /** Adds policy events to a call */
        post: operations["writePolicyEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/{call_id}/window": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads what a model was shown at a call, and why */
        get: operations["getCallWindow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records many calls, one a line */
        post: operations["writeCalls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers a UI message of the AI SDK in a chat, as a UI message stream */
        post: operations["sendChatMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{session_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a chat's newest turns as UI messages */
        get: operations["listChatMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{session_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops the answer in progress; what was said is stored */
        post: operations["stopChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/{session_id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams the answer in progress from its beginning */
        get: operations["resumeChatStream"];
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
        /** This document as a page */
        get: operations["getPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exports sessions, filtered by user, assistant or time */
        get: operations["exportSessions"];
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
        /** Checks that the Worker answers */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/detailed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks storage, R2, queue and models */
        get: operations["getHealthDetailed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Imports sessions */
        post: operations["importSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists imports */
        get: operations["listImports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an import's progress */
        get: operations["getImport"];
        put?: never;
        post?: never;
        /** Undoes an import */
        delete: operations["undoImport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/litellm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records calls from LiteLLM's generic API callback */
        post: operations["ingestLiteLlm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Speaks the Model Context Protocol: conversations and facts as tools */
        post: operations["mcp"];
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
        /** Reads the metrics, as JSON or as text */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/migrations/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets whether calls, old rows or both are written */
        put: operations["setCallsMode"];
        /** Takes rows of conversation_calls, conversation_events, conversation_tool_calls, conversation_judge_decisions, one a line */
        post: operations["uploadOldCalls"];
        /** Deletes the old rows for good */
        delete: operations["dropOldCalls"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/migrations/calls/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes calls of all old rows that were kept */
        post: operations["backfillCalls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/migrations/calls/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compares the calls with their old rows */
        post: operations["compareCalls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/migrations/calls/mismatches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists calls that are not what their old rows say */
        get: operations["listCallMismatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/migrations/calls/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the migration's progress */
        get: operations["getCallsMigration"];
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
        /** This document */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads turns, storage, growth and what is due, at once */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archives due sessions, or with `dry_run` counts them */
        post: operations["purge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a question in an existing or a new session */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the account's retention */
        get: operations["getRetention"];
        /** Sets the retention, or with `dry_run` reports its effect */
        put: operations["putRetention"];
        post?: never;
        /** Resets the retention to the deployment's */
        delete: operations["resetRetention"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Searches messages for words */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists sessions */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a session */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /** Erases a session for good */
        delete: operations["eraseSession"];
        options?: never;
        head?: never;
        /** Changes a session's metadata, facts, pin or legal hold */
        patch: operations["changeSession"];
        trace?: never;
    };
    "/sessions/{session_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archives a session now */
        post: operations["archiveSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a session's messages */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a session's state */
        get: operations["getState"];
        /** Replaces a session's state */
        put: operations["putState"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Merges into a session's state (RFC 7396) */
        patch: operations["patchState"];
        trace?: never;
    };
    "/sessions/{session_id}/turns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a session's turns */
        get: operations["listTurns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists values of a session that were overwritten under a legal hold */
        get: operations["listVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}/window": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads what a model would see of a session, and why */
        get: operations["getWindow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/storage-stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts what the account stores */
        get: operations["getStorageStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Erases all sessions and calls of a user */
        delete: operations["eraseUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exports all data of a user */
        get: operations["exportUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the facts that are known of a user */
        get: operations["listUserFacts"];
        put?: never;
        /** Adds a fact about a user */
        post: operations["addUserFact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}/facts/{fact_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a fact about a user */
        delete: operations["deleteUserFact"];
        options?: never;
        head?: never;
        /** Changes a fact about a user */
        patch: operations["changeUserFact"];
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists stored completions */
        get: operations["listChatCompletions"];
        put?: never;
        /** Answers a conversation whose messages are all sent */
        post: operations["createChatCompletion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions/{completion_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a stored completion */
        get: operations["getChatCompletion"];
        put?: never;
        /** Changes a completion's metadata */
        post: operations["changeChatCompletion"];
        /** Deletes a stored completion */
        delete: operations["deleteChatCompletion"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions/{completion_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a completion's messages */
        get: operations["listChatCompletionMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists conversations */
        get: operations["listConversations"];
        put?: never;
        /** Begins a conversation */
        post: operations["createConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{conversation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a conversation */
        get: operations["getConversation"];
        put?: never;
        /** Changes a conversation's metadata */
        post: operations["changeConversation"];
        /** Erases a conversation */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{conversation_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a conversation's items */
        get: operations["listItems"];
        put?: never;
        /** Adds items to a conversation */
        post: operations["addItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{conversation_id}/items/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an item */
        get: operations["getItem"];
        put?: never;
        post?: never;
        /** Deletes an item */
        delete: operations["deleteItem"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes vectors of texts */
        post: operations["createEmbeddings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the names that `model` takes */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a model */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Opens a WebSocket for responses */
        get: operations["openResponses"];
        put?: never;
        /** Makes a response */
        post: operations["createResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/{response_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a response, or follows it */
        get: operations["getResponse"];
        put?: never;
        post?: never;
        /** Deletes a response */
        delete: operations["deleteResponse"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/{response_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels a background response */
        post: operations["cancelResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/{response_id}/input_items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a response's input items */
        get: operations["listInputItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/compact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compacts a conversation into items to continue with */
        post: operations["compactConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/input_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Estimates the input tokens of a request */
        post: operations["countInputTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whatsapp/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists sent WhatsApp messages with their status */
        get: operations["listWhatsAppMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whatsapp/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Receives a message's status from Twilio */
        post: operations["noteWhatsAppStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whatsapp/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Receives a message from Twilio */
        post: operations["receiveWhatsApp"];
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
        Account: {
            account_id: string;
            archived_sessions: number;
            created_at: string | null;
            hold: string | null;
            jurisdiction: ("eu" | "us") | null;
            last_active_at: string | null;
            next_due_at: string | null;
            /** @constant */
            object: "account";
            quotas: components["schemas"]["Quotas"] | null;
            repairs: {
                complete: boolean;
                session_ids: string[];
                turns: number;
                unreadable: string[];
            } | null;
            retention_days: number | null;
            sessions: number;
            turns: number | null;
        };
        AccountId: string;
        AddItemsBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            items?: components["schemas"]["InputItem"][];
        };
        AddUserFactBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            role?: components["schemas"]["Id"];
            text: string;
        };
        AdminLogEntry: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            details: Record<string, unknown>;
            hash: string;
            /** @constant */
            object: "admin_log_entry";
            seq: number;
            target: string;
        };
        Archive: {
            assistant: string;
            /** Format: date-time */
            created_at: string;
            facts?: string[];
            hold?: string | null;
            /** Format: date-time */
            last_accessed_at: string;
            metadata: {
                [key: string]: string;
            };
            /** @constant */
            object: "archive";
            pinned?: boolean;
            role?: string | null;
            session_id: string;
            state: Record<string, unknown>;
            state_version?: number;
            summary?: Record<string, unknown> | null;
            turns: components["schemas"]["Turn"][];
            user_id: string | null;
        };
        AskAsCustomerBody: {
            account_id?: components["schemas"]["Id"] | null;
            accountId?: components["schemas"]["Id"] | null;
            message: string;
            metadata?: components["schemas"]["Metadata"] | null;
            model?: string | null;
            /**
             * @default queue
             * @enum {string}
             */
            on_busy?: "queue" | "reject";
            role?: components["schemas"]["Id"] | null;
            session_id?: components["schemas"]["Id"] | null;
            state_patch?: components["schemas"]["State"] | null;
            stream?: boolean | null;
            user_id?: components["schemas"]["Id"] | null;
        };
        AskBody: {
            account_id?: components["schemas"]["Id"] | null;
            accountId?: components["schemas"]["Id"] | null;
            assistant?: components["schemas"]["Id"] | null;
            metadata?: components["schemas"]["Metadata"] | null;
            model?: string | null;
            /**
             * @default queue
             * @enum {string}
             */
            on_busy?: "queue" | "reject";
            query: string;
            role?: components["schemas"]["Id"] | null;
            session_id?: components["schemas"]["Id"] | null;
            state_patch?: components["schemas"]["State"] | null;
            stream?: boolean | null;
            user_id?: components["schemas"]["Id"] | null;
        };
        Assistant: {
            cache: boolean;
            idle_seconds: number | null;
            instructions: string | null;
            memory: {
                extract: boolean;
                model: string | null;
            };
            models: string[] | null;
            name: string;
            /** @constant */
            object: "assistant";
            policies: components["schemas"]["Policies"];
            responder: string | null;
            retention_days: number | null;
            roles: string[] | null;
            /** @enum {unknown} */
            scope: "query" | "read" | "manage" | "admin";
            set: string[];
            summary: boolean;
            window: {
                messages: number;
                tokens: number | null;
            };
        };
        AssistantSummary: {
            cache: boolean;
            idle_seconds: number | null;
            memory: {
                extract: boolean;
                model: string | null;
            };
            models: string[] | null;
            name: string;
            /** @constant */
            object: "assistant";
            responder: string | null;
            retention_days: number | null;
            roles: string[] | null;
            /** @enum {unknown} */
            scope: "query" | "read" | "manage" | "admin";
            summary: boolean;
            window: {
                messages: number;
                tokens: number | null;
            };
        };
        Backup: {
            backup_id: string;
            bytes: number;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** @constant */
            object: "backup";
            part_count: number;
            /** @enum {unknown} */
            reason: "request" | "policy";
            session_ids: string[] | null;
            sessions: number;
            skipped: {
                code: string;
                session_id: string;
            }[];
            /** @enum {unknown} */
            status: "running" | "complete" | "incomplete";
            turns: number;
        };
        BackupManifest: {
            backup_id: string;
            bytes: number;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** @constant */
            object: "backup";
            part_count: number;
            parts: {
                bytes: number;
                first_key: number;
                index_offset: number;
                key_id: number | null;
                last_key: number;
                object_key: string;
                part: number;
                sessions: number;
                sha256: string;
                turns: number;
            }[];
            /** @enum {unknown} */
            reason: "request" | "policy";
            session_ids: string[] | null;
            sessions: number;
            skipped: {
                code: string;
                session_id: string;
            }[];
            /** @enum {unknown} */
            status: "running" | "complete" | "incomplete";
            turns: number;
        };
        Call: {
            call_id: string;
            /** Format: date-time */
            created_at: string;
            duration_ms: number | null;
            error: components["schemas"]["TurnError"] | null;
            external: boolean;
            metadata?: Record<string, unknown>;
            missing_chunks?: number[];
            model: string | null;
            /** @constant */
            object: "call";
            /** @enum {unknown} */
            policy_outcome: "allowed" | "modified" | "blocked" | null;
            provider: string | null;
            session_id: string | null;
            /** @enum {unknown} */
            status: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
            usage: components["schemas"]["Usage"] | null;
            user_id: string | null;
        };
        CallEvent: {
            call_id: string;
            /** Format: date-time */
            created_at: string;
            /** @enum {unknown} */
            event_type: "request" | "response" | "chunk";
            id: string;
            /** @constant */
            object: "call.event";
            payload: unknown;
            sequence: number;
        };
        CallMismatch: {
            call_id: string;
            differences: string[];
            /** @constant */
            object: "calls.mismatch";
        };
        CallsMigrationStatus: {
            compared: number;
            compared_at: string | null;
            dropped: boolean;
            first_mismatches: Record<string, unknown>[];
            is_compared: boolean;
            mismatches: number;
            /** @enum {unknown} */
            mode: "old" | "dual" | "new";
            /** @constant */
            object: "calls.migration_status";
            old_calls: number;
            old_rows: number;
            own_turns: boolean;
        };
        CallWindow: {
            assistant: string;
            /** @enum {unknown} */
            basis: "recorded" | "today" | "request";
            call_id: string;
            considered: {
                content: string;
                id: string;
                reason: string;
                role: string;
                shown: boolean;
            }[];
            facts: {
                fact_id: string;
                /** @enum {unknown} */
                state: "kept" | "changed" | "erased";
            }[];
            is_complete: boolean;
            is_same_today: boolean | null;
            limits: {
                messages: number;
                tokens: number | null;
            };
            messages: {
                content: string;
                loads?: Record<string, unknown>[];
                parts?: Record<string, unknown>[];
                role: string;
                tool_call_id?: string;
                tool_calls?: components["schemas"]["ToolCall"][];
            }[];
            /** @constant */
            object: "call.window";
            session_id: string | null;
            shown: number | null;
            /** @enum {unknown} */
            system: "kept" | "lost" | "none";
            tokens: number;
        };
        ChangeAccountBody: {
            hold?: string | null;
            jurisdiction?: ("eu" | "us") | null;
            quotas?: {
                sessions?: number | null;
                stored_bytes?: number | null;
                turns_per_day?: number | null;
            };
            retention_days?: number | null;
        };
        ChangeChatCompletionBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            metadata: components["schemas"]["Metadata"] | null;
        };
        ChangeSessionBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            facts?: string[] | null;
            hold?: string | null;
            metadata?: {
                [key: string]: string | null;
            };
            pinned?: boolean;
        };
        ChangeUserFactBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            text: string;
        };
        ChatCompletion: {
            choices: {
                /** @enum {unknown} */
                finish_reason: "stop" | "length" | "tool_calls" | "content_filter" | "function_call";
                index: number;
                /** @constant */
                logprobs: unknown;
                message: {
                    annotations: Record<string, unknown>[];
                    content: string | null;
                    reasoning_content?: string;
                    refusal: string | null;
                    /** @constant */
                    role: "assistant";
                    tool_calls?: (components["schemas"]["ToolCall"] | components["schemas"]["CustomToolCall"])[];
                };
            }[];
            created: number;
            id: string;
            metadata?: {
                [key: string]: string;
            };
            model: string;
            /** @constant */
            object: "chat.completion";
            /** @constant */
            service_tier: "default";
            usage?: {
                completion_tokens: number;
                completion_tokens_details: {
                    reasoning_tokens: number;
                };
                prompt_tokens: number;
                prompt_tokens_details: {
                    cached_tokens: number;
                };
                total_tokens: number;
            };
        };
        ChatCompletionMessage: {
            content: string | null;
            content_parts: Record<string, unknown>[] | null;
            id: string;
            reasoning_content?: string;
            refusal: string | null;
            /** @enum {unknown} */
            role: "system" | "developer" | "user" | "assistant" | "tool";
            tool_call_id?: string;
            tool_calls?: (components["schemas"]["ToolCall"] | components["schemas"]["CustomToolCall"])[];
        };
        CompactConversationBody: {
            access_programs?: unknown;
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            background_options?: unknown;
            client_metadata?: unknown;
            context_management?: unknown;
            conversation?: (components["schemas"]["Id"] | {
                id: components["schemas"]["Id"];
            }) | null;
            frequency_penalty?: number | null;
            image?: unknown;
            input?: (string | components["schemas"]["InputItem"][]) | null;
            instructions?: string | null;
            max_output_tokens?: number | null;
            max_tool_calls?: number | null;
            model: string;
            moderation?: unknown;
            parallel_tool_calls?: boolean | null;
            personality?: unknown;
            presence_penalty?: number | null;
            previous_response_id?: string | null;
            prompt?: null;
            prompt_cache_key?: string | null;
            prompt_cache_options?: unknown;
            prompt_cache_retention?: unknown;
            reasoning?: {
                context?: unknown;
                effort?: ("none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max") | null;
                generate_summary?: ("auto" | "concise" | "detailed") | null;
                mode?: unknown;
                summary?: ("auto" | "concise" | "detailed") | null;
            } | null;
            safety_identifier?: string | null;
            service_tier?: ("auto" | "default" | "flex" | "fast" | "priority" | "scale") | null;
            temperature?: number | null;
            text?: {
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "json_object";
                } | {
                    description?: string | null;
                    name: string;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                    /** @constant */
                    type: "json_schema";
                }) | null;
                verbosity?: ("low" | "medium" | "high") | null;
            } | null;
            tool_choice?: (("none" | "auto" | "required") | ({
                name: string;
                /** @enum {string} */
                type: "function" | "custom";
            } | {
                /** @enum {string} */
                type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
            }) | {
                /**
                 * @default auto
                 * @enum {string}
                 */
                mode?: "none" | "auto" | "required";
                tools: ({
                    name: string;
                    /** @enum {string} */
                    type: "function" | "custom";
                } | {
                    /** @enum {string} */
                    type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
                })[];
                /** @constant */
                type: "allowed_tools";
            }) | null;
            tools?: ({
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                name: string;
                output_schema?: unknown;
                parameters?: {
                    [key: string]: unknown;
                } | null;
                strict?: boolean | null;
                /** @constant */
                type: "function";
            } | {
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    definition: string;
                    /** @enum {string} */
                    syntax: "lark" | "regex";
                    /** @constant */
                    type: "grammar";
                }) | null;
                name: string;
                /** @constant */
                type: "custom";
            } | {
                description?: string | null;
                name: string;
                tools: ({
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    name: string;
                    output_schema?: unknown;
                    parameters?: {
                        [key: string]: unknown;
                    } | null;
                    strict?: boolean | null;
                    /** @constant */
                    type: "function";
                } | {
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    format?: ({
                        /** @constant */
                        type: "text";
                    } | {
                        definition: string;
                        /** @enum {string} */
                        syntax: "lark" | "regex";
                        /** @constant */
                        type: "grammar";
                    }) | null;
                    name: string;
                    /** @constant */
                    type: "custom";
                })[];
                /** @constant */
                type: "namespace";
            } | {
                description?: string | null;
                /** @constant */
                execution: "client";
                parameters?: {
                    [key: string]: unknown;
                } | null;
                /** @constant */
                type: "tool_search";
            } | {
                allowed_callers?: unknown;
                environment?: ({
                    /** @constant */
                    type: "local";
                } & {
                    [key: string]: unknown;
                }) | null;
                /** @constant */
                type: "shell";
            } | {
                display_height: number;
                display_width: number;
                environment: string;
                /** @constant */
                type: "computer_use_preview";
            } | {
                allowed_callers?: unknown;
                /** @enum {string} */
                type: "local_shell" | "apply_patch" | "computer";
            })[] | null;
            top_logprobs?: number | null;
            top_p?: number | null;
            truncation?: ("auto" | "disabled") | null;
            user?: string | null;
        };
        CompleteCallBody: {
            completed_at?: string;
            duration_ms?: number;
            error?: {
                code: string;
                message: string;
            };
            /**
             * @default completed
             * @enum {string}
             */
            status?: "completed" | "failed";
        };
        Content: string | ({
            content: string | ({
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            } | {
                detail?: string;
                file_id?: string;
                image_url?: string;
                /** @constant */
                type: "input_image";
            } | {
                file_data?: string;
                file_id?: string;
                file_url?: string;
                filename?: string;
                /** @constant */
                type: "input_file";
            })[];
            /** Format: date-time */
            created_at?: string;
            id?: string;
            /** @enum {string} */
            phase?: "commentary" | "final_answer";
            /** @enum {string} */
            role: "system" | "developer" | "user" | "assistant";
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "message";
        } | {
            arguments: string;
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            name: string;
            namespace?: string;
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "function_call";
        } | {
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            output: string | ({
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            } | {
                detail?: string;
                file_id?: string;
                image_url?: string;
                /** @constant */
                type: "input_image";
            } | {
                file_data?: string;
                file_id?: string;
                file_url?: string;
                filename?: string;
                /** @constant */
                type: "input_file";
            })[];
            /** @constant */
            type: "function_call_output";
        } | {
            /** Format: date-time */
            created_at?: string;
            encrypted_content?: string;
            id?: string;
            summary?: string[];
            text: string;
            /** @constant */
            type: "reasoning";
        } | {
            /** Format: date-time */
            created_at?: string;
            id?: string;
            text: string;
            /** @constant */
            type: "compaction";
        } | ({
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            input: string;
            name: string;
            namespace?: string;
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "custom_tool_call";
        } | {
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            output: string | ({
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            } | {
                detail?: string;
                file_id?: string;
                image_url?: string;
                /** @constant */
                type: "input_image";
            } | {
                file_data?: string;
                file_id?: string;
                file_url?: string;
                filename?: string;
                /** @constant */
                type: "input_file";
            })[];
            /** @constant */
            type: "custom_tool_call_output";
        } | {
            action: {
                command: string[];
                env: {
                    [key: string]: string;
                };
                timeout_ms?: number | null;
                /** @constant */
                type: "exec";
                user?: string | null;
                working_directory?: string | null;
            };
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "local_shell_call";
        } | {
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            output: string;
            /** @constant */
            type: "local_shell_call_output";
        } | {
            action: {
                commands: string[];
                max_output_length?: number | null;
                timeout_ms?: number | null;
            };
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            environment?: {
                type: string;
            } & {
                [key: string]: unknown;
            };
            id?: string;
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "shell_call";
        } | {
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            max_output_length?: number;
            output: {
                outcome: {
                    /** @constant */
                    type: "timeout";
                } | {
                    exit_code: number;
                    /** @constant */
                    type: "exit";
                };
                stderr: string;
                stdout: string;
            }[];
            /** @constant */
            type: "shell_call_output";
        } | {
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            operation: {
                diff: string;
                path: string;
                /** @constant */
                type: "create_file";
            } | {
                diff: string;
                path: string;
                /** @constant */
                type: "update_file";
            } | {
                path: string;
                /** @constant */
                type: "delete_file";
            };
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "apply_patch_call";
        } | {
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            output?: string;
            /** @enum {string} */
            status: "completed" | "failed";
            /** @constant */
            type: "apply_patch_call_output";
        } | {
            action?: {
                type: string;
            } & {
                [key: string]: unknown;
            };
            actions?: ({
                type: string;
            } & {
                [key: string]: unknown;
            })[];
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            pending_safety_checks: ({
                id: string;
            } & {
                [key: string]: unknown;
            })[];
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "computer_call";
        } | {
            acknowledged_safety_checks?: ({
                id: string;
            } & {
                [key: string]: unknown;
            })[];
            call_id: string;
            /** Format: date-time */
            created_at?: string;
            id?: string;
            output: {
                file_id?: string;
                image_url?: string;
                /** @constant */
                type: "computer_screenshot";
            };
            /** @constant */
            type: "computer_call_output";
        } | {
            arguments: unknown;
            call_id: string | null;
            /** Format: date-time */
            created_at?: string;
            /** @enum {string} */
            execution: "server" | "client";
            id?: string;
            signature?: string;
            /** @constant */
            status?: "incomplete";
            /** @constant */
            type: "tool_search_call";
        } | {
            call_id: string | null;
            /** Format: date-time */
            created_at?: string;
            /** @enum {string} */
            execution: "server" | "client";
            id?: string;
            tools: ({
                type: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @constant */
            type: "tool_search_output";
        }) | ({
            /** Format: date-time */
            created_at?: string;
            id?: string;
            /** @enum {string} */
            type: "web_search_call" | "file_search_call" | "code_interpreter_call" | "image_generation_call" | "mcp_call" | "mcp_list_tools" | "mcp_approval_request" | "mcp_approval_response" | "program" | "program_output" | "additional_tools" | "configuration_update";
        } & {
            [key: string]: unknown;
        }))[];
        Conversation: {
            created_at: number;
            id: string;
            metadata: {
                [key: string]: string;
            };
            /** @constant */
            object: "conversation";
        };
        CountInputTokensBody: {
            access_programs?: unknown;
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            background_options?: unknown;
            client_metadata?: unknown;
            context_management?: unknown;
            conversation?: (components["schemas"]["Id"] | {
                id: components["schemas"]["Id"];
            }) | null;
            frequency_penalty?: number | null;
            image?: unknown;
            input?: (string | components["schemas"]["InputItem"][]) | null;
            instructions?: string | null;
            max_output_tokens?: number | null;
            max_tool_calls?: number | null;
            model?: string | null;
            moderation?: unknown;
            parallel_tool_calls?: boolean | null;
            personality?: unknown;
            presence_penalty?: number | null;
            previous_response_id?: string | null;
            prompt?: null;
            prompt_cache_key?: string | null;
            prompt_cache_options?: unknown;
            prompt_cache_retention?: unknown;
            reasoning?: {
                context?: unknown;
                effort?: ("none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max") | null;
                generate_summary?: ("auto" | "concise" | "detailed") | null;
                mode?: unknown;
                summary?: ("auto" | "concise" | "detailed") | null;
            } | null;
            safety_identifier?: string | null;
            service_tier?: ("auto" | "default" | "flex" | "fast" | "priority" | "scale") | null;
            temperature?: number | null;
            text?: {
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "json_object";
                } | {
                    description?: string | null;
                    name: string;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                    /** @constant */
                    type: "json_schema";
                }) | null;
                verbosity?: ("low" | "medium" | "high") | null;
            } | null;
            tool_choice?: (("none" | "auto" | "required") | ({
                name: string;
                /** @enum {string} */
                type: "function" | "custom";
            } | {
                /** @enum {string} */
                type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
            }) | {
                /**
                 * @default auto
                 * @enum {string}
                 */
                mode?: "none" | "auto" | "required";
                tools: ({
                    name: string;
                    /** @enum {string} */
                    type: "function" | "custom";
                } | {
                    /** @enum {string} */
                    type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
                })[];
                /** @constant */
                type: "allowed_tools";
            }) | null;
            tools?: ({
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                name: string;
                output_schema?: unknown;
                parameters?: {
                    [key: string]: unknown;
                } | null;
                strict?: boolean | null;
                /** @constant */
                type: "function";
            } | {
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    definition: string;
                    /** @enum {string} */
                    syntax: "lark" | "regex";
                    /** @constant */
                    type: "grammar";
                }) | null;
                name: string;
                /** @constant */
                type: "custom";
            } | {
                description?: string | null;
                name: string;
                tools: ({
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    name: string;
                    output_schema?: unknown;
                    parameters?: {
                        [key: string]: unknown;
                    } | null;
                    strict?: boolean | null;
                    /** @constant */
                    type: "function";
                } | {
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    format?: ({
                        /** @constant */
                        type: "text";
                    } | {
                        definition: string;
                        /** @enum {string} */
                        syntax: "lark" | "regex";
                        /** @constant */
                        type: "grammar";
                    }) | null;
                    name: string;
                    /** @constant */
                    type: "custom";
                })[];
                /** @constant */
                type: "namespace";
            } | {
                description?: string | null;
                /** @constant */
                execution: "client";
                parameters?: {
                    [key: string]: unknown;
                } | null;
                /** @constant */
                type: "tool_search";
            } | {
                allowed_callers?: unknown;
                environment?: ({
                    /** @constant */
                    type: "local";
                } & {
                    [key: string]: unknown;
                }) | null;
                /** @constant */
                type: "shell";
            } | {
                display_height: number;
                display_width: number;
                environment: string;
                /** @constant */
                type: "computer_use_preview";
            } | {
                allowed_callers?: unknown;
                /** @enum {string} */
                type: "local_shell" | "apply_patch" | "computer";
            })[] | null;
            top_logprobs?: number | null;
            top_p?: number | null;
            truncation?: ("auto" | "disabled") | null;
            user?: string | null;
        };
        CreateBackupBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            session_ids?: components["schemas"]["Id"][];
        };
        CreateChatCompletionBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            audio?: null;
            frequency_penalty?: number | null;
            function_call?: null;
            functions?: null;
            logit_bias?: {
                [key: string]: unknown;
            } | null;
            logprobs?: false | null;
            max_completion_tokens?: number | null;
            max_tokens?: number | null;
            messages: ({
                content: string | {
                    prompt_cache_breakpoint?: unknown;
                    text: string;
                    /** @constant */
                    type: "text";
                }[];
                name?: string | null;
                /** @constant */
                role: "system";
            } | {
                content: string | {
                    prompt_cache_breakpoint?: unknown;
                    text: string;
                    /** @constant */
                    type: "text";
                }[];
                name?: string | null;
                /** @constant */
                role: "developer";
            } | {
                content: string | ({
                    prompt_cache_breakpoint?: unknown;
                    text: string;
                    /** @constant */
                    type: "text";
                } | {
                    image_url: {
                        detail?: ("auto" | "low" | "high" | "original") | null;
                        url: string;
                    };
                    prompt_cache_breakpoint?: unknown;
                    /** @constant */
                    type: "image_url";
                } | {
                    file: {
                        file_data: string;
                        file_id?: null;
                        filename?: string | null;
                    };
                    prompt_cache_breakpoint?: unknown;
                    /** @constant */
                    type: "file";
                })[];
                name?: string | null;
                /** @constant */
                role: "user";
            } | {
                annotations?: unknown;
                audio?: null;
                cache_control?: unknown;
                content?: string | ({
                    prompt_cache_breakpoint?: unknown;
                    text: string;
                    /** @constant */
                    type: "text";
                } | {
                    refusal: string;
                    /** @constant */
                    type: "refusal";
                })[];
                function_call?: unknown;
                id?: unknown;
                name?: string | null;
                parsed?: unknown;
                provider_specific_fields?: unknown;
                reasoning?: unknown;
                reasoning_content?: string | null;
                reasoning_details?: unknown;
                refusal?: string | null;
                /** @constant */
                role: "assistant";
                thinking_blocks?: unknown;
                tool_calls?: ({
                    /** @default null */
                    extra_content?: ({
                        google?: ({
                            thought_signature?: string | null;
                        } & {
                            [key: string]: unknown;
                        }) | null;
                    } & {
                        [key: string]: unknown;
                    }) | null;
                    function: {
                        arguments: string;
                        name: string;
                        parsed_arguments?: unknown;
                    };
                    id: string;
                    index?: number;
                    /** @constant */
                    type: "function";
                } | {
                    custom: {
                        input: string;
                        name: string;
                    };
                    /** @default null */
                    extra_content?: ({
                        google?: ({
                            thought_signature?: string | null;
                        } & {
                            [key: string]: unknown;
                        }) | null;
                    } & {
                        [key: string]: unknown;
                    }) | null;
                    id: string;
                    index?: number;
                    /** @constant */
                    type: "custom";
                })[] | null;
            } | {
                content: string | ({
                    prompt_cache_breakpoint?: unknown;
                    text: string;
                    /** @constant */
                    type: "text";
                } | {
                    image_url: {
                        detail?: ("auto" | "low" | "high" | "original") | null;
                        url: string;
                    };
                    prompt_cache_breakpoint?: unknown;
                    /** @constant */
                    type: "image_url";
                } | {
                    file: {
                        file_data: string;
                        file_id?: null;
                        filename?: string | null;
                    };
                    prompt_cache_breakpoint?: unknown;
                    /** @constant */
                    type: "file";
                })[];
                name?: string | null;
                /** @constant */
                role: "tool";
                tool_call_id: string;
            })[];
            metadata?: components["schemas"]["Metadata"] | null;
            modalities?: "text"[] | null;
            model?: string | null;
            moderation?: unknown;
            n?: 1 | null;
            parallel_tool_calls?: boolean | null;
            prediction?: null;
            presence_penalty?: number | null;
            prompt_cache_key?: string | null;
            prompt_cache_options?: unknown;
            prompt_cache_retention?: unknown;
            reasoning_effort?: ("none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max") | null;
            response_format?: ({
                /** @constant */
                type: "text";
            } | {
                /** @constant */
                type: "json_object";
            } | {
                json_schema: {
                    description?: string | null;
                    name: string;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                };
                /** @constant */
                type: "json_schema";
            }) | null;
            safety_identifier?: string | null;
            seed?: number | null;
            service_tier?: ("auto" | "default" | "flex" | "fast" | "priority" | "scale") | null;
            stop?: (string | string[]) | null;
            store?: boolean | null;
            stream?: boolean | null;
            stream_options?: {
                include_obfuscation?: boolean | null;
                include_usage?: boolean | null;
            } | null;
            temperature?: number | null;
            tool_choice?: (("none" | "auto" | "required") | ({
                function: {
                    name: string;
                };
                /** @constant */
                type: "function";
            } | {
                custom: {
                    name: string;
                };
                /** @constant */
                type: "custom";
            }) | {
                allowed_tools: {
                    /**
                     * @default auto
                     * @enum {string}
                     */
                    mode?: "none" | "auto" | "required";
                    tools: ({
                        function: {
                            name: string;
                        };
                        /** @constant */
                        type: "function";
                    } | {
                        custom: {
                            name: string;
                        };
                        /** @constant */
                        type: "custom";
                    })[];
                };
                /** @constant */
                type: "allowed_tools";
            }) | null;
            tools?: ({
                function: {
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    name: string;
                    output_schema?: unknown;
                    parameters?: {
                        [key: string]: unknown;
                    } | null;
                    strict?: boolean | null;
                };
                /** @constant */
                type: "function";
            } | {
                custom: {
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    format?: ({
                        /** @constant */
                        type: "text";
                    } | {
                        grammar: {
                            definition: string;
                            /** @enum {string} */
                            syntax: "lark" | "regex";
                        };
                        /** @constant */
                        type: "grammar";
                    }) | null;
                    name: string;
                };
                /** @constant */
                type: "custom";
            })[] | null;
            top_logprobs?: 0 | null;
            top_p?: number | null;
            user?: string | null;
            verbosity?: ("low" | "medium" | "high") | null;
            web_search_options?: null;
        };
        CreateConversationBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            items?: components["schemas"]["InputItem"][] | null;
            metadata?: components["schemas"]["Metadata"] | null;
        } | null;
        CreateEmbeddingsBody: {
            dimensions?: number | null;
            encoding_format?: ("float" | "base64") | null;
            input: string | string[] | number[] | number[][];
            model?: string | null;
            user?: string | null;
        };
        CreateKeyBody: {
            account_id: components["schemas"]["AccountId"];
            /** Format: date-time */
            expires_at?: string;
            grants?: {
                accounts: "*" | components["schemas"]["AccountId"][];
                scopes: ("query" | "read" | "manage")[];
            };
            name?: string;
            scopes: ("query" | "read" | "manage" | "admin")[];
            user_id?: components["schemas"]["Id"];
        };
        CreateResponseBody: {
            access_programs?: unknown;
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            background?: boolean | null;
            background_options?: unknown;
            client_metadata?: unknown;
            context_management?: unknown;
            conversation?: (components["schemas"]["Id"] | {
                id: components["schemas"]["Id"];
            }) | null;
            frequency_penalty?: number | null;
            image?: unknown;
            include?: ("reasoning.encrypted_content" | "message.output_text.logprobs" | "message.input_image.image_url" | "computer_call_output.output.image_url" | "code_interpreter_call.outputs" | "file_search_call.results" | "web_search_call.action.sources" | "web_search_call.results")[] | null;
            input?: (string | components["schemas"]["InputItem"][]) | null;
            instructions?: string | null;
            max_output_tokens?: number | null;
            max_tool_calls?: number | null;
            metadata?: components["schemas"]["Metadata"] | null;
            model?: string | null;
            moderation?: unknown;
            parallel_tool_calls?: boolean | null;
            personality?: unknown;
            presence_penalty?: number | null;
            previous_response_id?: string | null;
            prompt?: null;
            prompt_cache_key?: string | null;
            prompt_cache_options?: unknown;
            prompt_cache_retention?: unknown;
            reasoning?: {
                context?: unknown;
                effort?: ("none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max") | null;
                generate_summary?: ("auto" | "concise" | "detailed") | null;
                mode?: unknown;
                summary?: ("auto" | "concise" | "detailed") | null;
            } | null;
            safety_identifier?: string | null;
            service_tier?: ("auto" | "default" | "flex" | "fast" | "priority" | "scale") | null;
            store?: boolean | null;
            stream?: boolean | null;
            stream_options?: {
                include_obfuscation?: boolean | null;
            } | null;
            temperature?: number | null;
            text?: {
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "json_object";
                } | {
                    description?: string | null;
                    name: string;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                    /** @constant */
                    type: "json_schema";
                }) | null;
                verbosity?: ("low" | "medium" | "high") | null;
            } | null;
            tool_choice?: (("none" | "auto" | "required") | ({
                name: string;
                /** @enum {string} */
                type: "function" | "custom";
            } | {
                /** @enum {string} */
                type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
            }) | {
                /**
                 * @default auto
                 * @enum {string}
                 */
                mode?: "none" | "auto" | "required";
                tools: ({
                    name: string;
                    /** @enum {string} */
                    type: "function" | "custom";
                } | {
                    /** @enum {string} */
                    type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
                })[];
                /** @constant */
                type: "allowed_tools";
            }) | null;
            tools?: ({
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                name: string;
                output_schema?: unknown;
                parameters?: {
                    [key: string]: unknown;
                } | null;
                strict?: boolean | null;
                /** @constant */
                type: "function";
            } | {
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    definition: string;
                    /** @enum {string} */
                    syntax: "lark" | "regex";
                    /** @constant */
                    type: "grammar";
                }) | null;
                name: string;
                /** @constant */
                type: "custom";
            } | {
                description?: string | null;
                name: string;
                tools: ({
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    name: string;
                    output_schema?: unknown;
                    parameters?: {
                        [key: string]: unknown;
                    } | null;
                    strict?: boolean | null;
                    /** @constant */
                    type: "function";
                } | {
                    allowed_callers?: unknown;
                    async?: unknown;
                    defer_loading?: unknown;
                    description?: string | null;
                    format?: ({
                        /** @constant */
                        type: "text";
                    } | {
                        definition: string;
                        /** @enum {string} */
                        syntax: "lark" | "regex";
                        /** @constant */
                        type: "grammar";
                    }) | null;
                    name: string;
                    /** @constant */
                    type: "custom";
                })[];
                /** @constant */
                type: "namespace";
            } | {
                description?: string | null;
                /** @constant */
                execution: "client";
                parameters?: {
                    [key: string]: unknown;
                } | null;
                /** @constant */
                type: "tool_search";
            } | {
                allowed_callers?: unknown;
                environment?: ({
                    /** @constant */
                    type: "local";
                } & {
                    [key: string]: unknown;
                }) | null;
                /** @constant */
                type: "shell";
            } | {
                display_height: number;
                display_width: number;
                environment: string;
                /** @constant */
                type: "computer_use_preview";
            } | {
                allowed_callers?: unknown;
                /** @enum {string} */
                type: "local_shell" | "apply_patch" | "computer";
            })[] | null;
            top_logprobs?: number | null;
            top_p?: number | null;
            truncation?: ("auto" | "disabled") | null;
            user?: string | null;
        };
        CronRun: {
            accounts: number;
            bytes: number;
            done: number;
            /** @enum {unknown} */
            errand: "sweep" | "maintain";
            error: string | null;
            errors: number;
            failures: {
                account_id: string;
                /** Format: date-time */
                at: string;
                reason: string;
            }[];
            id: string;
            /** @constant */
            object: "cron_run";
            queued_at: string | null;
            sessions: number;
            /** Format: date-time */
            started_at: string;
        };
        CustomToolCall: {
            custom: {
                input: string;
                name: string;
            };
            id: string;
            /** @constant */
            type: "custom";
        };
        DeadLetter: {
            account_id: string | null;
            /** Format: date-time */
            dead_at: string;
            /** Format: date-time */
            failed_at: string;
            id: string;
            /** @constant */
            object: "dead_letter";
            reason: string | null;
            request_id: string | null;
            type: string;
            user_id: string | null;
        };
        Distribution: {
            count: number;
            mean: number | null;
            p50: number | null;
            p95: number | null;
            p99: number | null;
        };
        ErasedPlaces: {
            found: number;
            left: number | null;
            /** @enum {unknown} */
            place: "sqlite" | "search_index" | "external_calls" | "user_facts" | "whatsapp" | "kv" | "r2_archives" | "r2_backups" | "replica" | "directory" | "failed_jobs";
            /** @enum {unknown} */
            state: "clean" | "left" | "unreachable" | "absent";
        }[];
        FlagState: {
            allow: string[];
            changed_at: string | null;
            default: boolean;
            governs: string;
            /** @enum {unknown} */
            name: "ENABLE_CONVERSATION_STORAGE" | "UNIFIED_CONVERSATION_ENABLED" | "use_smart_handler" | "use_async_search";
            /** @constant */
            object: "flag";
            percentage: number;
            /** @enum {unknown} */
            source: "admin" | "var";
        };
        Health: {
            checks: {
                detail: string | null;
                latency_ms: number;
                name: string;
                needed: boolean;
                /** Format: date-time */
                since: string;
                /** @enum {unknown} */
                status: "up" | "degraded" | "down";
            }[];
            counts: {
                archived_sessions: number;
                backups_made: number;
                cached_answers: number;
                cached_embeddings: number;
                jobs_waiting: number;
                live_sessions: number;
                oldest_job_at: string | null;
                queries: number;
            } | null;
            repairs: {
                archived_sessions: number;
                turns: number;
                unreadable_objects: number;
            } | null;
            /** @enum {unknown} */
            status: "up" | "degraded" | "down";
        };
        Id: string;
        Import: {
            created: number;
            /** @constant */
            dry_run: true;
            lines: number;
            merged: number;
            /** @enum {unknown} */
            mode: "atomic" | "skip_bad";
            not_exported: {
                code: string;
                session_id: string;
            }[];
            not_exported_count: number;
            not_taken: {
                /** @enum {unknown} */
                code: "exists" | "erased" | "held" | "busy" | "facts_full" | "damaged";
                session_id: string;
            }[];
            /** @constant */
            object: "import";
            /** @enum {unknown} */
            on_conflict: "skip" | "replace" | "merge" | "fail";
            problem_count: number;
            problems: components["schemas"]["LineProblem"][];
            reconciliation: {
                differing: string[];
                sent_sha256: string | null;
                sessions: number;
                stored_sha256: string | null;
                turns: number;
            };
            replaced: number;
            sessions: number;
            skipped: {
                bad: number;
                busy: number;
                damaged: number;
                erased: number;
                exists: number;
                facts_full: number;
                held: number;
            };
            turns: number;
            turns_written: number;
            unchanged: number;
            unknown_assistants: string[];
        } | {
            checkpoint: {
                line: number;
                position: string | null;
            };
            created: number;
            /** Format: date-time */
            created_at: string;
            /** @constant */
            dry_run: false;
            import_id: string;
            lines: number;
            merged: number;
            /** @enum {unknown} */
            mode: "atomic" | "skip_bad";
            not_exported: {
                code: string;
                session_id: string;
            }[];
            not_exported_count: number;
            not_taken: {
                /** @enum {unknown} */
                code: "exists" | "erased" | "held" | "busy" | "facts_full" | "damaged";
                session_id: string;
            }[];
            /** @constant */
            object: "import";
            /** @enum {unknown} */
            on_conflict: "skip" | "replace" | "merge" | "fail";
            problem_count: number;
            problems: components["schemas"]["LineProblem"][];
            reconciliation: {
                differing: string[];
                sent_sha256: string | null;
                sessions: number;
                stored_sha256: string | null;
                turns: number;
            };
            replaced: number;
            sessions: number;
            skipped: {
                bad: number;
                busy: number;
                damaged: number;
                erased: number;
                exists: number;
                facts_full: number;
                held: number;
            };
            /** @enum {unknown} */
            status: "running" | "complete" | "failed" | "undoing";
            turns: number;
            turns_written: number;
            unchanged: number;
            unknown_assistants: string[];
            /** Format: date-time */
            updated_at: string;
        };
        IngestLiteLlmBody: {
            completion_tokens?: number | null;
            custom_llm_provider?: string | null;
            end_user?: string | null;
            endTime?: number | null;
            error_information?: unknown;
            error_str?: string | null;
            guardrail_information?: unknown;
            id: string | number;
            messages?: unknown;
            metadata?: unknown;
            model?: string | null;
            model_parameters?: unknown;
            prompt_tokens?: number | null;
            response?: unknown;
            startTime?: number | null;
            status?: string | null;
        } & {
            [key: string]: unknown;
        };
        InputItem: {
            content: string | ({
                prompt_cache_breakpoint?: unknown;
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                annotations?: unknown[] | null;
                logprobs?: unknown[] | null;
                parsed?: unknown;
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            } | {
                detail?: ("low" | "high" | "auto" | "original") | null;
                file_id?: null;
                image_url?: string | null;
                prompt_cache_breakpoint?: unknown;
                /** @constant */
                type: "input_image";
            } | {
                detail?: unknown;
                file_data?: string | null;
                file_id?: null;
                file_url?: string | null;
                filename?: string | null;
                prompt_cache_breakpoint?: unknown;
                /** @constant */
                type: "input_file";
            })[];
            id?: string | null;
            phase?: ("commentary" | "final_answer") | null;
            /** @enum {string} */
            role: "user" | "assistant" | "system" | "developer";
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "message";
        } | {
            arguments: string;
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            name: string;
            namespace?: string | null;
            parsed_arguments?: unknown;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "function_call";
        } | {
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            id?: string | null;
            name?: unknown;
            namespace?: unknown;
            output: string | ({
                prompt_cache_breakpoint?: unknown;
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                annotations?: unknown[] | null;
                logprobs?: unknown[] | null;
                parsed?: unknown;
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            } | {
                detail?: ("low" | "high" | "auto" | "original") | null;
                file_id?: null;
                image_url?: string | null;
                prompt_cache_breakpoint?: unknown;
                /** @constant */
                type: "input_image";
            } | {
                detail?: unknown;
                file_data?: string | null;
                file_id?: null;
                file_url?: string | null;
                filename?: string | null;
                prompt_cache_breakpoint?: unknown;
                /** @constant */
                type: "input_file";
            })[];
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "function_call_output";
        } | {
            content?: {
                text: string;
                /** @constant */
                type: "reasoning_text";
            }[] | null;
            encrypted_content?: string | null;
            id?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @default [] */
            summary?: {
                text: string;
                /** @constant */
                type: "summary_text";
            }[];
            /** @constant */
            type: "reasoning";
        } | {
            encrypted_content: string;
            id?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "compaction";
        } | {
            id: string;
            /** @constant */
            type: "item_reference";
        } | {
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            input: string;
            name: string;
            namespace?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "custom_tool_call";
        } | {
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            output: string | ({
                prompt_cache_breakpoint?: unknown;
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                annotations?: unknown[] | null;
                logprobs?: unknown[] | null;
                parsed?: unknown;
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            } | {
                detail?: ("low" | "high" | "auto" | "original") | null;
                file_id?: null;
                image_url?: string | null;
                prompt_cache_breakpoint?: unknown;
                /** @constant */
                type: "input_image";
            } | {
                detail?: unknown;
                file_data?: string | null;
                file_id?: null;
                file_url?: string | null;
                filename?: string | null;
                prompt_cache_breakpoint?: unknown;
                /** @constant */
                type: "input_file";
            })[];
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "custom_tool_call_output";
        } | {
            action: {
                command: string[];
                env: {
                    [key: string]: string;
                };
                timeout_ms?: number | null;
                /** @constant */
                type: "exec";
                user?: string | null;
                working_directory?: string | null;
            };
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "local_shell_call";
        } | {
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            output: string;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "local_shell_call_output";
        } | {
            action: {
                commands: string[];
                max_output_length?: number | null;
                timeout_ms?: number | null;
            };
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            environment?: ({
                type: string;
            } & {
                [key: string]: unknown;
            }) | null;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "shell_call";
        } | {
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            max_output_length?: number | null;
            output: {
                created_by?: unknown;
                outcome: {
                    /** @constant */
                    type: "timeout";
                } | {
                    exit_code: number;
                    /** @constant */
                    type: "exit";
                };
                stderr: string;
                stdout: string;
            }[];
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "shell_call_output";
        } | {
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            operation: {
                diff: string;
                path: string;
                /** @constant */
                type: "create_file";
            } | {
                diff: string;
                path: string;
                /** @constant */
                type: "update_file";
            } | {
                path: string;
                /** @constant */
                type: "delete_file";
            };
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "apply_patch_call";
        } | {
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            output?: string | null;
            /** @enum {string} */
            status: "completed" | "failed";
            /** @constant */
            type: "apply_patch_call_output";
        } | {
            action?: ({
                type: string;
            } & {
                [key: string]: unknown;
            }) | null;
            actions?: ({
                type: string;
            } & {
                [key: string]: unknown;
            })[] | null;
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            pending_safety_checks?: ({
                id: string;
            } & {
                [key: string]: unknown;
            })[] | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "computer_call";
        } | {
            acknowledged_safety_checks?: ({
                id: string;
            } & {
                [key: string]: unknown;
            })[] | null;
            async?: unknown;
            call_id: string;
            caller?: unknown;
            created_by?: unknown;
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            output: {
                detail?: unknown;
                file_id?: null;
                image_url: string;
                /** @enum {string} */
                type: "computer_screenshot" | "input_image";
            };
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "computer_call_output";
        } | {
            arguments: unknown;
            async?: unknown;
            call_id?: string | null;
            caller?: unknown;
            created_by?: unknown;
            /**
             * @default client
             * @enum {string}
             */
            execution?: "server" | "client";
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            /** @constant */
            type: "tool_search_call";
        } | {
            async?: unknown;
            call_id?: string | null;
            caller?: unknown;
            created_by?: unknown;
            /**
             * @default client
             * @enum {string}
             */
            execution?: "server" | "client";
            /** @default null */
            extra_content?: ({
                google?: ({
                    thought_signature?: string | null;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
            id?: string | null;
            status?: ("in_progress" | "completed" | "incomplete") | null;
            tools: ({
                type: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @constant */
            type: "tool_search_output";
        } | ({
            /** @enum {string} */
            type: "web_search_call" | "file_search_call" | "code_interpreter_call" | "image_generation_call" | "mcp_call" | "mcp_list_tools" | "mcp_approval_request" | "mcp_approval_response" | "program" | "program_output" | "configuration_update";
        } & {
            [key: string]: unknown;
        }) | ({
            tools: ({
                /** @enum {string} */
                type: "function" | "custom" | "namespace" | "tool_search" | "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview";
            } & {
                [key: string]: unknown;
            })[];
            /** @constant */
            type: "additional_tools";
        } & {
            [key: string]: unknown;
        });
        Item: {
            content: ({
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                /** @enum {unknown} */
                detail: "low" | "high" | "auto";
                file_id?: string;
                image_url: string | null;
                /** @constant */
                type: "input_image";
            } | {
                file_data?: string;
                file_id?: string;
                file_url?: string;
                filename?: string;
                /** @constant */
                type: "input_file";
            } | {
                annotations: Record<string, unknown>[];
                logprobs: Record<string, unknown>[];
                text: string;
                /** @constant */
                type: "output_text";
            } | {
                refusal: string;
                /** @constant */
                type: "refusal";
            })[];
            id: string;
            /** @enum {unknown} */
            phase?: "commentary" | "final_answer";
            /** @enum {unknown} */
            role: "system" | "developer" | "user" | "assistant";
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "message";
        } | {
            arguments: string;
            call_id: string;
            extra_content?: Record<string, unknown>;
            id: string;
            name: string;
            namespace?: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "function_call";
        } | {
            call_id: string;
            id: string;
            output: string | ({
                text: string;
                /** @constant */
                type: "input_text";
            } | {
                /** @enum {unknown} */
                detail: "low" | "high" | "auto";
                file_id?: string;
                image_url: string | null;
                /** @constant */
                type: "input_image";
            } | {
                file_data?: string;
                file_id?: string;
                file_url?: string;
                filename?: string;
                /** @constant */
                type: "input_file";
            })[];
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "function_call_output";
        } | {
            content?: {
                text: string;
                /** @constant */
                type: "reasoning_text";
            }[];
            encrypted_content?: string;
            id: string;
            summary: {
                text: string;
                /** @constant */
                type: "summary_text";
            }[];
            /** @constant */
            type: "reasoning";
        } | {
            encrypted_content: string;
            id: string;
            /** @constant */
            type: "compaction";
        } | {
            call_id: string;
            extra_content?: Record<string, unknown>;
            id: string;
            input: string;
            name: string;
            namespace?: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "custom_tool_call";
        } | {
            call_id: string;
            id: string;
            output: string | Record<string, unknown>[];
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "custom_tool_call_output";
        } | {
            action: Record<string, unknown>;
            call_id: string;
            extra_content?: Record<string, unknown>;
            id: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "local_shell_call";
        } | {
            call_id: string;
            id: string;
            output: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "local_shell_call_output";
        } | {
            action: Record<string, unknown>;
            call_id: string;
            environment: Record<string, unknown> | null;
            extra_content?: Record<string, unknown>;
            id: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "shell_call";
        } | {
            call_id: string;
            id: string;
            max_output_length: number | null;
            output: Record<string, unknown>[];
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "shell_call_output";
        } | {
            call_id: string;
            extra_content?: Record<string, unknown>;
            id: string;
            operation: Record<string, unknown>;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "apply_patch_call";
        } | {
            call_id: string;
            id: string;
            output?: string;
            /** @enum {unknown} */
            status: "completed" | "failed";
            /** @constant */
            type: "apply_patch_call_output";
        } | {
            action?: Record<string, unknown>;
            actions?: Record<string, unknown>[];
            call_id: string;
            extra_content?: Record<string, unknown>;
            id: string;
            pending_safety_checks: Record<string, unknown>[];
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "computer_call";
        } | {
            acknowledged_safety_checks?: Record<string, unknown>[];
            call_id: string;
            id: string;
            output: Record<string, unknown>;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "computer_call_output";
        } | {
            arguments?: unknown;
            call_id: string | null;
            /** @enum {unknown} */
            execution: "client" | "server";
            extra_content?: Record<string, unknown>;
            id: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            /** @constant */
            type: "tool_search_call";
        } | {
            call_id: string | null;
            /** @enum {unknown} */
            execution: "client" | "server";
            id: string;
            /** @enum {unknown} */
            status: "completed" | "incomplete";
            tools: Record<string, unknown>[];
            /** @constant */
            type: "tool_search_output";
        } | {
            id?: string;
            /** @enum {unknown} */
            type?: "web_search_call" | "file_search_call" | "code_interpreter_call" | "image_generation_call" | "mcp_call" | "mcp_list_tools" | "mcp_approval_request" | "mcp_approval_response" | "program" | "program_output" | "additional_tools" | "configuration_update";
        };
        Key: {
            account_id: string;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            grants: {
                accounts: string[] | "*";
                scopes: ("query" | "read" | "manage")[];
            } | null;
            id: string;
            name: string | null;
            /** @constant */
            object: "key";
            revoked_at: string | null;
            scopes: ("query" | "read" | "manage" | "admin")[];
            user_id: string | null;
        };
        LineProblem: {
            code: string;
            line: number;
            message: string;
            session_id: string | null;
        };
        McpBody: {
            [key: string]: unknown;
        };
        Metadata: {
            [key: string]: string;
        };
        Metrics: {
            cache: {
                backend: string;
                hit_rate: number | null;
                hits: number;
                misses: number;
            };
            caches: {
                [key: string]: {
                    hit_rate: number | null;
                    hits: number;
                    misses: number;
                };
            };
            circuit_breaker: {
                failures: number;
                name: string;
                retry_at: string | null;
                /** @enum {unknown} */
                state: "CLOSED" | "OPEN";
            };
            circuits: {
                failures: number;
                name: string;
                opened_at: string | null;
                /** @enum {unknown} */
                state: "open" | "half_open" | "closed";
                until: string | null;
            }[];
            /** @constant */
            object: "metrics";
            requests: {
                duration_ms: components["schemas"]["Distribution"];
                rate_limited: number;
                refused: number;
                total: number;
            };
            series: {
                [key: string]: number;
            };
            storage: {
                [key: string]: number;
            };
            sweeps: {
                [key: string]: number;
            };
            tokens: {
                input: number;
                output: number;
            };
            travel: {
                messages: number;
                messages_to_search: {
                    smart: number | null;
                    steps: number | null;
                };
                provider_failures: number;
                search_ms: components["schemas"]["Distribution"];
                searches: number;
            };
            turns: {
                completed: number;
                duration_ms: components["schemas"]["Distribution"];
                failed: number;
                total: number;
            };
            whatsapp: {
                acknowledge_ms: components["schemas"]["Distribution"];
                answer_ms: components["schemas"]["Distribution"];
                failed: number;
                forged: number;
                limited: number;
                progress_ms: components["schemas"]["Distribution"];
                received: number;
                repeated: number;
                sent: number;
            };
        };
        Model: {
            created: number;
            id: string;
            /** @constant */
            object: "model";
            owned_by: string;
        };
        NoteWhatsAppStatusBody: {
            /** @default null */
            ErrorCode?: number | null;
            MessageSid: string;
            MessageStatus: string;
        } & {
            [key: string]: unknown;
        };
        OpenAiProblem: {
            error: {
                code: string;
                message: string;
                param: string | null;
                type: string;
            };
        };
        Overview: {
            days: {
                abandoned: number;
                cached: number;
                completed: number;
                /** Format: date */
                day: string;
                duration_ms: {
                    mean: number | null;
                    p50: number | null;
                    p95: number | null;
                    p99: number | null;
                };
                failed: number;
                input_tokens: number;
                interrupted: number;
                output_tokens: number;
                sessions: number;
                turns: number;
                users?: number;
            }[];
            due: {
                bytes: number;
                first_session_ids: string[];
                first_sessions: {
                    days: number | null;
                    /** @enum {unknown} */
                    reason: "idle" | "age" | "rows" | "bytes" | "journal";
                    session_id: string;
                }[];
                reason: string;
                reasons: {
                    [key: string]: number;
                };
                would_delete: number;
            };
            /** Format: date */
            from: string;
            growth: {
                archived_bytes: number;
                archived_sessions: number;
                /** Format: date */
                day: string;
                sessions: number;
                storage_bytes: number;
                turns: number;
            }[];
            limits: {
                limit: number;
                /** @enum {unknown} */
                name: "storage" | "live_bytes" | "stored_bytes" | "sessions";
                per_day: number | null;
                reached_on: string | null;
                used: number;
            }[];
            models: {
                abandoned: number;
                cached: number;
                completed: number;
                duration_ms: {
                    mean: number | null;
                    p50: number | null;
                    p95: number | null;
                    p99: number | null;
                };
                failed: number;
                input_tokens: number;
                interrupted: number;
                model: string;
                output_tokens: number;
                sessions: number;
                turns: number;
                users?: number;
            }[];
            /** @constant */
            object: "overview";
            storage: {
                archived_bytes: number;
                archived_conversations: number;
                due_for_purge: number;
                last_accessed: {
                    [key: string]: number;
                };
                last_accessed_earlier: number;
                last_purge: {
                    /** Format: date-time */
                    at: string;
                    bytes: number;
                    deleted: number;
                    errors: number;
                } | null;
                newest_conversation: string | null;
                oldest_conversation: string | null;
                quotas: components["schemas"]["Quotas"];
                retention_days: number | null;
                storage_bytes: number;
                total_conversations: number;
                total_messages: number;
                total_turns: number;
            };
            /** Format: date */
            to: string;
            total: {
                abandoned: number;
                cached: number;
                completed: number;
                duration_ms: {
                    mean: number | null;
                    p50: number | null;
                    p95: number | null;
                    p99: number | null;
                };
                failed: number;
                input_tokens: number;
                interrupted: number;
                output_tokens: number;
                sessions: number;
                turns: number;
                users?: number;
            };
        };
        Policies: ({
            /** @default false */
            ignore_case?: boolean;
            /** @default true */
            keep_original?: boolean;
            name?: string;
            /** @enum {string} */
            on: "request" | "response" | "both";
            pattern: string;
            /** @default [redacted] */
            replacement?: string;
            /** @constant */
            type: "redact";
        } | {
            /** @default false */
            ignore_case?: boolean;
            /** @default This cannot be answered here. */
            message?: string;
            name?: string;
            /** @enum {string} */
            on: "request" | "response" | "both";
            pattern: string;
            /** @constant */
            type: "block";
        } | {
            /** @default This cannot be answered here. */
            message?: string;
            name?: string;
            /** @constant */
            type: "max_cost";
            usd: number;
            usd_per_million_input: number;
            usd_per_million_output: number;
        } | {
            instructions: string;
            /** @default This cannot be answered here. */
            message?: string;
            model: string;
            name?: string;
            /** @enum {string} */
            on: "request" | "response";
            /**
             * @default block
             * @enum {string}
             */
            on_error?: "allow" | "block";
            /** @constant */
            type: "judge";
        })[];
        PolicyEvent: {
            call_id: string;
            /** Format: date-time */
            created_at: string;
            event_type: string;
            id: string;
            metadata: unknown;
            modified: string | null;
            modified_event_id: string | null;
            /** @constant */
            object: "call.policy_event";
            original: string | null;
            original_event_id: string | null;
            policy_class: string;
            policy_config: unknown;
            sequence: number;
        };
        Problem: {
            call_id?: string;
            code: string;
            detail: string;
            error: string;
            param?: string;
            problems?: components["schemas"]["LineProblem"][];
            provider_code?: string;
            request_id: string;
            session_id?: string;
            status: number;
            /** @constant */
            success: false;
            title: string;
            /** @constant */
            type: "about:blank";
        };
        PurgeBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            dry_run?: boolean | string;
            older_than_days?: number;
        };
        PutAccountAssistantBody: {
            cache?: boolean;
            idle_seconds?: number | null;
            instructions?: string | null;
            memory?: {
                extract: boolean;
                /** @default null */
                model?: string | null;
            };
            models?: string[] | null;
            policies?: components["schemas"]["Policies"];
            retention_days?: number | null;
            roles?: string[] | null;
            /** @enum {string} */
            scope?: "query" | "read" | "manage" | "admin";
            summary?: boolean;
            window?: {
                messages: number;
                /** @default null */
                tokens?: number | null;
            };
        };
        Quotas: {
            sessions: {
                limit: number | null;
                used: number;
            };
            stored_bytes: {
                limit: number | null;
                used: number;
            };
            turns_per_day: {
                limit: number | null;
                used: number;
            };
        };
        ReceiveWhatsAppBody: {
            Address?: string;
            /** @default  */
            Body?: string;
            ButtonText?: string;
            ExternalUserId?: string;
            ExternalUserIdentifier?: string;
            From: string;
            Label?: string;
            Latitude?: number;
            ListTitle?: string;
            Longitude?: number;
            MessageSid: string;
            /** @default 0 */
            NumMedia?: number;
            WaId?: string;
        } & {
            [key: string]: unknown;
        };
        Reply: {
            /** @constant */
            blocked?: true;
            /** @constant */
            cached?: true;
            call_id?: string;
            /** Format: date-time */
            created_at: string;
            model: string | null;
            /** @constant */
            new_session?: true;
            response: string;
            /** @constant */
            restored?: true;
            session_id?: string;
            state_version?: number;
            stored: boolean;
            /** @constant */
            success: true;
            usage?: components["schemas"]["Usage"];
        };
        Response: {
            access_programs?: unknown;
            background: boolean;
            completed_at: number | null;
            conversation: {
                id: string;
            } | null;
            created_at: number;
            error: components["schemas"]["TurnError"] | null;
            frequency_penalty: number;
            id: string;
            image?: unknown;
            incomplete_details: {
                reason: string;
            } | null;
            instructions: string | null;
            max_output_tokens: number | null;
            max_tool_calls: number | null;
            metadata: {
                [key: string]: string;
            };
            model: string;
            /** @constant */
            object: "response";
            output: components["schemas"]["Item"][];
            parallel_tool_calls: boolean;
            presence_penalty: number;
            previous_response_id: string | null;
            prompt_cache_key: string | null;
            prompt_cache_options?: unknown;
            prompt_cache_retention?: unknown;
            reasoning: {
                context?: unknown;
                effort: string | null;
                mode?: unknown;
                summary: string | null;
            };
            safety_identifier: string | null;
            service_tier: string;
            /** @enum {unknown} */
            status: "queued" | "in_progress" | "completed" | "incomplete" | "failed" | "cancelled";
            store: boolean;
            temperature: number;
            text: {
                format: Record<string, unknown>;
                verbosity?: string;
            };
            tool_choice: string | Record<string, unknown>;
            tools: ({
                description: string | null;
                name: string;
                parameters: Record<string, unknown> | null;
                strict: boolean | null;
                /** @constant */
                type: "function";
            } | {
                description?: string;
                format?: Record<string, unknown>;
                name: string;
                /** @constant */
                type: "custom";
            } | {
                description?: string;
                name: string;
                tools: Record<string, unknown>[];
                /** @constant */
                type: "namespace";
            } | {
                description?: string;
                /** @constant */
                execution: "client";
                parameters?: Record<string, unknown>;
                /** @constant */
                type: "tool_search";
            } | {
                environment?: Record<string, unknown>;
                /** @constant */
                type: "shell";
            } | {
                display_height: number;
                display_width: number;
                environment: string;
                /** @constant */
                type: "computer_use_preview";
            } | {
                /** @enum {unknown} */
                type: "local_shell" | "apply_patch" | "computer";
            })[];
            top_logprobs: number;
            top_p: number;
            /** @enum {unknown} */
            truncation: "auto" | "disabled";
            usage: components["schemas"]["ResponseUsage"] | null;
            user?: string;
        };
        ResponseUsage: {
            input_tokens: number;
            input_tokens_details: {
                cache_write_tokens: number;
                cached_tokens: number;
            };
            output_tokens: number;
            output_tokens_details: {
                reasoning_tokens: number;
            };
            total_tokens: number;
        };
        RestoreArchivesBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            session_ids: components["schemas"]["Id"][];
        };
        RestoreBackupBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            /** @default false */
            dry_run?: boolean;
            /**
             * @default newer
             * @enum {string}
             */
            on_conflict?: "newer" | "skip" | "replace" | "fail";
            session_ids?: components["schemas"]["Id"][];
        };
        Retention: {
            effective: components["schemas"]["RetentionSettings"];
            /** @constant */
            object: "retention";
            set: components["schemas"]["RetentionSettings"];
        };
        RetentionSettings: {
            age_days?: number | null;
            archive_days?: number | null;
            backup_days?: number | null;
            backup_every_days?: number | null;
            backups_kept?: number | null;
            cache_hours?: number | null;
            idle_days?: number | null;
            journal_rows?: number | null;
            live_bytes?: number | null;
            rows?: number | null;
            rules?: {
                age_days?: number | null;
                archive_days?: number | null;
                assistant?: string;
                idle_days?: number | null;
                metadata?: {
                    [key: string]: string;
                };
            }[];
        };
        RetentionTrial: {
            /** @constant */
            dry_run: true;
            effective: components["schemas"]["RetentionSettings"];
            /** @constant */
            object: "retention";
            would_archive: {
                bytes: number;
                first_session_ids: string[];
                sessions: number;
            };
            would_delete: {
                first_session_ids: string[];
                sessions: number;
            };
            would_delete_backups: string[];
        };
        RotateKeyBody: {
            /** @default 86400 */
            overlap_seconds?: number;
        };
        SearchHit: {
            call_id: string;
            created_at: string | null;
            highlights: number[][];
            /** @constant */
            object: "search_hit";
            /** @enum {unknown} */
            role: "user" | "assistant" | null;
            session_id: string;
            snippet: string | null;
            /** @enum {unknown} */
            status: "live" | "archived";
        };
        SendChatMessageBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            assistant?: components["schemas"]["Id"] | null;
            branch?: components["schemas"]["Id"] | null;
            frequency_penalty?: number | null;
            id: components["schemas"]["Id"];
            instructions?: string | null;
            max_output_tokens?: number | null;
            max_tool_calls?: number | null;
            messageId?: string | null;
            messages: (({
                id: string;
                parts: (({
                    text: string;
                    /** @constant */
                    type: "text";
                } & {
                    [key: string]: unknown;
                }) | ({
                    filename?: string;
                    mediaType: string;
                    providerReference?: null;
                    /** @constant */
                    type: "file";
                    url: string;
                } & {
                    [key: string]: unknown;
                }))[];
                /** @constant */
                role: "user";
            } & {
                [key: string]: unknown;
            }) | ({
                id: string;
                parts: ({
                    type: string;
                } & {
                    [key: string]: unknown;
                })[];
                /** @constant */
                role: "assistant";
            } & {
                [key: string]: unknown;
            }))[];
            model?: string | null;
            parallel_tool_calls?: boolean | null;
            presence_penalty?: number | null;
            prompt_cache_key?: string | null;
            reasoning?: {
                context?: unknown;
                effort?: ("none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max") | null;
                generate_summary?: ("auto" | "concise" | "detailed") | null;
                mode?: unknown;
                summary?: ("auto" | "concise" | "detailed") | null;
            } | null;
            safety_identifier?: string | null;
            service_tier?: ("auto" | "default" | "flex" | "fast" | "priority" | "scale") | null;
            temperature?: number | null;
            text?: {
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "json_object";
                } | {
                    description?: string | null;
                    name: string;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                    /** @constant */
                    type: "json_schema";
                }) | null;
                verbosity?: ("low" | "medium" | "high") | null;
            } | null;
            tool_choice?: (("none" | "auto" | "required") | ({
                name: string;
                /** @enum {string} */
                type: "function" | "custom";
            } | {
                /** @enum {string} */
                type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
            }) | {
                /**
                 * @default auto
                 * @enum {string}
                 */
                mode?: "none" | "auto" | "required";
                tools: ({
                    name: string;
                    /** @enum {string} */
                    type: "function" | "custom";
                } | {
                    /** @enum {string} */
                    type: "shell" | "local_shell" | "apply_patch" | "computer" | "computer_use_preview" | "tool_search";
                })[];
                /** @constant */
                type: "allowed_tools";
            }) | null;
            tools?: {
                allowed_callers?: unknown;
                async?: unknown;
                defer_loading?: unknown;
                description?: string | null;
                name: string;
                output_schema?: unknown;
                parameters?: {
                    [key: string]: unknown;
                } | null;
                strict?: boolean | null;
                /** @constant */
                type: "function";
            }[] | null;
            top_logprobs?: number | null;
            top_p?: number | null;
            /**
             * @default submit-message
             * @enum {string}
             */
            trigger?: "submit-message" | "regenerate-message";
            truncation?: ("auto" | "disabled") | null;
            user?: string | null;
        };
        Session: {
            assistant: string;
            /** Format: date-time */
            created_at: string;
            facts: string[];
            hold: string | null;
            /** Format: date-time */
            last_accessed_at: string;
            metadata: {
                [key: string]: string;
            };
            /** @constant */
            object: "session";
            pinned: boolean;
            role: string | null;
            session_id: string;
            /** @enum {unknown} */
            status: "live" | "archived";
            turns: number;
            user_id: string | null;
        };
        SetCallsModeBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            /** @default false */
            force?: boolean;
            /** @enum {string} */
            mode: "old" | "dual" | "new";
            own_turns?: boolean;
        };
        SetFlagBody: {
            /** @default [] */
            allow?: string[];
            /** @default false */
            default?: boolean;
            /** @default 0 */
            percentage?: number;
        };
        SetKeyGrantsBody: {
            grants: {
                accounts: "*" | components["schemas"]["AccountId"][];
                scopes: ("query" | "read" | "manage")[];
            } | null;
        };
        State: Record<string, unknown>;
        StoredMessage: {
            call_id: string;
            content: string;
            /** Format: date-time */
            created_at: string;
            id: string;
            loads?: Record<string, unknown>[];
            /** @constant */
            object: "message";
            parts?: Record<string, unknown>[];
            /** @enum {unknown} */
            role: "system" | "developer" | "user" | "assistant" | "tool";
            /** @enum {unknown} */
            status: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
            tool_call_id?: string;
            tool_calls?: components["schemas"]["ToolCall"][];
        };
        ToolCall: {
            function: {
                arguments: string;
                name: string;
            };
            id: string;
            /** @constant */
            type: "function";
        };
        Turn: {
            call_id: string;
            /** Format: date-time */
            created_at: string;
            duration_ms: number | null;
            error: components["schemas"]["TurnError"] | null;
            input: components["schemas"]["Content"];
            model: string | null;
            /** @constant */
            object: "turn";
            output: components["schemas"]["Content"] | null;
            /** @enum {unknown} */
            status: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
            usage: components["schemas"]["Usage"] | null;
        };
        TurnError: {
            code: string;
            message: string;
        };
        UiMessage: {
            id: string;
            metadata?: Record<string, unknown>;
            parts: Record<string, unknown>[];
            /** @enum {unknown} */
            role: "system" | "user" | "assistant";
        };
        Usage: {
            input_tokens: number;
            output_tokens: number;
        };
        UserFact: {
            /** Format: date-time */
            created_at: string;
            fact_id: string;
            /** @constant */
            object: "user.fact";
            role: string | null;
            source: {
                /** @constant */
                type: "client";
            } | {
                call_id: string;
                session_id: string;
                /** @constant */
                type: "turn";
            };
            text: string;
            /** Format: date-time */
            updated_at: string;
            user_id: string;
        };
        WhatsAppMessage: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            error: string | null;
            error_code: number | null;
            id: string;
            message_sid: string | null;
            /** @constant */
            object: "whatsapp.message";
            part: number;
            reply_to: string;
            status: string;
            /** Format: date-time */
            updated_at: string;
            user_id: string;
        };
        Window: {
            assistant: string;
            considered: {
                content: string;
                id: string;
                reason: string;
                role: string;
                shown: boolean;
            }[];
            limits: {
                messages: number;
                tokens: number | null;
            };
            messages: {
                content: string;
                loads?: Record<string, unknown>[];
                parts?: Record<string, unknown>[];
                role: string;
                tool_call_id?: string;
                tool_calls?: components["schemas"]["ToolCall"][];
            }[];
            /** @constant */
            object: "session.window";
            session_id: string;
            summary: {
                text: string;
                through: string;
            } | null;
            tokens: number;
        };
        WriteCallBody: {
            account_id?: components["schemas"]["AccountId"];
            accountId?: components["schemas"]["AccountId"];
            call_id?: string | number;
            created_at?: string;
            duration_ms?: number;
            error?: {
                code: string;
                message: string;
            };
            input_tokens?: number;
            metadata?: Record<string, unknown>;
            model?: string;
            output_tokens?: number;
            policy_events?: {
                created_at?: string;
                event_type: string;
                id?: components["schemas"]["Id"];
                /** @default {} */
                metadata?: Record<string, unknown>;
                modified?: string | {
                    [key: string]: unknown;
                } | unknown[];
                modified_event_id?: string;
                original?: string | {
                    [key: string]: unknown;
                } | unknown[];
                original_event_id?: string;
                policy_class: string;
                /** @default {} */
                policy_config?: Record<string, unknown>;
                /** @default 0 */
                sequence?: number;
            }[];
            provider?: string;
            request?: Record<string, unknown>;
            response?: Record<string, unknown>;
            session_id?: components["schemas"]["Id"];
            /** @enum {string} */
            status?: "in_progress" | "completed" | "failed";
            user_id?: components["schemas"]["Id"];
        };
        WriteCallEventsBody: {
            events: {
                /** @enum {string} */
                event_type: "request" | "response" | "chunk";
                payload: Record<string, unknown>;
                sequence?: number;
            }[];
        } | {
            /** @enum {string} */
            event_type: "request" | "response" | "chunk";
            payload: Record<string, unknown>;
            sequence?: number;
        };
        WriteCallsBody: {
            call_id?: string | number;
            created_at?: string;
            duration_ms?: number;
            error?: {
                code: string;
                message: string;
            };
            input_tokens?: number;
            metadata?: Record<string, unknown>;
            model?: string;
            output_tokens?: number;
            policy_events?: {
                created_at?: string;
                event_type: string;
                id?: components["schemas"]["Id"];
                /** @default {} */
                metadata?: Record<string, unknown>;
                modified?: string | {
                    [key: string]: unknown;
                } | unknown[];
                modified_event_id?: string;
                original?: string | {
                    [key: string]: unknown;
                } | unknown[];
                original_event_id?: string;
                policy_class: string;
                /** @default {} */
                policy_config?: Record<string, unknown>;
                /** @default 0 */
                sequence?: number;
            }[];
            provider?: string;
            request?: Record<string, unknown>;
            response?: Record<string, unknown>;
            session_id?: components["schemas"]["Id"];
            /** @enum {string} */
            status?: "in_progress" | "completed" | "failed";
            user_id?: components["schemas"]["Id"];
        };
        WritePolicyEventsBody: {
            policy_events: {
                created_at?: string;
                event_type: string;
                id?: components["schemas"]["Id"];
                /** @default {} */
                metadata?: Record<string, unknown>;
                modified?: string | {
                    [key: string]: unknown;
                } | unknown[];
                modified_event_id?: string;
                original?: string | {
                    [key: string]: unknown;
                } | unknown[];
                original_event_id?: string;
                policy_class: string;
                /** @default {} */
                policy_config?: Record<string, unknown>;
                /** @default 0 */
                sequence?: number;
            }[];
        } | {
            created_at?: string;
            event_type: string;
            id?: components["schemas"]["Id"];
            /** @default {} */
            metadata?: Record<string, unknown>;
            modified?: string | {
                [key: string]: unknown;
            } | unknown[];
            modified_event_id?: string;
            original?: string | {
                [key: string]: unknown;
            } | unknown[];
            original_event_id?: string;
            policy_class: string;
            /** @default {} */
            policy_config?: Record<string, unknown>;
            /** @default 0 */
            sequence?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getRoot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        console: string | null;
                        docs: string;
                        health: string;
                        /** @constant */
                        name: "colloquy";
                        openapi: string;
                    };
                };
            };
            /** @description To the console, or to /docs where CONSOLE is off */
            302: {
                headers: {
                    /** @description The page */
                    location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                after?: components["schemas"]["AccountId"];
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Account"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    eraseAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account_id: string;
                        archived_sessions: number;
                        cache_entries: number;
                        /** @constant */
                        deleted: true;
                        /** Format: date-time */
                        erased_at: string;
                        /** @constant */
                        object: "account.deleted";
                        object_bytes: number;
                        objects: number;
                        places: components["schemas"]["ErasedPlaces"];
                        sessions: number;
                        turns: number;
                        verified: boolean;
                        where: string[];
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    changeAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccountBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `jurisdiction_fixed` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "jurisdiction_fixed";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listAccountAssistants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Assistant"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getAccountAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `assistant_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "assistant_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    putAccountAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutAccountAssistantBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `assistant_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "assistant_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    resetAccountAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        deleted: true;
                        name: string;
                        /** @constant */
                        object: "assistant.deleted";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `assistant_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "assistant_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    compactAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account_id: string;
                        /** @constant */
                        object: "account.compacted";
                        storage_bytes: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listAccountLog: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AdminLogEntry"][];
                        first_id: number | null;
                        has_more: boolean;
                        last_id: number | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    reindexAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account_id: string;
                        backups: number;
                        errors: {
                            code: string;
                            object_key: string;
                        }[];
                        indexing: boolean;
                        /** @constant */
                        object: "account.reindexed";
                        segments: number;
                        sessions: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    rotateAccountKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["AccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account_id: string;
                        key_id: number;
                        /** @constant */
                        object: "account.key_rotated";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    askAsStaff: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskAsCustomerBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"];
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_gzip`, `invalid_json`, `model_unable`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json" | "model_unable" | "provider_invalid_request";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "forbidden" | "role_not_allowed";
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `model_not_found`, `provider_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "assistant_not_found" | "model_not_found" | "provider_not_found";
                    };
                };
            };
            /** @description `idempotency_in_flight`, `session_busy`, `session_full`, `turn_lost` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_in_flight" | "session_busy" | "session_full" | "turn_lost";
                    };
                };
            };
            /** @description `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_erased";
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large`, `state_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "message_too_large" | "provider_too_large" | "state_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request`, `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request" | "provider_unprocessable";
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "model_timeout";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    getCacheCounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        embedding: {
                            hits: number;
                            misses: number;
                        };
                        flights: {
                            hits: number;
                            misses: number;
                        };
                        /** @constant */
                        object: "cache";
                        query: {
                            hits: number;
                            misses: number;
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    clearCache: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted: number;
                        /** @constant */
                        object: "cache.deleted";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    warmCache: {
        parameters: {
            query?: {
                days_ahead?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        cached: number;
                        days_ahead: number;
                        failed: number;
                        /** @constant */
                        object: "cache.warmed";
                        routes: string[];
                        searched: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    resetCircuit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                circuit: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @constant */
                        object: "circuit";
                        /** @constant */
                        state: "closed";
                        was_open: boolean;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `circuit_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "circuit_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listCronRuns: {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CronRun"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DeadLetter"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    dropDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dead_letter_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `dead_letter_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "dead_letter_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    retryDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dead_letter_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `dead_letter_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "dead_letter_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listFlags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FlagState"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    setFlag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetFlagBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlagState"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `flag_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "flag_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    resetFlag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlagState"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `flag_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "flag_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query: {
                account_id: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Key"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
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
                "application/json": components["schemas"]["CreateKeyBody"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account_id: string;
                        /** Format: date-time */
                        created_at: string;
                        expires_at: string | null;
                        grants: {
                            accounts: string[] | "*";
                            scopes: ("query" | "read" | "manage")[];
                        } | null;
                        id: string;
                        key: string;
                        name: string | null;
                        /** @constant */
                        object: "key";
                        revoked_at: string | null;
                        scopes: ("query" | "read" | "manage" | "admin")[];
                        user_id: string | null;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `key_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "key_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    setKeyGrants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetKeyGrantsBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `key_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "key_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateKeyBody"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account_id: string;
                        /** Format: date-time */
                        created_at: string;
                        expires_at: string | null;
                        grants: {
                            accounts: string[] | "*";
                            scopes: ("query" | "read" | "manage")[];
                        } | null;
                        id: string;
                        key: string;
                        name: string | null;
                        /** @constant */
                        object: "key";
                        revoked_at: string | null;
                        rotated_from: components["schemas"]["Key"];
                        scopes: ("query" | "read" | "manage" | "admin")[];
                        user_id: string | null;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `key_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "key_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listAdminLog: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        anchored: number | null;
                        data: components["schemas"]["AdminLogEntry"][];
                        first_id: number | null;
                        has_more: boolean;
                        head: number;
                        intact: boolean;
                        last_id: number | null;
                        /** @constant */
                        object: "list";
                        verified_through: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getOperations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        circuits: {
                            failures: number;
                            name: string;
                            /** Format: date-time */
                            opened_at: string;
                            /** Format: date-time */
                            until: string;
                        }[];
                        cron_runs: components["schemas"]["CronRun"][];
                        dead_letters: number;
                        failing_maintenance: {
                            account_id: string;
                            /** Format: date-time */
                            at: string;
                            errors: number;
                            failed_steps: string[];
                            /** Format: date-time */
                            since: string;
                        }[];
                        /** @constant */
                        object: "operations";
                        queues: {
                            jobs: {
                                oldest_at: string | null;
                                waiting: number;
                            };
                            messages: {
                                oldest_at: string | null;
                                waiting: number;
                            };
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    purgeAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queued: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getAnalytics: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                by?: "day" | "assistant" | "model";
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        by: "day" | "assistant" | "model";
                        data: {
                            abandoned: number;
                            assistant?: string;
                            cached: number;
                            completed: number;
                            /** Format: date */
                            day?: string;
                            duration_ms: {
                                mean: number | null;
                                p50: number | null;
                                p95: number | null;
                                p99: number | null;
                            };
                            failed: number;
                            input_tokens: number;
                            interrupted: number;
                            model?: string;
                            output_tokens: number;
                            sessions: number;
                            turns: number;
                            users?: number;
                        }[];
                        /** Format: date */
                        from: string;
                        /** @constant */
                        object: "analytics";
                        /** Format: date */
                        to: string;
                        total: {
                            abandoned: number;
                            cached: number;
                            completed: number;
                            duration_ms: {
                                mean: number | null;
                                p50: number | null;
                                p95: number | null;
                                p99: number | null;
                            };
                            failed: number;
                            input_tokens: number;
                            interrupted: number;
                            output_tokens: number;
                            sessions: number;
                            turns: number;
                            users?: number;
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    askAsCustomer: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskAsCustomerBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"];
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_gzip`, `invalid_json`, `model_unable`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json" | "model_unable" | "provider_invalid_request";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "forbidden" | "role_not_allowed";
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `model_not_found`, `provider_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "assistant_not_found" | "model_not_found" | "provider_not_found";
                    };
                };
            };
            /** @description `idempotency_in_flight`, `session_busy`, `session_full`, `turn_lost` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_in_flight" | "session_busy" | "session_full" | "turn_lost";
                    };
                };
            };
            /** @description `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_erased";
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large`, `state_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "message_too_large" | "provider_too_large" | "state_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request`, `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request" | "provider_unprocessable";
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "model_timeout";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    getOldCall: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        call: Record<string, unknown> | null;
                        call_id: string;
                        events: Record<string, unknown>[];
                        judge_decisions: Record<string, unknown>[];
                        /** @constant */
                        object: "conversation";
                        /** @enum {unknown} */
                        source: "rows" | "call";
                        tool_calls: Record<string, unknown>[];
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getLegacyCall: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        call_id: string;
                        /** Format: date-time */
                        created_at: string;
                        duration_ms: number | null;
                        error: components["schemas"]["TurnError"] | null;
                        events: components["schemas"]["CallEvent"][];
                        external: boolean;
                        metadata?: Record<string, unknown>;
                        missing_chunks?: number[];
                        model: string | null;
                        /** @constant */
                        object: "call";
                        /** @enum {unknown} */
                        policy_outcome: "allowed" | "modified" | "blocked" | null;
                        provider: string | null;
                        session_id: string | null;
                        /** @enum {unknown} */
                        status: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
                        usage: components["schemas"]["Usage"] | null;
                        user_id: string | null;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getLegacyPolicyEvents: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        call_id: string;
                        policy_events: components["schemas"]["PolicyEvent"][];
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listArchives: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                assistant?: components["schemas"]["Id"];
                before?: string;
                from?: string;
                limit?: number;
                order?: "asc" | "desc";
                to?: string;
                user_id?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getArchive: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Archive"];
                    "application/x-ndjson": string;
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `archive_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "archive_not_found";
                    };
                };
            };
            /** @description `archive_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    restoreArchive: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        restored: boolean;
                        session_id: string;
                        /** @constant */
                        success: true;
                        turns: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `archive_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "archive_not_found";
                    };
                };
            };
            /** @description `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_erased";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    restoreArchives: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreArchivesBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            code: string | null;
                            restored: boolean;
                            session_id: string;
                            turns: number;
                        }[];
                        restored: number;
                        success: boolean;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listAssistants: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AssistantSummary"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listBackups: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Backup"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    createBackup: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CreateBackupBody"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            /** @description It is being made */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `backup_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "backup_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `backup_running` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "backup_running";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getBackup: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                backup_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupManifest"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `backup_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "backup_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    deleteBackup: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                backup_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        backup_id: string;
                        /** @constant */
                        deleted: true;
                        /** @constant */
                        object: "backup.deleted";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `backup_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "backup_not_found";
                    };
                };
            };
            /** @description `account_held`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "session_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    restoreBackup: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                backup_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RestoreBackupBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        backup_id: string;
                        complete: boolean;
                        conflicts: string[];
                        dry_run: boolean;
                        /** @constant */
                        object: "backup.restore";
                        /** @enum {unknown} */
                        on_conflict: "newer" | "skip" | "replace" | "fail";
                        repaired: number;
                        replaced: number;
                        restored: number;
                        skipped: {
                            busy: number;
                            damaged: number;
                            erased: number;
                            exists: number;
                            facts_full: number;
                            held: number;
                        };
                        turns: number;
                        unchanged: number;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `backup_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "backup_not_found";
                    };
                };
            };
            /** @description `backup_running`, `restore_conflict` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "backup_running" | "restore_conflict";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    verifyBackup: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                backup_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        backup_id: string;
                        errors: {
                            error: string;
                            part: number;
                        }[];
                        /** @constant */
                        object: "backup.verification";
                        parts: number;
                        sessions: number;
                        turns: number;
                        valid: boolean;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `backup_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "backup_not_found";
                    };
                };
            };
            /** @description `backup_running` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "backup_running";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listCalls: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string | number;
                archived?: string;
                before?: string | number;
                from?: string;
                limit?: number;
                model?: string;
                order?: "asc" | "desc";
                policy_outcome?: "allowed" | "modified" | "blocked" | "none";
                provider?: string;
                session_id?: components["schemas"]["Id"];
                status?: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
                to?: string;
                user_id?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Call"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    writeCall: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WriteCallBody"];
            };
        };
        responses: {
            /** @description It was known */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Call"];
                };
            };
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Call"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `session_full` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_full";
                    };
                };
            };
            /** @description `call_erased`, `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "call_erased" | "session_erased";
                    };
                };
            };
            /** @description `body_too_large`, `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "call_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    getCall: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Call"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    eraseCall: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        call_id: string;
                        /** @constant */
                        deleted: true;
                        /** @constant */
                        object: "call.deleted";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `account_held`, `call_in_progress`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "call_in_progress" | "session_busy" | "session_held";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    completeCall: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CompleteCallBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        call_id: string;
                        /** Format: date-time */
                        created_at: string;
                        duration_ms: number | null;
                        error: components["schemas"]["TurnError"] | null;
                        external: boolean;
                        metadata?: Record<string, unknown>;
                        missing_chunks?: number[];
                        model: string | null;
                        /** @constant */
                        object: "call";
                        /** @enum {unknown} */
                        policy_outcome: "allowed" | "modified" | "blocked" | null;
                        provider: string | null;
                        session_id: string | null;
                        /** @enum {unknown} */
                        status: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
                        usage: components["schemas"]["Usage"] | null;
                        user_id: string | null;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `account_held`, `call_archived`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "call_archived" | "session_held";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `body_too_large`, `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "call_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listCallEvents: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CallEvent"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    writeCallEvents: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WriteCallEventsBody"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Call"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `account_held`, `call_archived`, `call_completed`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "call_archived" | "call_completed" | "session_held";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `body_too_large`, `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "call_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    listPolicyEvents: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PolicyEvent"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    writePolicyEvents: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WritePolicyEventsBody"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Call"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `account_held`, `call_archived`, `call_in_progress`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "call_archived" | "call_in_progress" | "session_held";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `body_too_large`, `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "call_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    getCallWindow: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallWindow"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `call_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "call_not_found";
                    };
                };
            };
            /** @description `call_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_erased";
                    };
                };
            };
            /** @description `call_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "call_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    writeCalls: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WriteCallsBody"] | components["schemas"]["WriteCallsBody"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        created: number;
                        errors: {
                            code: string;
                            line: number;
                            message: string;
                        }[];
                        known: number;
                        lines: number;
                        /** @constant */
                        object: "call.batch";
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    sendChatMessage: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendChatMessageBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `context_too_large`, `invalid_gzip`, `invalid_json`, `model_unable`, `previous_response_not_found`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "context_too_large" | "invalid_gzip" | "invalid_json" | "model_unable" | "previous_response_not_found" | "provider_invalid_request";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "forbidden" | "role_not_allowed";
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `item_not_found`, `model_not_found`, `provider_not_found`, `response_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "assistant_not_found" | "item_not_found" | "model_not_found" | "provider_not_found" | "response_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `idempotency_in_flight`, `message_answered`, `response_in_progress`, `session_busy`, `session_exists`, `session_full`, `turn_lost` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_in_flight" | "message_answered" | "response_in_progress" | "session_busy" | "session_exists" | "session_full" | "turn_lost";
                    };
                };
            };
            /** @description `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_erased";
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "message_too_large" | "provider_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request`, `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request" | "provider_unprocessable";
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "model_timeout";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    listChatMessages: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                before?: string;
                limit?: number;
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        first_id: string | null;
                        has_more: boolean;
                        messages: components["schemas"]["UiMessage"][];
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    stopChat: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        session_id: string;
                        stopped: boolean;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `response_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "response_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    resumeChatStream: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description No answer is in progress */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `response_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "response_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    exportSessions: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                assistant?: components["schemas"]["Id"];
                since?: string;
                until?: string;
                user_id?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description How many sessions there are. */
                    "X-Export-Sessions"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `session_busy` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_busy";
                    };
                };
            };
            /** @description `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_erased";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        auth: "keys" | "open";
                        models: string[];
                        /** @constant */
                        status: "ok";
                        storage: boolean;
                    };
                };
            };
        };
    };
    getHealthDetailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    importSessions: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                dry_run?: "true" | "false";
                from_line?: number;
                import_id?: components["schemas"]["Id"];
                mode?: "atomic" | "skip_bad";
                more?: "true" | "false";
                on_conflict?: "skip" | "replace" | "merge" | "fail";
                position?: string;
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description `invalid_gzip` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_gzip";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `import_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "import_not_found";
                    };
                };
            };
            /** @description `import_conflict`, `import_mismatch` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "import_conflict" | "import_mismatch";
                    };
                };
            };
            /** @description `body_too_large`, `expansion_too_large`, `import_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "expansion_too_large" | "import_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `import_rejected`, `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "import_rejected" | "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    listImports: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Import"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getImport: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                import_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `import_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "import_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    undoImport: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                import_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        complete: boolean;
                        import_id: string;
                        kept: {
                            /** @enum {unknown} */
                            code: "held" | "busy";
                            session_id: string;
                        }[];
                        /** @constant */
                        object: "import.undone";
                        sessions: number;
                        trimmed: number;
                        turns: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `import_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "import_not_found";
                    };
                };
            };
            /** @description `account_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    ingestLiteLlm: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IngestLiteLlmBody"] | components["schemas"]["IngestLiteLlmBody"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        created: number;
                        errors: {
                            code: string;
                            line: number;
                            message: string;
                        }[];
                        known: number;
                        lines: number;
                        /** @constant */
                        object: "call.batch";
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        created: number;
                        error: string;
                        errors: {
                            code: string;
                            line: number;
                            message: string;
                        }[];
                        known: number;
                        lines: number;
                        /** @constant */
                        object: "call.batch";
                        /** @constant */
                        success: false;
                    };
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    mcp: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["McpBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                    "text/event-stream": string;
                };
            };
            /** @description A notification was taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_gzip` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_gzip";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description Accept lacks application/json or text/event-stream */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Metrics"];
                    "text/plain": string;
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    setCallsMode: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetCallsModeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsMigrationStatus"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `calls_differ`, `old_rows_dropped` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "calls_differ" | "old_rows_dropped";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    uploadOldCalls: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                dry_run?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        calls: number;
                        created: number;
                        discrepancies: {
                            call_id: string;
                            detail: string;
                            kind: string;
                        }[];
                        discrepancy_count: number;
                        dry_run: boolean;
                        errors: {
                            call_id: string;
                            code: string;
                            message: string;
                        }[];
                        kept: number;
                        known: number;
                        line_errors: {
                            code: string;
                            line: number;
                            message: string;
                        }[];
                        /** @enum {unknown} */
                        mode: "old" | "dual" | "new" | null;
                        /** @constant */
                        object: "calls.migration";
                        rows: number;
                        updated: number;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    dropOldCalls: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsMigrationStatus"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `account_held`, `calls_differ` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "calls_differ";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    backfillCalls: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string | number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        after: string | null;
                        calls: number;
                        complete: boolean;
                        created: number;
                        discrepancies: {
                            call_id: string;
                            detail: string;
                            kind: string;
                        }[];
                        discrepancy_count: number;
                        errors: {
                            call_id: string;
                            code: string;
                            message: string;
                        }[];
                        known: number;
                        /** @constant */
                        object: "calls.backfill";
                        updated: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    compareCalls: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsMigrationStatus"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listCallMismatches: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string | number;
                before?: string | number;
                call_id?: string | number;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CallMismatch"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getCallsMigration: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsMigrationStatus"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    purge: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                dry_run?: boolean | string;
                older_than_days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PurgeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived: number;
                        bytes: number;
                        deleted: number;
                        errors: number;
                        remaining: number;
                    } | {
                        bytes: number;
                        /** @constant */
                        deleted: 0;
                        /** @constant */
                        dry_run: true;
                        first_session_ids: string[];
                        first_sessions: {
                            days: number | null;
                            /** @enum {unknown} */
                            reason: "idle" | "age" | "rows" | "bytes" | "journal";
                            session_id: string;
                        }[];
                        reason: string;
                        reasons: {
                            [key: string]: number;
                        };
                        would_delete: number;
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `account_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"];
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_gzip`, `invalid_json`, `model_unable`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json" | "model_unable" | "provider_invalid_request";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "forbidden" | "role_not_allowed";
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `model_not_found`, `provider_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "assistant_not_found" | "model_not_found" | "provider_not_found";
                    };
                };
            };
            /** @description `idempotency_in_flight`, `session_busy`, `session_full`, `turn_lost` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_in_flight" | "session_busy" | "session_full" | "turn_lost";
                    };
                };
            };
            /** @description `session_erased` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_erased";
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large`, `state_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "message_too_large" | "provider_too_large" | "state_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_request`, `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_mismatch" | "invalid_request" | "provider_unprocessable";
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "model_timeout";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    getRetention: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    putRetention: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                dry_run?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"] | components["schemas"]["RetentionTrial"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    resetRetention: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    search: {
        parameters: {
            query: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                limit?: number;
                offset?: number;
                q: string;
                status?: "live" | "archived";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        complete: boolean;
                        data: components["schemas"]["SearchHit"][];
                        has_more: boolean;
                        indexing: boolean;
                        /** @constant */
                        object: "list";
                        offset: number;
                        order: string;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                assistant?: components["schemas"]["Id"];
                before?: string;
                limit?: number;
                /** @description Pairs that the metadata has to have: `metadata[topic]=billing`. */
                metadata?: {
                    [key: string]: string;
                };
                order?: "asc" | "desc";
                status?: "live" | "archived";
                user_id?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    eraseSession: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        deleted: true;
                        /** @constant */
                        object: "session.deleted";
                        places: components["schemas"]["ErasedPlaces"];
                        segments: number;
                        session_id: string;
                        turns: number;
                        verified: boolean;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `account_held`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "session_busy" | "session_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    changeSession: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSessionBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    archiveSession: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `session_busy` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_busy";
                    };
                };
            };
            /** @description `archive_too_large`, `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_too_large" | "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["StoredMessage"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getState: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description Versions that the caller has, in quotes. */
                "If-None-Match"?: string;
            };
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state itself */
            200: {
                headers: {
                    /** @description Its version, in quotes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
            /** @description It has not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    putState: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The version that is to be changed, in quotes; `*` for any. */
                "If-Match"?: string;
            };
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["State"];
            };
        };
        responses: {
            /** @description The state itself */
            200: {
                headers: {
                    /** @description Its version, in quotes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `session_busy` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_busy";
                    };
                };
            };
            /** @description `precondition_failed` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "precondition_failed";
                    };
                };
            };
            /** @description `body_too_large`, `state_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "state_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "precondition_required";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    patchState: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The version that is to be changed, in quotes; `*` for any. */
                "If-Match"?: string;
            };
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["State"];
            };
        };
        responses: {
            /** @description The state itself */
            200: {
                headers: {
                    /** @description Its version, in quotes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `session_busy` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_busy";
                    };
                };
            };
            /** @description `precondition_failed` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "precondition_failed";
                    };
                };
            };
            /** @description `body_too_large`, `state_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large" | "state_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "precondition_required";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "quota_sessions" | "storage_full";
                    };
                };
            };
        };
    };
    listTurns: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Turn"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listVersions: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            /** @enum {unknown} */
                            name: "state" | "metadata" | "facts" | "role" | "user_id";
                            /** @constant */
                            object: "session.version";
                            /** Format: date-time */
                            replaced_at: string;
                            value: unknown;
                        }[];
                        first_id: string | null;
                        has_more: boolean;
                        is_kept: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getWindow: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                query?: string;
            };
            header?: never;
            path: {
                session_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Window"];
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "session_not_found";
                    };
                };
            };
            /** @description `message_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "message_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    getStorageStats: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_bytes: number;
                        archived_conversations: number;
                        due_for_purge: number;
                        last_accessed: {
                            [key: string]: number;
                        };
                        last_accessed_earlier: number;
                        last_purge: {
                            /** Format: date-time */
                            at: string;
                            bytes: number;
                            deleted: number;
                            errors: number;
                        } | null;
                        newest_conversation: string | null;
                        oldest_conversation: string | null;
                        quotas: components["schemas"]["Quotas"];
                        retention_days: number | null;
                        storage_bytes: number;
                        total_conversations: number;
                        total_messages: number;
                        total_turns: number;
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    eraseUser: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                user_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_sessions: number;
                        calls: number;
                        /** @constant */
                        deleted: true;
                        /** Format: date-time */
                        erased_at: string;
                        /** @constant */
                        object: "user.deleted";
                        places: components["schemas"]["ErasedPlaces"];
                        segments: number;
                        sessions: number;
                        turns: number;
                        user_id: string;
                        verified: boolean;
                        where: string[];
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `account_held`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "session_busy" | "session_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    exportUser: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                user_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description How many sessions there are. */
                    "X-Export-Sessions"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `session_busy` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "session_busy";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "archive_corrupt";
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    listUserFacts: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                user_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["UserFact"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    addUserFact: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                user_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddUserFactBody"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserFact"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "forbidden" | "role_not_allowed";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `facts_full` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "facts_full";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    deleteUserFact: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                fact_id: components["schemas"]["Id"];
                user_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        deleted: true;
                        fact_id: string;
                        /** @constant */
                        object: "user.fact.deleted";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `fact_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "fact_not_found";
                    };
                };
            };
            /** @description `account_held`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "session_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    changeUserFact: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                fact_id: components["schemas"]["Id"];
                user_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUserFactBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserFact"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found`, `fact_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_not_found" | "fact_not_found";
                    };
                };
            };
            /** @description `account_held`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "account_held" | "session_held";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "quota_bytes" | "storage_full";
                    };
                };
            };
        };
    };
    listChatCompletions: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                /** @description Pairs that the metadata has to have: `metadata[topic]=billing`. */
                metadata?: {
                    [key: string]: string;
                };
                model?: string;
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ChatCompletion"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "account_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    createChatCompletion: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateChatCompletionBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatCompletion"];
                    "text/event-stream": string;
                };
            };
            /** @description `context_too_large`, `idempotency_mismatch`, `invalid_gzip`, `invalid_json`, `invalid_request`, `model_unable`, `previous_response_not_found`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "context_too_large" | "idempotency_mismatch" | "invalid_gzip" | "invalid_json" | "invalid_request" | "model_unable" | "previous_response_not_found" | "provider_invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "forbidden" | "role_not_allowed";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `item_not_found`, `model_not_found`, `provider_not_found`, `response_not_found`, `session_erased`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "assistant_not_found" | "item_not_found" | "model_not_found" | "provider_not_found" | "response_not_found" | "session_erased" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `idempotency_in_flight`, `response_in_progress`, `session_busy`, `session_full`, `turn_lost` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "idempotency_in_flight" | "response_in_progress" | "session_busy" | "session_full" | "turn_lost";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "message_too_large" | "provider_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "provider_unprocessable";
                        };
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                        };
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "model_timeout";
                        };
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "quota_bytes" | "quota_sessions" | "storage_full";
                        };
                    };
                };
            };
        };
    };
    getChatCompletion: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                completion_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatCompletion"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `completion_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "completion_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    changeChatCompletion: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                completion_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeChatCompletionBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatCompletion"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json`, `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "invalid_gzip" | "invalid_json" | "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `completion_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "completion_not_found";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    deleteChatCompletion: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                completion_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        deleted: true;
                        id: string;
                        /** @constant */
                        object: "chat.completion.deleted";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `completion_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "completion_not_found";
                        };
                    };
                };
            };
            /** @description `account_held`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_held" | "session_busy" | "session_held";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    listChatCompletionMessages: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                completion_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ChatCompletionMessage"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `completion_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "completion_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                /** @description Pairs that the metadata has to have: `metadata[topic]=billing`. */
                metadata?: {
                    [key: string]: string;
                };
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Conversation"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "account_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    createConversation: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateConversationBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `idempotency_mismatch`, `invalid_gzip`, `invalid_json`, `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "idempotency_mismatch" | "invalid_gzip" | "invalid_json" | "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `item_not_found`, `session_erased` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "item_not_found" | "session_erased";
                        };
                    };
                };
            };
            /** @description `idempotency_in_flight` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "idempotency_in_flight";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `call_too_large`, `message_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "call_too_large" | "message_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "quota_bytes" | "quota_sessions" | "storage_full";
                        };
                    };
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    changeConversation: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeChatCompletionBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `invalid_gzip`, `invalid_json`, `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "invalid_gzip" | "invalid_json" | "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `quota_bytes`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "quota_bytes" | "storage_full";
                        };
                    };
                };
            };
        };
    };
    deleteConversation: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        deleted: true;
                        id: string;
                        /** @constant */
                        object: "conversation.deleted";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `account_held`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_held" | "session_busy" | "session_held";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    listItems: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Item"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    addItems: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                conversation_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddItemsBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Item"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `idempotency_mismatch`, `invalid_gzip`, `invalid_json`, `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "idempotency_mismatch" | "invalid_gzip" | "invalid_json" | "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `item_not_found`, `session_erased`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "item_not_found" | "session_erased" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `idempotency_in_flight`, `session_busy`, `session_full` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "idempotency_in_flight" | "session_busy" | "session_full";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `call_too_large`, `message_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "call_too_large" | "message_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "quota_bytes" | "quota_sessions" | "storage_full";
                        };
                    };
                };
            };
        };
    };
    getItem: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["Id"];
                item_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `item_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "item_not_found" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    deleteItem: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["Id"];
                item_id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `item_not_found`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "item_not_found" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `account_held`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_held" | "session_busy" | "session_held";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "quota_bytes" | "quota_sessions" | "storage_full";
                        };
                    };
                };
            };
        };
    };
    createEmbeddings: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEmbeddingsBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            embedding: number[] | string;
                            index: number;
                            /** @constant */
                            object: "embedding";
                        }[];
                        model: string;
                        /** @constant */
                        object: "list";
                        usage: {
                            prompt_tokens: number;
                            total_tokens: number;
                        };
                    };
                };
            };
            /** @description `invalid_gzip`, `invalid_json`, `invalid_request`, `model_unable`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "invalid_gzip" | "invalid_json" | "invalid_request" | "model_unable" | "provider_invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "forbidden" | "role_not_allowed";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `model_not_found`, `provider_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "assistant_not_found" | "model_not_found" | "provider_not_found";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "message_too_large" | "provider_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "provider_unprocessable";
                        };
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                        };
                    };
                };
            };
            /** @description `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "model_failed" | "provider_refused_key";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "model_timeout";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Model"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "account_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `model_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "model_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    openResponses: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description `websocket` */
                Upgrade?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is open */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "account_not_found";
                        };
                    };
                };
            };
            /** @description `upgrade_required` */
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "upgrade_required";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    createResponse: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: {
                /** @description The same request under the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateResponseBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"];
                    "text/event-stream": string;
                };
            };
            /** @description `context_too_large`, `idempotency_mismatch`, `invalid_gzip`, `invalid_json`, `invalid_request`, `model_unable`, `previous_response_not_found`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "context_too_large" | "idempotency_mismatch" | "invalid_gzip" | "invalid_json" | "invalid_request" | "model_unable" | "previous_response_not_found" | "provider_invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "forbidden" | "role_not_allowed";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `item_not_found`, `model_not_found`, `provider_not_found`, `response_not_found`, `session_erased`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "assistant_not_found" | "item_not_found" | "model_not_found" | "provider_not_found" | "response_not_found" | "session_erased" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `idempotency_in_flight`, `response_in_progress`, `session_busy`, `session_full`, `turn_lost` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "idempotency_in_flight" | "response_in_progress" | "session_busy" | "session_full" | "turn_lost";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "message_too_large" | "provider_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "provider_unprocessable";
                        };
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                        };
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "model_timeout";
                        };
                    };
                };
            };
            /** @description `quota_bytes`, `quota_sessions`, `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "quota_bytes" | "quota_sessions" | "storage_full";
                        };
                    };
                };
            };
        };
    };
    getResponse: {
        parameters: {
            query?: {
                account_id?: string;
                accountId?: string;
                include_obfuscation?: string;
                starting_after?: string;
                stream?: "true" | "false";
            };
            header?: never;
            path: {
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"];
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `response_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "response_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable`, `too_many_streams` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable" | "too_many_streams";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    deleteResponse: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        deleted: true;
                        id: string;
                        /** @constant */
                        object: "response";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `response_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "response_not_found";
                        };
                    };
                };
            };
            /** @description `account_held`, `response_in_progress`, `session_busy`, `session_held` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_held" | "response_in_progress" | "session_busy" | "session_held";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    cancelResponse: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path: {
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `response_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "response_not_found";
                        };
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "body_too_large";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    listInputItems: {
        parameters: {
            query?: {
                account_id?: string;
                accountId?: string;
                after?: string;
                before?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Item"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "forbidden";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `response_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "response_not_found";
                        };
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "archive_corrupt";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    compactConversation: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompactConversationBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        created_at: number;
                        id: string;
                        /** @constant */
                        object: "response.compaction";
                        output: components["schemas"]["Item"][];
                        usage: components["schemas"]["ResponseUsage"] | null;
                    };
                };
            };
            /** @description `context_too_large`, `invalid_gzip`, `invalid_json`, `invalid_request`, `model_unable`, `previous_response_not_found`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "context_too_large" | "invalid_gzip" | "invalid_json" | "invalid_request" | "model_unable" | "previous_response_not_found" | "provider_invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "forbidden" | "role_not_allowed";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `item_not_found`, `model_not_found`, `provider_not_found`, `session_erased`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "assistant_not_found" | "item_not_found" | "model_not_found" | "provider_not_found" | "session_erased" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `response_in_progress` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "response_in_progress";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "message_too_large" | "provider_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "provider_unprocessable";
                        };
                    };
                };
            };
            /** @description `provider_rate_limited`, `quota_turns`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "provider_rate_limited" | "quota_turns" | "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "model_timeout";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    countInputTokens: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CountInputTokensBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        input_tokens: number;
                        /** @constant */
                        object: "response.input_tokens";
                    };
                };
            };
            /** @description `context_too_large`, `invalid_gzip`, `invalid_json`, `invalid_request`, `model_unable`, `previous_response_not_found`, `provider_invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "context_too_large" | "invalid_gzip" | "invalid_json" | "invalid_request" | "model_unable" | "previous_response_not_found" | "provider_invalid_request";
                        };
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "key_revoked" | "unauthorized";
                        };
                    };
                };
            };
            /** @description `forbidden`, `role_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "forbidden" | "role_not_allowed";
                        };
                    };
                };
            };
            /** @description `account_not_found`, `assistant_not_found`, `item_not_found`, `model_not_found`, `provider_not_found`, `session_erased`, `session_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "account_not_found" | "assistant_not_found" | "item_not_found" | "model_not_found" | "provider_not_found" | "session_erased" | "session_not_found";
                        };
                    };
                };
            };
            /** @description `response_in_progress` */
            409: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "response_in_progress";
                        };
                    };
                };
            };
            /** @description `body_too_large`, `message_too_large`, `provider_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "body_too_large" | "message_too_large" | "provider_too_large";
                        };
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "unsupported_encoding";
                        };
                    };
                };
            };
            /** @description `provider_unprocessable` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "provider_unprocessable";
                        };
                    };
                };
            };
            /** @description `provider_rate_limited`, `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "provider_rate_limited" | "rate_limited";
                        };
                    };
                };
            };
            /** @description `archive_corrupt`, `model_failed`, `provider_refused_key` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_corrupt" | "model_failed" | "provider_refused_key";
                        };
                    };
                };
            };
            /** @description `archive_locked`, `archive_unavailable`, `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @enum {unknown} */
                            code?: "archive_locked" | "archive_unavailable" | "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                        };
                    };
                };
            };
            /** @description `model_timeout` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "model_timeout";
                        };
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiProblem"] & {
                        error?: {
                            /** @constant */
                            code?: "storage_full";
                        };
                    };
                };
            };
        };
    };
    listWhatsAppMessages: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                accountId?: components["schemas"]["AccountId"];
                after?: string;
                limit?: number;
                user_id?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WhatsAppMessage"][];
                        first_id: string | null;
                        has_more: boolean;
                        last_id: string | null;
                        /** @constant */
                        object: "list";
                    };
                };
            };
            /** @description `key_revoked`, `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "key_revoked" | "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `account_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "account_not_found";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `auth_not_configured`, `auth_unavailable`, `storage_unavailable` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "auth_not_configured" | "auth_unavailable" | "storage_unavailable";
                    };
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "storage_full";
                    };
                };
            };
        };
    };
    noteWhatsAppStatus: {
        parameters: {
            query: {
                id: number;
            };
            header?: {
                /** @description Who calls, as Twilio signs it. */
                "X-Twilio-Signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["NoteWhatsAppStatusBody"];
            };
        };
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `storage_unavailable`, `whatsapp_not_configured` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "storage_unavailable" | "whatsapp_not_configured";
                    };
                };
            };
        };
    };
    receiveWhatsApp: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who calls, as Twilio signs it. */
                "X-Twilio-Signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["ReceiveWhatsAppBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": string;
                };
            };
            /** @description `invalid_gzip`, `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "invalid_gzip" | "invalid_json";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_encoding` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "unsupported_encoding";
                    };
                };
            };
            /** @description `invalid_request` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `quota_turns` */
            429: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "quota_turns";
                    };
                };
            };
            /** @description `storage_unavailable`, `whatsapp_not_configured` */
            503: {
                headers: {
                    /** @description After how many seconds the request may be sent again, where that is known. */
                    "Retry-After"?: string;
                    /** @description After how many milliseconds the request may be sent again. */
                    "retry-after-ms"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {unknown} */
                        code?: "storage_unavailable" | "whatsapp_not_configured";
                    };
                };
            };
            /** @description `quota_bytes` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        code?: "quota_bytes";
                    };
                };
            };
        };
    };
}
