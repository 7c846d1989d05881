package dev.segno.spec;

import static dev.segno.spec.ProductSync.WITH_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance case 15 of the product sync, against a real SMTP server; and who else is told: the webhook. */
class ProductSyncMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OPERATOR = "ops+sync@example.com";
    private static final String FETCH_ONLY = "{\"mode\":\"fetch-only\"}";

    @RegisterExtension
    static final GreenMailExtension MAIL = new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort())
            .withConfiguration(GreenMailConfiguration.aConfig().withUser("segno", "secret"))
            .withPerMethodLifecycle(false);

    @TempDir
    private static Path directory;

    private static ProductSync sync;

    @BeforeAll
    static void start() throws IOException {
        sync = ProductSync.start(
                directory,
                sandbox -> Map.of(
                        "SMTP_SERVER",
                        "127.0.0.1",
                        "SMTP_PORT",
                        String.valueOf(MAIL.getSmtp().getPort()),
                        "SMTP_USERNAME",
                        "segno",
                        "SMTP_PASSWORD",
                        "secret",
                        "NOTIFICATION_EMAIL",
                        OPERATOR,
                        "WEBHOOK_URL",
                        sandbox.uri("effects") + "/effects/hook",
                        "SEGNO_PUBLIC_URL",
                        "https://segno.example.com"));
    }

    @AfterAll
    static void end() {
        if (sync != null) {
            sync.close();
        }
    }

    @BeforeEach
    void empty() throws Exception {
        sync.resetSandbox();
        sync.standIn("effects").reset();
        MAIL.purgeEmailFromAllMailboxes();
    }

    @Test
    void case15TheEndOfASyncIsMailedAndPostedToTheWebhook() throws Exception {
        sync.maintainer().control("{\"products\":45001}");

        String run = sync.begin("");
        assertThat(sync.runAtEnd(run).path("state").asText()).isEqualTo("COMPLETED");

        MimeMessage mail = onlyMail();
        assertThat(mail.getSubject()).isEqualTo("Product sync completed: 45001 products checked");
        assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly(OPERATOR);
        assertThat(GreenMailUtil.getBody(mail).lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "Mode: full",
                        "File size: 90002000 bytes",
                        "Checked: 45001",
                        "New: 45001",
                        "Updated: 0",
                        "Unchanged: 0",
                        "Record errors: 0",
                        "Run: https://segno.example.com/api/runs/" + run)
                .anyMatch(line -> line.matches("Duration: \\d+ s"));
        String mailRun = sync.run(run).at("/attributes/mail/runId").asText();
        assertThat(mail.getMessageID()).as("known by its run and step").isEqualTo("<" + mailRun + "/send@segno>");

        JsonNode posted = onlyPost();
        assertThat(posted.at("/body/event").asText()).isEqualTo("product-sync.completed");
        assertThat(posted.at("/body/run_id").asText()).isEqualTo(run);
        assertThat(posted.at("/body/new").asInt()).isEqualTo(45_001);
        assertThat(posted.path("key").asText()).isNotEmpty();
    }

    @Test
    void case15AFailedSyncMailsToo_onceForEachFailure() throws Exception {
        sync.fetcher().control(FETCHER_FAILS);

        String run = sync.begin("");
        assertThat(sync.runAtEnd(run).path("state").asText()).isEqualTo("PARKED");

        MimeMessage first = onlyMail();
        assertThat(first.getSubject()).startsWith("Product sync FAILED");
        assertThat(GreenMailUtil.getBody(first)).contains("answered 500", "/api/runs/" + run);
        assertThat(onlyPost().at("/body/event").asText()).isEqualTo("product-sync.failed");

        assertThat(sync.retry(run).path("state").asText()).isEqualTo("PARKED");
        assertThat(mails(2)).extracting(MimeMessage::getMessageID).doesNotHaveDuplicates();

        sync.fetcher().reset();
        assertThat(sync.retry(run).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(mails(3))
                .extracting(MimeMessage::getSubject)
                .filteredOn(subject -> subject.startsWith("Product sync completed"))
                .hasSize(1);
    }

    /** The points: in the fetch that fails, in the summing up, in the report, and in the mail or behind the report. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aFailureIsMailedOnceWhateverHappensMeanwhile(int killedAfterStep) throws Exception {
        sync.fetcher().control(FETCHER_FAILS);
        int before = sync.runs("mail").size();
        sync.process().stop();
        sync.process().launch(List.of(), Map.of("SEGNO_FAILPOINTS", "step.after-effect:" + killedAfterStep));
        sync.process().awaitReady();
        sync.http().postAsync("/sync", FETCH_ONLY, WITH_KEY);
        assertThat(sync.process().awaitExit()).isEqualTo(137);

        sync.process().start();

        JsonNode failed =
                sync.runAtEnd(sync.runs("product-sync").get(0).path("id").asText());
        assertThat(failed.path("state").asText()).isEqualTo("PARKED");
        assertThat(failed.at("/error/step").asText()).isEqualTo("fetch");
        List<JsonNode> mailRuns = sync.runs("mail");
        assertThat(mailRuns).hasSize(before + 1);
        assertThat(sync.runAtEnd(mailRuns.get(0).path("id").asText())
                        .path("state")
                        .asText())
                .isEqualTo("COMPLETED");
        assertThat(MAIL.getReceivedMessages())
                .as("a mail that comes again is recognisable")
                .isNotEmpty()
                .allSatisfy(mail -> assertThat(mail.getMessageID())
                        .isEqualTo("<" + mailRuns.get(0).path("id").asText() + "/send@segno>"));
    }

    /** The process dies after the failure was told and before the run is parked: the fetch is tried once more, and works. */
    @Test
    void aRunThatGoesOnBehindAReportedFailureCompletes() throws Exception {
        sync.fetcher().control(FETCHER_FAILS.replace("}", ",\"times\":1}"));
        sync.process().stop();
        sync.process().launch(List.of(), Map.of("SEGNO_FAILPOINTS", "step.after-effect:3"));
        sync.process().awaitReady();
        sync.http().postAsync("/sync", FETCH_ONLY, WITH_KEY);
        assertThat(sync.process().awaitExit()).isEqualTo(137);

        sync.process().start();

        JsonNode run = sync.runAtEnd(sync.runs("product-sync").get(0).path("id").asText());
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("COMPLETED");
        assertThat(run.path("steps").findValuesAsText("key")).contains("onException[0]/sum-up-failure", "report");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(MAIL.getReceivedMessages())
                        .extracting(MimeMessage::getSubject)
                        .anyMatch(subject -> subject.startsWith("Product sync FAILED"))
                        .anyMatch(subject -> subject.startsWith("Product sync completed")));
    }

    @Test
    void nothingOfAMessageLeadsAMailElsewhere() throws Exception {
        JsonClient.Reply reply = sync.http()
                .post(
                        "/api/orchestrations/mail/runs?wait=30s",
                        "{\"subject\":\"hello\\r\\nBcc: thief@example.com\",\"text\":\"text\"}",
                        "X-ADMIN-KEY",
                        ProductSync.KEY,
                        "To",
                        "thief@example.com",
                        "Bcc",
                        "thief@example.com",
                        "mail.smtp.host",
                        "thief.example.com",
                        "X-Secret",
                        "secret");

        assertThat(reply.body().path("state").asText())
                .as(reply.body().toString())
                .isEqualTo("COMPLETED");
        MimeMessage mail = onlyMail();
        assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly(OPERATOR);
        assertThat(mail.getSubject()).isEqualTo("hello Bcc: thief@example.com");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getHeader("X-Secret")).isNull();
    }

    private static final String FETCHER_FAILS = "{\"path\":\"/run\",\"fault\":\"status\",\"value\":500}";

    private static MimeMessage onlyMail() {
        return mails(1).get(0);
    }

    private static List<MimeMessage> mails(int count) {
        return await().atMost(PATIENCE)
                .until(() -> Arrays.asList(MAIL.getReceivedMessages()), mails -> mails.size() == count);
    }

    private static JsonNode onlyPost() {
        return await().atMost(PATIENCE)
                .until(() -> sync.standIn("effects").calls("/effects/hook"), calls -> calls.size() == 1)
                .get(0);
    }
}
