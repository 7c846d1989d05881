package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.camel.javadsl.JavaRouteClasses;
import dev.segno.camel.javadsl.RouteJar;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class in a jar beside the routes of a real process, which does not know the class otherwise. */
class JavaRoutesIT {

    @TempDir
    private Path directory;

    @Test
    void aRunOfAClassGoesOnAfterAKillAlthoughTheJarWasExchanged() throws Exception {
        Path jar = directory.resolve("routes/lib/shop.jar");
        RouteJar.write(jar, JavaRouteClasses.Confirmation.class);
        try (SegnoProcess process = new SegnoProcess(
                List.of(directory.resolve("routes").toString()), SegnoProcess.Readiness.SHARED, directory, Map.of())) {
            process.start();
            JsonClient client = process.client();
            JsonClient.Reply begun = client.post("/api/orchestrations/confirm/runs", "{\"order\":7}");
            assertThat(begun.status()).as("%s %s", begun, process.tail()).isEqualTo(202);
            String run = begun.body().path("id").asText();
            await().until(() -> state(client, run).equals("WAITING"));
            JsonNode shown = client.get("/api/orchestrations/confirm").body();
            assertThat(shown.path("file").asText())
                    .isEqualTo("lib/shop.jar!" + JavaRouteClasses.Confirmation.class.getName());
            assertThat(shown.path("source").asText()).contains("uri: orchestration:confirm");

            RouteJar.write(jar, JavaRouteClasses.OtherConfirmation.class);
            await().until(() -> process.lines().stream()
                    .anyMatch(line -> line.contains("shop.jar was changed; restart to take it")));
            assertThat(client.get("/api/orchestrations/confirm").body().path("version"))
                    .isEqualTo(shown.path("version"));
            process.kill();
            process.restart();
            client.post("/api/runs/" + run + "/signals/confirmed", "{}");

            await().until(() -> state(client, run).equals("COMPLETED"));
            assertThat(output(client, run)).isEqualTo("7 is confirmed");
            JsonNode young = client.post("/api/orchestrations/confirm/runs?wait=30s", "{\"order\":8}")
                    .body();
            assertThat(output(client, young.path("id").asText())).isEqualTo("8 needs no confirmation");
        }
    }

    private static String state(JsonClient client, String run) throws Exception {
        return client.get("/api/runs/" + run).body().path("state").asText();
    }

    private static String output(JsonClient client, String run) throws Exception {
        return client.get("/api/runs/" + run).body().path("output").asText();
    }
}
