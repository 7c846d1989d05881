package dev.segno.controlplane;

import dev.segno.security.OutboundRules;
import java.util.List;

/** Lets a request pass whose URLs may be called, and answers with nothing of its own. Thread-safe. */
record AllowedUrls(OutboundRules rules) implements ControlOperation {

    /** Fields of requests that hold URLs which others are asked to call. */
    private static final List<String> FIELDS = List.of("webhook_url", "keyword_document");

    @Override
    public ControlAnswer answer(ControlRequest request) {
        FIELDS.forEach(field -> request.text(field).ifPresent(url -> rules.require(field, url)));
        return ControlAnswer.flat(request.body());
    }
}
