package dev.segno.sandbox;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-ins of the control plane's services keep to its contract. */
class IngestionStandInsTest {

    private static final String CORRELATION = "{\"correlation_id\":\"c1\"}";

    private static StandIns standIns;

    @BeforeAll
    static void start() throws IOException {
        standIns = StandIns.start(
                "github-agent",
                "jira-agent",
                "confluence-agent",
                "swagger-agent",
                "source-agent",
                "analysis-service",
                "reporting",
                "doc-store",
                "log-collector",
                "secure-analyzer",
                "notification");
    }

    @AfterAll
    static void stop() {
        standIns.close();
    }

    @BeforeEach
    void reset() throws Exception {
        standIns.reset();
        standIns.of("effects").reset();
    }

    private static JsonNode ingest(String source) throws Exception {
        return standIns.post(
                source + "-agent", "/ingest", "{\"source\":\"" + source + "\",\"scope\":{},\"correlation_id\":\"c1\"}");
    }

    @Test
    void everyServiceIsHealthyDescribesItselfAndEchoesTheCorrelation() throws Exception {
        for (String service : standIns.names()) {
            JsonClient.Reply health = standIns.of(service).get("/health", "X-Correlation-ID", "c1");
            assertThatJson(health.body()).isEqualTo("{status: 'healthy', service: '" + service + "'}");
            assertThat(health.header("X-Correlation-ID")).isEqualTo("c1");
            assertThat(standIns.get(service, "/openapi.json").path("paths").has("/health"))
                    .isTrue();
            assertThat(standIns.of(service).calls("/health")).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "jira", "confluence", "swagger"})
    void anAgentStoresThreeDocumentsAndTakesThemBackOnce(String source) throws Exception {
        assertThatJson(ingest(source))
                .isObject()
                .containsEntry("status", "completed")
                .containsEntry("source", source)
                .node("artifacts")
                .isArray()
                .hasSize(3);
        ingest(source);
        assertThat(standIns.get("doc-store", "/documents/_list").path("total").asInt())
                .isEqualTo(3);

        for (int removed : new int[] {3, 0}) {
            assertThatJson(standIns.post(source + "-agent", "/ingest/rollback", CORRELATION))
                    .isEqualTo("{status: 'rolled_back', removed: " + removed + "}");
        }
        assertThat(standIns.of(source + "-agent")
                        .post("/ingest", "{\"source\":\"other\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aRepeatedKeyIsAnsweredFromItsRecord() throws Exception {
        String body = "{\"source\":\"jira\",\"correlation_id\":\"c1\"}";
        standIns.of("jira-agent").post("/ingest", body, "Idempotency-Key", "run/jira");
        standIns.post("jira-agent", "/ingest/rollback", CORRELATION);

        standIns.of("jira-agent").post("/ingest", body, "Idempotency-Key", "run/jira");

        assertThat(standIns.of("jira-agent").sandbox().at("/records/documents").asInt())
                .isZero();
    }

    @Test
    void workThatWasDoneBeforeTheConnectionBrokeIsKept() throws Exception {
        standIns.of("jira-agent").control("{\"path\":\"/ingest\",\"fault\":\"close_after_work\",\"times\":1}");

        assertThatThrownBy(() -> ingest("jira")).isInstanceOf(IOException.class);

        assertThat(standIns.of("jira-agent").sandbox().at("/records/documents").asInt())
                .isEqualTo(3);
    }

    @Test
    void theAnalysisFindsADuplicateAndAnEndpointThatTheReadmeDoesNotName() throws Exception {
        for (String source : List.of("github", "jira", "confluence", "swagger")) {
            ingest(source);
        }
        JsonNode found = standIns.post("analysis-service", "/analyze", CORRELATION);

        assertThat(found.path("count").asInt()).isEqualTo(2);
        assertThatJson(found).node("severity_counts").isEqualTo("{low: 1, med: 1}");
        assertThatJson(found).node("type_counts").isEqualTo("{drift: 1, duplicate: 1}");
        assertThat(found.toString()).contains("POST /payments", "docs/runbook.md", "confluence:c1:Runbook");
        standIns.post("analysis-service", "/analyze", CORRELATION);
        assertThatJson(standIns.post("reporting", "/reports/generate", "{}"))
                .node("summary")
                .isEqualTo("{total: 2, by_severity: {low: 1, med: 1}}");
        for (int removed : new int[] {2, 0}) {
            assertThat(standIns.post("analysis-service", "/analyze/rollback", CORRELATION)
                            .path("removed")
                            .asInt())
                    .isEqualTo(removed);
        }
        assertThat(standIns.get("analysis-service", "/findings").path("count").asInt())
                .isZero();
    }

    @Test
    void theDocStoreHashesReplacesAndJudges() throws Exception {
        JsonNode saved = standIns.post("doc-store", "/documents", "{\"id\":\"d1\",\"content\":\"abc\"}");
        assertThat(saved.path("content_hash").asText())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        standIns.post("doc-store", "/documents", "{\"id\":\"d1\",\"content\":\"abc\"}");
        standIns.post(
                "doc-store",
                "/documents",
                "{\"id\":\"d2\",\"content\":\"abc\",\"metadata\":{\"owner\":\"ada\",\"views\":9,"
                        + "\"updated_at\":\"2020-01-01T00:00:00Z\"}}");

        assertThat(standIns.get("doc-store", "/documents/d1").path("content").asText())
                .isEqualTo("abc");
        assertThat(standIns.of("doc-store").get("/documents/d3").status()).isEqualTo(404);
        JsonNode items = standIns.get("doc-store", "/documents/quality").path("items");
        assertThatJson(items).node("[0].flags").isEqualTo("['redundant','low_views','missing_owner']");
        assertThatJson(items).node("[1].flags").isEqualTo("['stale','redundant']");
    }

    @Test
    void theLogCollectorFiltersAndCounts() throws Exception {
        standIns.post("log-collector", "/logs", "{\"service\":\"shop\",\"level\":\"ERROR\",\"message\":\"m1\"}");
        standIns.post(
                "log-collector",
                "/logs/batch",
                "[{\"service\":\"shop\",\"level\":\"INFO\",\"message\":\"m2\"},"
                        + "{\"service\":\"cart\",\"level\":\"INFO\",\"message\":\"m3\"}]");

        assertThat(standIns.get("log-collector", "/logs?service=shop&level=info&limit=5")
                        .at("/items/0/message")
                        .asText())
                .isEqualTo("m2");
        assertThatJson(standIns.get("log-collector", "/stats"))
                .isEqualTo("{count: 3, by_level: {ERROR: 1, INFO: 2}, by_service: {cart: 1, shop: 2},"
                        + " errors_by_service: {shop: 1}, top_services: [{service: 'shop', count: 2},"
                        + " {service: 'cart', count: 1}]}");
        assertThatJson(standIns.post("reporting", "/reports/log_analysis", "{\"limit\":2}"))
                .node("overview")
                .isEqualTo("{count: 2, by_level: {INFO: 2}}");
    }

    @Test
    void reportsNameWhatTheyAreAbout() throws Exception {
        assertThat(standIns.post("reporting", "/reports/life-of-ticket", "{\"ticket_id\":\"T-1\"}")
                        .path("ticket_id")
                        .asText())
                .isEqualTo("T-1");
        assertThat(standIns.post("reporting", "/reports/pr_confidence", "{\"pr_id\":7}")
                        .path("confidence")
                        .asInt())
                .isBetween(0, 100);
        assertThat(standIns.of("reporting")
                        .post("/reports/life-of-ticket", "{}")
                        .status())
                .isEqualTo(422);
        assertThatJson(standIns.get("reporting", "/reports/confluence/consolidation?min_confidence=0.5"))
                .inPath("$.items[*].confidence")
                .isEqualTo("[0.92, 0.5]");
    }

    @Test
    void sensitiveTextGoesToSecureModelsOnlyUnlessOverridden() throws Exception {
        String ssn = "\"content\":\"my ssn is 123-45-6789\"";
        assertThatJson(standIns.post("secure-analyzer", "/suggest", "{" + ssn + "}"))
                .isObject()
                .containsEntry("sensitive", true)
                .node("allowed_models")
                .isEqualTo("['bedrock','ollama']");
        assertThat(standIns.post("secure-analyzer", "/suggest", "{\"content\":\"hello\"}")
                        .path("allowed_models"))
                .hasSize(5);
        JsonNode enforced =
                standIns.post("secure-analyzer", "/summarize", "{" + ssn + ",\"providers\":[\"openai\",\"bedrock\"]}");
        assertThat(enforced.path("provider_used").asText()).isEqualTo("bedrock");
        assertThat(enforced.path("policy_enforced").asBoolean()).isTrue();
        assertThat(standIns.post("secure-analyzer", "/summarize", "{" + ssn + ",\"override_policy\":true}")
                        .path("policy_enforced")
                        .asBoolean(true))
                .isFalse();
        assertThat(standIns.post("secure-analyzer", "/detect", "{\"content\":\"Project Moon\",\"keywords\":[\"moon\"]}")
                        .path("sensitive")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aNoticeIsPostedOnceAndOneThatNobodyTakesIsKept() throws Exception {
        String hook = standIns.uri("effects") + "/effects/hook";
        String notice = "{\"channel\":\"webhook\",\"target\":\"" + hook + "\",\"title\":\"t\",\"message\":\"m\"}";

        assertThat(standIns.post("notification", "/notify", notice)
                        .path("status")
                        .asText())
                .isEqualTo("sent");
        assertThat(standIns.post("notification", "/notify", notice)
                        .path("status")
                        .asText())
                .isEqualTo("duplicate_suppressed");
        assertThat(standIns.of("effects").calls("/effects/hook")).hasSize(1);
        standIns.of("effects").control("{\"path\":\"/effects/hook\",\"fault\":\"status\",\"value\":500}");
        assertThat(standIns.of("notification")
                        .post("/notify", notice.replace("\"m\"", "\"n\""))
                        .status())
                .isEqualTo(502);
        assertThat(standIns.get("notification", "/dlq").path("count").asInt()).isEqualTo(1);
        assertThatJson(standIns.post("notification", "/owners/resolve", "{\"owners\":[\"ada\"]}"))
                .isEqualTo("{owners: [{owner: 'ada', channel: 'email', target: 'ada@example.org'}]}");
    }

    @Test
    void theSourceAgentFetchesAndNormalizes() throws Exception {
        assertThatJson(standIns.get("source-agent", "/sources"))
                .node("sources")
                .isEqualTo("['github','jira','confluence']");
        assertThat(standIns.post("source-agent", "/docs/fetch", "{\"source\":\"github\",\"identifier\":\"a:b\"}")
                        .path("content")
                        .asText())
                .contains("a:b");
        assertThat(standIns.of("source-agent")
                        .post("/docs/fetch", "{\"source\":\"github\",\"identifier\":\"ab\"}")
                        .status())
                .isEqualTo(422);
        assertThatJson(standIns.post(
                        "source-agent",
                        "/normalize",
                        "{\"source\":\"jira\",\"data\":{\"k\":1},\"correlation_id\":\"c1\"}"))
                .isObject()
                .containsEntry("version_tag", "v1")
                .containsEntry("correlation_id", "c1")
                .node("document")
                .isEqualTo("{k: 1}");
    }
}
