package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.almworks.sqlite4java.SQLite;
import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Sessions are copied into a table of a real server that speaks as DynamoDB does. */
class ShoppingCopiesTest {

    private static final String TABLE = "orchestrator-requests";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static @Nullable DynamoDBProxyServer server;
    private static DynamoDbClient dynamo;
    private static ShoppingNode node;

    @BeforeAll
    static void start() throws Exception {
        loadSqliteOfTheServer();
        int port = SegnoProcess.freePort();
        server = ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-disableTelemetry", "-port", String.valueOf(port)});
        server.start();
        String endpoint = "http://127.0.0.1:" + port;
        dynamo = DynamoDbClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_WEST_2)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        node = ShoppingNode.start(
                directory.resolve("data"),
                Map.of(
                        "DYNAMODB_ENDPOINT", endpoint,
                        "AWS_ACCESS_KEY_ID", "id",
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "segno.retry.delay", "200"));
        node.calm();
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
        if (dynamo != null) {
            dynamo.close();
        }
        if (server != null) {
            server.stop();
        }
    }

    /** Nodes of this process say where their own library is, in properties by which the server would look for its one. */
    private static void loadSqliteOfTheServer() throws Exception {
        System.setProperty("sqlite4java.library.path", nativeLibrary().toString());
        Map<String, String> ours = new HashMap<>();
        for (String name : List.of("org.sqlite.lib.path", "org.sqlite.lib.name")) {
            String value = System.clearProperty(name);
            if (value != null) {
                ours.put(name, value);
            }
        }
        try {
            Class.forName("com.amazonaws.services.dynamodbv2.local.shared.access.sqlite.SQLiteDBAccess");
        } finally {
            ours.forEach(System::setProperty);
        }
    }

    /** The server keeps its tables in a SQLite of its own, whose library lies beside its jar in the repository of Maven. */
    private static Path nativeLibrary() throws URISyntaxException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String library = os.contains("mac")
                ? "libsqlite4java-osx"
                : os.contains("win") ? "sqlite4java-win32-x64" : "libsqlite4java-linux-amd64";
        Path jar = Path.of(
                SQLite.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path version = Objects.requireNonNull(jar.getParent());
        return version.resolve("../..").normalize().resolve(library).resolve(version.getFileName());
    }

    private static void makeTable() {
        dynamo.createTable(CreateTableRequest.builder()
                .tableName(TABLE)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(text("pk"), text("sk"))
                .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE))
                .build());
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static Map<String, AttributeValue> item(String session, String sortKey) {
        return dynamo.getItem(get -> get.tableName(TABLE)
                        .key(Map.of("pk", AttributeValue.fromS(session), "sk", AttributeValue.fromS(sortKey)))
                        .consistentRead(true))
                .item();
    }

    /** What stands at a place, through maps. */
    private static AttributeValue at(Map<String, AttributeValue> item, String... path) {
        AttributeValue value = AttributeValue.fromM(item);
        for (String name : path) {
            value = Objects.requireNonNull(value.m().get(name), name);
        }
        return value;
    }

    private static Map<String, AttributeValue> itemWithStatus(String session, String sortKey, String status) {
        return await().atMost(PATIENCE)
                .until(
                        () -> item(session, sortKey),
                        item -> item.containsKey("status")
                                && item.get("status").s().equals(status));
    }

    @Test
    void SA_15_aRequestAndItsSessionAreItemsAndATableThatCameLateIsFilled() throws Exception {
        // There is no table yet: the answer does not wait for it, and the copy is not lost.
        JsonNode asked = node.search("sa15", "headphones").body();
        assertThat(asked.path("state").asText()).isEqualTo("CLARIFICATION");
        String session = asked.path("session_id").asText();
        String request = asked.path("request_id").asText();
        makeTable();
        Map<String, AttributeValue> waiting = itemWithStatus(session, request, "processing");
        assertThat(at(waiting, "workflow_state", "state").s()).isEqualTo("CLARIFICATION");

        assertThat(node.clarify(session, "under 200").status()).isEqualTo(200);

        Map<String, AttributeValue> turn = itemWithStatus(session, request, "completed");
        assertThat(at(turn, "user_id").s()).isEqualTo("sa15");
        assertThat(at(turn, "request_type").s()).isEqualTo("search");
        assertThat(at(turn, "pk").s()).isEqualTo(session);
        assertThat(at(turn, "sk").s()).isEqualTo(request);
        assertThat(at(turn, "status").s()).isEqualTo("completed");
        assertThat(List.of(
                        at(turn, "input_data").type(),
                        at(turn, "workflow_state").type()))
                .containsOnly(AttributeValue.Type.M);
        assertThat(at(turn, "input_data", "message").s()).isEqualTo("headphones");
        assertThat(at(turn, "input_data", "answers").l())
                .extracting(AttributeValue::s)
                .containsExactly("under 200");
        assertThat(at(turn, "workflow_state", "state").s()).isEqualTo("COMPLETED");
        assertThat(at(turn, "workflow_state", "results", "products").l()).hasSize(10);
        for (String time : List.of("created_at", "updated_at")) {
            assertThat(Instant.parse(at(turn, time).s())).isBefore(Instant.now().plusSeconds(1));
        }
        Map<String, AttributeValue> head = itemWithStatus(session, "SESSION#" + session, "completed");
        assertThat(at(head, "workflow_stage").s()).isEqualTo("completed");
        assertThat(at(head, "clarification_count").n()).isEqualTo("1");
        assertThat(at(head, "requirement_spec", "product_type").s()).isEqualTo("headphones");
        long inADay = Instant.now().plus(Duration.ofHours(24)).getEpochSecond();
        assertThat(Long.parseLong(at(head, "ttl").n())).isBetween(inADay - 60, inADay + 1);
    }
}
