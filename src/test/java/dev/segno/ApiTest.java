package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API against its document: who may call what, what is refused, and that nothing answers that is not described. */
class ApiTest {

    private static final List<String> ROLES = List.of("viewer", "submitter", "operator", "editor", "admin");
    private static final Pattern CLASS_NAME =
            Pattern.compile("Exception|\\b(java|javax|dev|io|com|org)(\\.[a-z0-9]+)+\\.[A-Z]|\\tat ");

    @TempDir
    private static Path directory;

    private static ApiNode node;
    private static DescribedApi api;

    @BeforeAll
    static void start() throws Exception {
        node = new ApiNode(directory);
        api = new DescribedApi(node.send("viewer", "GET", "/openapi.json", ""));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    /** A path of an operation with things that there are not. */
    private static String target(DescribedApi.Operation operation) {
        return operation.path().replace("{path}", "nobody/nobody.camel.yaml").replaceAll("\\{[a-z]+}", "nobody");
    }

    private static boolean reaches(String role, DescribedApi.Operation operation) {
        return ROLES.indexOf(role) >= ROLES.indexOf(operation.role());
    }

    @Test
    void nothingAnswersThatIsNotDescribed() {
        assertThat(node.application().undescribed()).isEmpty();
        assertThat(api.operations()).hasSizeGreaterThan(40).allSatisfy(operation -> {
            assertThat(operation.id()).isNotEmpty();
            assertThat(operation.node().path("summary").asText().isEmpty() && operation.isOurs())
                    .as(operation.toString())
                    .isFalse();
            assertThat(operation.isPublic() != ROLES.contains(operation.role()))
                    .as(operation + " is public or has a role")
                    .isTrue();
        });
        assertThat(api.operations().stream().map(DescribedApi.Operation::id)).doesNotHaveDuplicates();
    }

    /** The same rule as the document's, said a second time: nobody widens a role by the way. */
    @Test
    void S10_rolesAreAsTheyAreMeant() {
        Set<String> submitters = Set.of("startRun", "signalRun");
        Set<String> editors = Set.of("saveRouteFile", "deleteRouteFile", "listAuditEntries");
        Set<String> admins = Set.of("listKeys", "createKey", "revokeKey");
        Set<String> everybody = Set.of("health", "signalByToken");
        for (DescribedApi.Operation operation : api.operations()) {
            String meant = everybody.contains(operation.id())
                    ? ""
                    : editors.contains(operation.id())
                            ? "editor"
                            : submitters.contains(operation.id())
                                    ? "submitter"
                                    : admins.contains(operation.id())
                                            ? "admin"
                                            : operation.method().equals("GET") ? "viewer" : "operator";
            if (operation.isOurs()) {
                assertThat(operation.role()).as(operation.toString()).isEqualTo(meant);
            }
        }
    }

    @Test
    void S10_eachOperationAsksForItsRole() throws Exception {
        for (DescribedApi.Operation operation : api.operations()) {
            if (operation.isPublic()) {
                continue;
            }
            String target = target(operation);
            var nobody = node.sending("", operation.method(), target, "");
            var stranger = node.sending("", operation.method(), target, "", "X-Api-Key", "guess");
            var peer = node.sending("peer", operation.method(), target, "");
            Map<String, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
            ROLES.forEach(role -> answers.put(role, node.sending(role, operation.method(), target, "")));
            assertThat(nobody.join().statusCode()).as(operation.toString()).isEqualTo(401);
            assertThat(stranger.join().statusCode()).as(operation.toString()).isEqualTo(401);
            boolean forPeers = operation.node().path("x-segno-peer").asBoolean(false);
            assertThat(peer.join().statusCode() == 403)
                    .as(operation + " as peer")
                    .isEqualTo(!forPeers);
            answers.forEach((role, answer) -> {
                int status = answer.join().statusCode();
                String what = operation + " as " + role + ": " + answer.join().body();
                if (reaches(role, operation)) {
                    assertThat(status).as(what).isNotIn(401, 403, 405, 500);
                } else {
                    assertThat(status).as(what).isEqualTo(403);
                }
            });
            if (operation.isOurs()) {
                answers.put("", nobody);
                answers.put("peer", peer);
                for (var answer : answers.values()) {
                    api.requireFit(operation, answer.join());
                }
            }
        }
        assertThat(node.send("submitter", "GET", "/nowhere", "").statusCode())
                .as("what is not described is for operators")
                .isEqualTo(403);
        assertThat(node.send("operator", "GET", "/nowhere", "").statusCode()).isEqualTo(404);
    }

    @Test
    void S9_noWayOfWritingAPathPassesTheDoor() throws Exception {
        List<String> ways = new ArrayList<>();
        for (DescribedApi.Operation operation : api.operations()) {
            if (operation.isPublic()) {
                continue;
            }
            String path = target(operation);
            int last = path.lastIndexOf('/');
            String parent = path.substring(0, Math.max(1, last));
            String name = path.substring(last + 1);
            List<String> forms = List.of(
                    path + "/",
                    "/" + path,
                    path.replace("/", "//"),
                    "/." + path,
                    "/health/.." + path,
                    "/health/%2e%2e" + path,
                    "/health;/.." + path,
                    "/api/signals/x/../.." + path,
                    path + ";x",
                    path + "%3bx=1",
                    path + "%2f",
                    path + "%2F..%2Fhealth",
                    parent + "%2f" + name,
                    parent + "%5c" + name,
                    path + ".json",
                    path + "/.",
                    path + "%20",
                    path + "%00",
                    path + "?/health",
                    path + "%3f/health",
                    path + "%23/health",
                    path.toUpperCase(Locale.ROOT),
                    "/%" + Integer.toHexString(path.charAt(1)) + path.substring(2),
                    "/%25" + Integer.toHexString(path.charAt(1)) + path.substring(2),
                    "/%c0%af" + path.substring(1));
            for (var answer : sent("", operation, forms).entrySet()) {
                int status = answer.getValue().join().statusCode();
                if (status != 401 && status != 400) {
                    ways.add(operation + " by " + answer.getKey() + ": " + status);
                }
            }
            // What one role may not, it may not by another spelling either.
            if (operation.role().equals("editor")) {
                for (var answer : sent("operator", operation, forms).entrySet()) {
                    if (answer.getValue().join().statusCode() < 400) {
                        ways.add(operation + " as operator by " + answer.getKey());
                    }
                }
            }
        }
        assertThat(ways).isEmpty();
    }

    private static Map<String, CompletableFuture<HttpResponse<String>>> sent(
            String role, DescribedApi.Operation operation, List<String> targets) {
        Map<String, CompletableFuture<HttpResponse<String>>> sent = new LinkedHashMap<>();
        targets.forEach(target -> sent.put(target, node.sending(role, operation.method(), target, "")));
        return sent;
    }

    @Test
    void S11_bodiesThatAreNotDescribedAreRefused() throws Exception {
        int tried = 0;
        for (DescribedApi.Operation operation : api.operations()) {
            JsonNode schema = api.body(operation);
            for (Map.Entry<String, String> bad : BadBodies.of(schema).entrySet()) {
                HttpResponse<String> answer = node.send("admin", operation.method(), target(operation), bad.getValue());
                String what = operation + " with " + bad.getKey() + ": " + answer.body();
                assertThat(answer.statusCode()).as(what).isEqualTo(400);
                requireRefusal(operation, answer, what);
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(60);
    }

    @Test
    void S11_parametersThatAreNotDescribedAreRefused() throws Exception {
        for (DescribedApi.Operation operation : api.operations()) {
            if (operation.isPublic() || !operation.isOurs()) {
                continue;
            }
            List<String> bad = new ArrayList<>(List.of("role=admin", "state.x=1", "id=1&owner=me"));
            for (JsonNode parameter : api.parameters(operation, "query")) {
                String name = parameter.path("name").asText();
                JsonNode schema = api.resolved(parameter.path("schema"));
                if (!schema.path("type").asText().equals("string") || schema.has("enum") || schema.has("pattern")) {
                    bad.add(name + "=%5B%5D");
                    bad.add(name + "=");
                    bad.add(name + "=-1e9");
                }
                bad.add(name + "=a&" + name + "=b");
            }
            String target = target(operation) + "?";
            for (var sent : sent(
                            "admin", operation, bad.stream().map(target::concat).toList())
                    .entrySet()) {
                HttpResponse<String> answer = sent.getValue().join();
                String query = sent.getKey().substring(target.length());
                String what = operation + " ?" + query + ": " + answer.body();
                assertThat(answer.statusCode()).as(what).isEqualTo(400);
                requireRefusal(operation, answer, what);
                assertThat(ApiNode.json(answer).at("/error/details/0/path").asText())
                        .as(what)
                        .startsWith("?" + query.substring(0, query.indexOf('=')));
            }
        }
    }

    private static void requireRefusal(DescribedApi.Operation operation, HttpResponse<String> answer, String what)
            throws Exception {
        api.requireFit(operation, answer);
        JsonNode error = ApiNode.json(answer).path("error");
        assertThat(error.path("status").asInt()).as(what).isEqualTo(answer.statusCode());
        assertThat(error.path("id").asText())
                .as(what)
                .isEqualTo(answer.headers().firstValue("X-Request-ID").orElse(""));
        assertThat(CLASS_NAME.matcher(answer.body()).find()).as(what).isFalse();
    }
}
