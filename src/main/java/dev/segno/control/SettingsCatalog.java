package dev.segno.control;

import static dev.segno.control.Setting.bytes;
import static dev.segno.control.Setting.flag;
import static dev.segno.control.Setting.secret;
import static dev.segno.control.Setting.text;
import static dev.segno.control.Setting.time;
import static dev.segno.control.Setting.whole;
import static dev.segno.control.Setting.word;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every setting of Segno, each declared once: the code reads its default from here, and {@code docs/settings.md} is
 * written from here. Settings of a route package stand in its routes and its documents.
 */
public final class SettingsCatalog {

    private static final String KEYS = "name=key,name=key";

    // ---- Where it listens, and for whom ----

    public static final Setting<Integer> PORT =
            whole("PORT", 8080, 0, 65_535, "Port to listen on, 0 for any; `--port` before it.");

    public static final Setting<Integer> ORCHESTRATOR_PORT = new Setting<>(
            "ORCHESTRATOR_PORT",
            null,
            "",
            "0..65535",
            "The same, before `PORT`.",
            false,
            (settings, setting) ->
                    settings.find(setting.name()).isEmpty() ? null : settings.integer(setting.name(), 0, 0, 65_535));

    public static final Setting<String> NODE_NAME = text(
            "segno.node.name",
            null,
            "a name",
            "What this node is called among others; without it a name is made when it is first needed and kept in the data directory.");

    public static final Setting<String> AUTH_MODE = text(
            "AUTH_MODE",
            null,
            "none, token",
            "`token` lets nobody in without a credential, also where there is none; `none` refuses to stand beside credentials.");

    public static final Setting<String> VIEWER_KEYS =
            secret("segno.viewer.keys", KEYS, "Keys of viewers, who may look at everything but the audit record.");

    public static final Setting<String> SUBMITTER_KEYS =
            secret("segno.submitter.keys", KEYS, "Keys of submitters, who may start runs and signal them too.");

    public static final Setting<String> API_KEYS =
            secret("segno.api.keys", KEYS, "Keys of operators, who may steer runs too.");

    public static final Setting<String> EDITOR_KEYS =
            secret("segno.editor.keys", KEYS, "Keys of editors, who may change route files over HTTP too.");

    public static final Setting<String> ADMIN_KEYS =
            secret("segno.admin.keys", KEYS, "Keys of admins, who may make and revoke keys too.");

    public static final Setting<String> PEER_TOKEN =
            secret("PEER_TOKEN", "a text", "What other nodes show when they ask this one.");

    public static final Setting<String> API_TOKENS_FILE = text(
            "API_TOKENS_FILE",
            null,
            "a file",
            "Credentials in lines, `NAME ROLE TOKEN` or `NAME ROLE sha256:HEX`; lines that begin with `#` say nothing.");

    public static final Setting<String> KEY =
            secret("segno.key", "a key", "Key of an admin for `segno keys --url`; read from the environment only.");

    public static final Setting<Integer> AUTH_LOCKOUT = whole(
            "segno.auth.lockout",
            10,
            0,
            1000,
            "Wrong credentials in a minute that lock an address for a minute; 0 for never.");

    public static final Setting<String> OIDC_ISSUER = text(
            "segno.oidc.issuer",
            null,
            "a URL with https",
            "Identity provider whose tokens are taken; the next two must be set with it.");

    public static final Setting<String> OIDC_AUDIENCE =
            text("segno.oidc.audience", null, "a text", "What `aud` of a token must hold.");

    public static final Setting<String> OIDC_ROLES = text(
            "segno.oidc.roles", null, "value=role,value=role", "Which values of the claim with roles stand for which.");

    public static final Setting<String> OIDC_ROLE_CLAIM =
            text("segno.oidc.role.claim", "roles", "a name, with dots into objects", "The claim with roles or groups.");

    public static final Setting<String> OIDC_NAME_CLAIM =
            text("segno.oidc.name.claim", "sub", "a name", "The claim that says who it is.");

    public static final Setting<String> OIDC_ALGORITHMS = text(
            "segno.oidc.algorithms",
            "RS256,ES256",
            "RS…, PS… and ES… with 256, 384, 512",
            "Signatures of tokens that are taken.");

    public static final Setting<String> CORS_ORIGINS = text(
            "segno.cors.origins",
            null,
            "origin,origin",
            "Origins whose pages may read answers, such as `https://dashboard.example.com`; none without it.");

    public static final Setting<String> OUTBOUND_ALLOW_CIDRS = text(
            "OUTBOUND_ALLOW_CIDRS",
            null,
            "range,range",
            "Ranges to which URLs that callers give may lead although they are not public, such as `10.1.0.0/16`.");

    public static final Setting<String> OUTBOUND_ALLOW_HOSTS = text(
            "OUTBOUND_ALLOW_HOSTS",
            null,
            "name,name",
            "Hosts to which such URLs may lead whatever addresses they have.");

    public static final Setting<String> SECRETS = text(
            "segno.secrets",
            null,
            "a name",
            "Which `SecretSource` on the class path is asked for secrets that are set nowhere else.");

    public static final Setting<String> SIGNAL_SECRET = secret(
            "segno.signal.secret",
            "32 characters or more",
            "Secret behind the tokens of waits; without it one is made at the first start and kept in the data directory.");

    public static final Setting<String> PUBLIC_URL = text(
            "segno.public.url",
            null,
            "a URL",
            "Where people reach this node, for links in mails; behind a proxy its address.");

    // ---- What a client may ask ----

    public static final Setting<Long> HTTP_MAX_BODY = bytes(
            "segno.http.max-body",
            1L << 20,
            1,
            1L << 30,
            "Largest body of a request whose operation says nothing else.");

    public static final Setting<Integer> HTTP_MAX_HEADERS =
            whole("segno.http.max-headers", 16 * 1024, 1024, 1 << 20, "Bytes of all headers of a request together.");

    public static final Setting<Integer> HTTP_MAX_TARGET =
            whole("segno.http.max-target", 8 * 1024, 256, 64 * 1024, "Bytes of the first line of a request.");

    public static final Setting<Duration> HTTP_READ_TIMEOUT =
            time("segno.http.read-timeout", "30s", "How long a request may take to arrive in full.");

    public static final Setting<Duration> HTTP_IDLE_TIMEOUT =
            time("segno.http.idle-timeout", "60s", "How long a connection may stand without a request.");

    public static final Setting<Duration> HTTP_WRITE_PATIENCE =
            time("segno.http.write-patience", "30s", "How long a client may take nothing of an answer.");

    public static final Setting<Integer> HTTP_CORE_THREADS =
            whole("segno.http.core-threads", 8, 1, 1024, "Threads on which HTTP routes start, kept.");

    public static final Setting<Integer> HTTP_MAX_THREADS =
            whole("segno.http.max-threads", 128, 1, 4096, "The same at most, for routes that block.");

    public static final Setting<Integer> HTTP_QUEUED =
            whole("segno.http.queued", 1024, 1, 1 << 20, "Requests that may wait for such a thread.");

    // ---- Runs ----

    public static final Setting<Integer> RUN_THREADS = new Setting<>(
            "segno.run.threads",
            Math.max(8, 2 * Runtime.getRuntime().availableProcessors()),
            "twice the processors, at least 8",
            "1..1024",
            "Threads on which runs go on, in quiet times.",
            false,
            (settings, setting) -> settings.integer(
                    setting.name(), Math.max(8, 2 * Runtime.getRuntime().availableProcessors()), 1, 1024));

    public static final Setting<Integer> RUN_MAX_THREADS =
            whole("segno.run.max-threads", 256, 1, 4096, "The same at most, when steps block.");

    public static final Setting<Long> JOURNAL_MAX_BODY =
            bytes("segno.journal.max-body", 100_000_000L, 1L, 2_000_000_000L, "Largest body that is recorded.");

    public static final Setting<Integer> IDEMPOTENT_KEEP_DAYS = whole(
            "segno.idempotent.keep-days",
            7,
            1,
            3650,
            "Days for which the key of a message counts that was dealt with.");

    public static final Setting<Integer> NOTICES_KEEP_DAYS = whole(
            "segno.notices.keep-days",
            365,
            1,
            3650,
            "Days for which the log of notices tells who was told what; it must be longer than a run may stand.");

    public static final Setting<Integer> RETRY_MAX = whole(
            "segno.retry.max",
            3,
            -1,
            1000,
            "Tries after the first one, where a route names the configuration `durable`.");

    public static final Setting<Integer> RETRY_DELAY = whole(
            "segno.retry.delay",
            1000,
            0,
            86_400_000,
            "Milliseconds before the first of them; each later one waits longer.");

    public static final Setting<String> RETRIED_PACKAGES = text(
            "segno.dead-letters.retried-packages",
            "docs-ingestion",
            "folder,folder or none",
            "Packages whose parked runs are retried by themselves.");

    public static final Setting<Duration> RETRIED_EVERY = time(
            "segno.dead-letters.retried-every",
            "30s",
            "How often parked runs of these packages are looked at; five are retried each time.");

    // ---- Calls of services ----

    public static final Setting<Boolean> HTTP_CIRCUIT_ENABLED = flag(
            "HTTP_CIRCUIT_ENABLED",
            true,
            "Whether a service that fails too often is not asked for a while; one circuit breaker per service.");

    public static final Setting<Long> SERVICES_MAX_ANSWER = bytes(
            "segno.services.max-answer",
            5_000_000,
            1024,
            1L << 30,
            "Largest answer of a service that is read; a larger one is a failure that no other try mends.");

    // ---- Routes ----

    public static final Setting<Boolean> ROUTES_WATCH =
            flag("segno.routes.watch", true, "Whether files in the route directories are loaded when they change.");

    public static final Setting<String> REDIS_HOST = text(
            "redis.host",
            null,
            "a name or an address",
            "Redis server; Redis is off where neither this nor its URL is set.");

    public static final Setting<Integer> REDIS_PORT = whole("redis.port", 6379, 1, 65_535, "Its port.");

    public static final Setting<String> REDIS_URL = text(
            "segno.redis.url",
            null,
            "redis://… or rediss://…",
            "Instead of both: `redis://host:6379/0`, with `rediss:` by TLS.");

    public static final Setting<String> REDIS_USERNAME =
            text("redis.username", null, "a name", "User at the Redis server.");

    public static final Setting<String> REDIS_PASSWORD =
            secret("redis.password", "a text", "Password at the Redis server.");

    public static final Setting<String> REDIS_SIGNALS =
            text("segno.redis.signals", null, "a name", "Stream that carries signals; none without it.");

    public static final Setting<SmtpUrl> SMTP_URL = new Setting<>(
            "SMTP_URL",
            null,
            "",
            "smtp://… or smtps://…",
            "SMTP server: `smtp://user:password@host:587`, `smtps://` for TLS from the beginning, `?starttls=required` behind it"
                    + " for nothing without TLS. Its password is not shown.",
            false,
            (settings, setting) ->
                    settings.find(setting.name()).map(SmtpUrl::parse).orElse(null));

    public static final Setting<String> SMTP_SERVER =
            text("SMTP_SERVER", null, "a name or an address", "The same in parts, where `SMTP_URL` is not set.");

    public static final Setting<Integer> SMTP_PORT = whole("SMTP_PORT", 587, 1, 65_535, "Its port.");

    public static final Setting<String> SMTP_USERNAME = text(
            "SMTP_USERNAME",
            null,
            "a name",
            "User at the SMTP server; without one mail is sent without authentication.");

    public static final Setting<String> SMTP_PASSWORD = secret("SMTP_PASSWORD", "a text", "The password of that user.");

    public static final Setting<Boolean> SMTP_STARTTLS_REQUIRED =
            flag("SMTP_STARTTLS_REQUIRED", false, "Whether nothing is sent without TLS.");

    // ---- This process ----

    public static final Setting<String> PROFILE = text(
            "segno.profile",
            null,
            "development, staging, production",
            "Which `config/app-<profile>.yaml` is laid over `config/app.yaml`; read from the environment only.");

    public static final Setting<String> ENVIRONMENT = text(
            "ENVIRONMENT",
            "development",
            "development, staging, production",
            "The same, after `SEGNO_PROFILE`; other words choose no file.");

    public static final Setting<String> APP_CONFIG_PATH = text(
            "APP_CONFIG_PATH", null, "a file", "Settings file instead of `config/app.yaml`; `--config` before it.");

    public static final Setting<String> JAVA_OPTS = text(
            "segno.java.opts", null, "options of Java", "Options for the launcher `./segno`, from the environment.");

    public static final Setting<String> TIER =
            text("segno.tier", "4", "1, 4", "How far the launcher lets Java compile: 1 starts faster and runs slower.");

    public static final Setting<String> ARCHIVE =
            text("segno.archive", "yes", "yes, no", "Whether the launcher prepares faster starts at the first one.");

    // ---- What it tells about itself ----

    public static final Setting<String> LOG_FORMAT = word(
            "segno.log.format",
            "text",
            "Lines for people, or a JSON object a line with the ids of run and step.",
            "text",
            "json");

    public static final Setting<String> LOG_LEVEL =
            word("segno.log.level", "info", "What is logged.", "trace", "debug", "info", "warn", "error");

    public static final Setting<String> CONTRACT_LOG_LEVEL =
            text("LOG_LEVEL", null, "trace, debug, info, warn, error", "The same, after `SEGNO_LOG_LEVEL`.");

    public static final Setting<Boolean> DEBUG =
            flag("DEBUG", false, "`debug` where neither of both is set; errors never hold stack traces.");

    public static final Setting<String> ACCESS_LOG_LEVEL = word(
            "segno.access.log.level", "info", "`warn` leaves out the line for each request.", "info", "warn", "off");

    public static final Setting<String> LOG_COLLECTOR_URL = text(
            "LOG_COLLECTOR_URL",
            null,
            "a URL",
            "Where lines of the log are also sent, by `POST …/logs`; what it cannot take is dropped.");

    public static final Setting<String> OTLP_ENDPOINT = text(
            "segno.otlp.endpoint",
            null,
            "a URL",
            "OpenTelemetry collector that gets spans, such as `http://127.0.0.1:4318`; else `OTEL_EXPORTER_OTLP_ENDPOINT`.");

    public static final Setting<String> OTEL_EXPORTER_OTLP_ENDPOINT =
            text("OTEL_EXPORTER_OTLP_ENDPOINT", null, "a URL", "The same, in OpenTelemetry's own name.");

    public static final Setting<String> OTEL_EXPORTER_OTLP_HEADERS =
            secret("OTEL_EXPORTER_OTLP_HEADERS", "name=value,name=value", "Headers for the collector.");

    public static final Setting<String> OTEL_SERVICE_NAME =
            text("OTEL_SERVICE_NAME", "segno", "a name", "Name of this service in traces and sent logs.");

    public static final Setting<Boolean> HAWTIO = flag(
            "segno.hawtio", false, "Whether Hawtio is served at `/hawtio`, to look at routes and their statistics.");

    private SettingsCatalog() {}

    /** The declared settings, in the order of their declaration. */
    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>();
        for (Field field : SettingsCatalog.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class) {
                try {
                    all.add((Setting<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("A class may look at its own fields", e);
                }
            }
        }
        return List.copyOf(all);
    }

    /** Whether a name, in any form, is a setting of Segno's own that nobody declared: a misspelt one, as a rule. */
    public static boolean isUnknown(String name) {
        String written = LayeredSettings.canonical(name);
        // A secret may also come as the name of a file that holds it.
        String canonical = written.endsWith("_FILE") ? written.substring(0, written.length() - 5) : written;
        return canonical.startsWith("SEGNO_")
                && FAMILIES.keySet().stream().noneMatch(canonical::startsWith)
                && all().stream().noneMatch(setting -> setting.environmentName().equals(canonical));
    }

    /** Beginnings of names that are not fixed, and what stands behind them. */
    public static final Map<String, String> FAMILIES = Map.of(
            "SEGNO_SERVICES_", "`segno.services.<name>.url`, or `<NAME>_URL`: where the service `<name>` is.",
            "SEGNO_FAILPOINT", "Faults asked for by a test.");
}
