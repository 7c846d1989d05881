package dev.segno.shopping.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.control.Settings;
import dev.segno.shopping.CopyTable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** A table of DynamoDB, or of a server that speaks as it does. Safe for use by many threads. */
public final class DynamoDbTable implements CopyTable, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private final DynamoDbClient client;
    private final String table;

    private DynamoDbTable(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /**
     * The table that {@code DYNAMODB_TABLE_NAME} names in {@code AWS_REGION}, at {@code DYNAMODB_ENDPOINT} if that is set;
     * with the keys of {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}, or else what the machine has. Nothing is
     * asked before the first item is written.
     */
    public static DynamoDbTable from(Settings settings) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(Region.of(settings.get("AWS_REGION", "us-west-2")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(READ_TIMEOUT));
        settings.find("DYNAMODB_ENDPOINT").ifPresent(endpoint -> builder.endpointOverride(URI.create(endpoint)));
        Optional<String> id = settings.find("AWS_ACCESS_KEY_ID");
        Optional<String> secret = settings.find("AWS_SECRET_ACCESS_KEY");
        if (id.isPresent() && secret.isPresent()) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(id.get(), secret.get())));
        }
        return new DynamoDbTable(builder.build(), settings.get("DYNAMODB_TABLE_NAME", "orchestrator-requests"));
    }

    @Override
    public void put(JsonNode item) {
        Map<String, AttributeValue> attributes = value(item).m();
        try {
            client.putItem(PutItemRequest.builder()
                    .tableName(table)
                    .item(attributes)
                    .conditionExpression("attribute_not_exists(pk) OR updated_at <= :now")
                    .expressionAttributeValues(Map.of(":now", value(item.path("updated_at"))))
                    .build());
        } catch (ConditionalCheckFailedException e) {
            // What is there is newer: another copy has overtaken this one.
            return;
        }
    }

    /** JSON as an attribute: objects are maps, arrays lists. */
    static AttributeValue value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, AttributeValue> members = new LinkedHashMap<>();
                node.properties().forEach(member -> members.put(member.getKey(), value(member.getValue())));
                yield AttributeValue.fromM(members);
            }
            case ARRAY -> {
                List<AttributeValue> elements = new ArrayList<>();
                node.forEach(element -> elements.add(value(element)));
                yield AttributeValue.fromL(elements);
            }
            case NUMBER -> AttributeValue.fromN(node.decimalValue().toPlainString());
            case BOOLEAN -> AttributeValue.fromBool(node.booleanValue());
            case STRING -> AttributeValue.fromS(node.textValue());
            default -> AttributeValue.fromNul(true);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
