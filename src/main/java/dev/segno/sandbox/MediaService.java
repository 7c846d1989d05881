package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * Stands in for the service that hears and sees: what is in a recording or a picture stands in its key. {@code say:TEXT}
 * says TEXT, {@code label:red-shoes} shows red shoes, and any other key is silent and shows nothing.
 */
final class MediaService implements StandIn {

    private int transcribed;
    private int seen;

    @Override
    public String name() {
        return "media-service";
    }

    @Override
    public String description() {
        return "shopping: transcribes recordings, finds what pictures show";
    }

    @Override
    public void open(Desk desk) {
        for (String prefix : List.of("", "/api/v1")) {
            desk.on(HttpMethod.POST, prefix + "/transcribe", Operation.work(this::transcribe));
            desk.on(HttpMethod.POST, prefix + "/extract-image-attributes", Operation.work(this::extract));
        }
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object().put("transcribed", transcribed).put("seen", seen);
    }

    @Override
    public void reset() {
        transcribed = 0;
        seen = 0;
    }

    private Answer transcribe(Request request) {
        String key = request.json().path("s3_key").asText();
        if (key.isEmpty()) {
            return Answer.error(400, "Bad request", "s3_key is required");
        }
        transcribed++;
        String said = behind("say:", key);
        ObjectNode answer = Json.object().put("transcript", said).put("confidence", said.isEmpty() ? 0 : 0.95);
        answer.put("language", "en").put("duration_seconds", 2.5);
        answer.putArray("segments");
        return Answer.json(200, answer);
    }

    private Answer extract(Request request) {
        String key = request.json().path("s3_key").asText();
        if (key.isEmpty()) {
            return Answer.error(400, "Bad request", "s3_key is required");
        }
        seen++;
        ObjectNode answer = Json.object();
        ArrayNode labels = answer.putArray("labels");
        String shown = behind("label:", key);
        if (!shown.isEmpty()) {
            labels.add(shown);
        }
        answer.putArray("objects");
        answer.putArray("text");
        answer.putArray("dominant_colors");
        answer.putObject("metadata").put("s3_key", key);
        return Answer.json(200, answer);
    }

    private static String behind(String mark, String key) {
        int at = key.indexOf(mark);
        return at < 0 ? "" : key.substring(at + mark.length()).replaceFirst("\\.[a-z0-9]{2,4}$", "");
    }
}
