package dev.segno.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The spans that belong together, roots and parents before what is a part of them.
 *
 * @param id 32 hexadecimal digits
 */
public record Trace(String id, List<Span> spans) {

    /** Failed if any root has, under way while any is. */
    public Span.Status status() {
        List<Span.Status> roots = roots().map(Span::status).toList();
        return Stream.of(Span.Status.FAILED, Span.Status.TIMEOUT, Span.Status.IN_PROGRESS, Span.Status.STARTED)
                .filter(roots::contains)
                .findFirst()
                .orElse(Span.Status.COMPLETED);
    }

    /** From the begin of the first span to the end of the last. */
    public Duration duration() {
        Optional<Instant> start = spans.stream().map(Span::start).min(Comparator.naturalOrder());
        Optional<Instant> end =
                spans.stream().map(Span::end).filter(Objects::nonNull).max(Comparator.naturalOrder());
        return start.isPresent() && end.isPresent() ? Duration.between(start.get(), end.get()) : Duration.ZERO;
    }

    /** The spans that are a part of none. */
    public Stream<Span> roots() {
        return spans.stream().filter(span -> span.parentId() == null);
    }
}
