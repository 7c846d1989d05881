package dev.segno.camel;

import dev.segno.notice.Notice;
import dev.segno.notice.NoticeLog;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code notices:record} writes the notice that the body is into the log and answers with it as it stands then; one that was
 * sent stays so, and those that are too old are forgotten. {@code notices:list} answers with the newest ones: at most as many as the header {@code limit} says, only
 * those about what the header {@code about} says, if there is one.
 */
final class NoticesComponent extends DefaultComponent {

    static final String SCHEME = "notices";

    /** Shown where the caller does not say how many. */
    private static final int USUAL = 50;

    /** Longest text of an error that is kept. */
    private static final int LONGEST_ERROR = 1000;

    private enum Action {
        RECORD,
        LIST
    }

    private final NoticeLog log;
    private final Clock clock;
    private final Duration keep;

    /** @param keep how long a notice is kept after it was last written */
    NoticesComponent(CamelContext context, NoticeLog log, Clock clock, Duration keep) {
        super(context);
        this.log = log;
        this.clock = clock;
        this.keep = keep;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return switch (remaining) {
            case "record" -> new NoticesEndpoint(uri, this, Action.RECORD);
            case "list" -> new NoticesEndpoint(uri, this, Action.LIST);
            default ->
                throw new IllegalArgumentException(
                        "notices:" + remaining + " is unknown; there are notices:record and notices:list");
        };
    }

    private void list(Message message) {
        int limit = message.getHeader("limit", USUAL, Integer.class);
        Optional<String> about = Optional.ofNullable(message.getHeader("about", String.class));
        message.setBody(log.newest(about, limit).stream()
                .map(NoticesComponent::document)
                .toList());
    }

    private Notice noticeOf(Message message) {
        if (!(message.getBody() instanceof Map<?, ?> body)) {
            throw new IllegalArgumentException("notices:record needs a notice as its body, a JSON object");
        }
        String error = text(body, "error");
        return new Notice(
                0,
                required(body, "key"),
                required(body, "about"),
                required(body, "channel"),
                required(body, "template"),
                Notice.Status.of(required(body, "status")),
                body.get("attempts") instanceof Number attempts ? attempts.intValue() : 0,
                new Notice.Recipient(
                        text(body, "recipient_name"), text(body, "recipient_contact"), text(body, "recipient_email")),
                text(body, "text"),
                text(body, "provider_id"),
                error != null && error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) : error,
                clock.instant());
    }

    private static String required(Map<?, ?> body, String name) {
        String value = text(body, name);
        if (value == null) {
            throw new IllegalArgumentException("notices:record: the notice has no " + name);
        }
        return value;
    }

    private static @Nullable String text(Map<?, ?> body, String name) {
        Object value = body.get(name);
        return value == null ? null : String.valueOf(value);
    }

    private static Map<String, @Nullable Object> document(Notice notice) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", notice.id());
        document.put("key", notice.key());
        document.put("about", notice.about());
        document.put("channel", notice.channel());
        document.put("template", notice.template());
        document.put("status", notice.status().word());
        document.put("attempts", notice.attempts());
        document.put("recipient_name", notice.recipient().name());
        document.put("recipient_contact", notice.recipient().contact());
        document.put("recipient_email", notice.recipient().email());
        document.put("text", notice.text());
        document.put("provider_id", notice.providerId());
        document.put("error", notice.error());
        document.put("changed_at", notice.changedAt().toString());
        return document;
    }

    /** One of the actions, ready to be called. */
    private static final class NoticesEndpoint extends DefaultEndpoint {
        private final NoticesComponent component;
        private final Action action;

        NoticesEndpoint(String uri, NoticesComponent component, Action action) {
            super(uri, component);
            this.component = component;
            this.action = action;
        }

        @Override
        public Producer createProducer() {
            return new NoticesProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("notices: writes and reads a log; it begins no route");
        }
    }

    /** Waits for the store, which a group commit makes short. */
    private static final class NoticesProducer extends DefaultProducer {
        private final NoticesEndpoint endpoint;

        NoticesProducer(NoticesEndpoint endpoint) {
            super(endpoint);
            this.endpoint = endpoint;
        }

        @Override
        public void process(Exchange exchange) {
            NoticesComponent component = endpoint.component;
            Message message = exchange.getMessage();
            if (endpoint.action == Action.LIST) {
                component.list(message);
                return;
            }
            try {
                Notice notice = component.noticeOf(message);
                message.setBody(document(component
                        .log
                        .record(notice, notice.changedAt().minus(component.keep))
                        .join()));
            } catch (CompletionException e) {
                exchange.setException(Failures.unwrap(e));
            }
        }
    }
}
