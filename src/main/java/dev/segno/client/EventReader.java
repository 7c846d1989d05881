package dev.segno.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events, as the HTML standard has them: lines of fields, and an empty one behind each event. */
final class EventReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EventReader() {}

    /** Hands over each event until the stream ends. */
    static void read(BufferedReader lines, Consumer<RunEvent> listener) throws IOException {
        String type = "message";
        @Nullable String id = null;
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    listener.accept(new RunEvent(type, id, JSON.readTree(data.toString())));
                }
                type = "message";
                id = null;
                data.setLength(0);
            } else if (line.startsWith("event:")) {
                type = valueOf(line);
            } else if (line.startsWith("id:")) {
                id = valueOf(line);
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(valueOf(line));
            }
        }
    }

    private static String valueOf(String line) {
        return line.substring(line.indexOf(':') + 1).stripLeading();
    }
}
