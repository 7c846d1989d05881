package dev.segno.registry;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other instances of what is registered here. Which version of an entry a peer has taken is on record; what it has not
 * taken is sent until it has, also after a restart, so a peer that was down gets all that it missed. What came from a peer
 * goes no further. Thread-safe.
 */
public final class Peers implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MOST_PAUSE = Duration.ofMinutes(1);

    private static final String NO_ANSWER = "no answer";

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /** What is known of a peer. */
    public enum Status {
        UP,
        DOWN,
        UNKNOWN
    }

    /** A peer and how it was the last time. */
    public record Peer(
            String url,
            Status status,
            @Nullable Instant lastContact,
            @Nullable String lastError) {}

    /** An entry that did not arrive. */
    public record Failure(String peer, String service, String error) {}

    /**
     * What sending came to.
     *
     * @param accepted entries that were taken, each by one peer
     */
    public record Outcome(int peers, int accepted, List<Failure> failures) {}

    private final Registry registry;
    private final Outbound outbound;
    private final List<String> urls;
    private final Optional<String> token;
    private final Executor executor;
    private final BiConsumer<Duration, Runnable> later;
    private final Map<String, Peer> known = new ConcurrentHashMap<>();
    private final Map<String, Duration> pauses = new ConcurrentHashMap<>();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param urls  of the peers, without a slash at their ends
     * @param token that is shown to peers
     * @param later runs a task after a while
     */
    public Peers(
            Registry registry,
            Outbound outbound,
            List<String> urls,
            Optional<String> token,
            Executor executor,
            BiConsumer<Duration, Runnable> later) {
        this.registry = registry;
        this.outbound = outbound;
        this.urls = List.copyOf(urls);
        this.token = token;
        this.executor = executor;
        this.later = later;
        urls.forEach(url -> known.put(url, new Peer(url, Status.UNKNOWN, null, null)));
    }

    /** The addresses in a setting: a comma list. */
    public static List<String> addresses(String setting) {
        List<String> urls = new ArrayList<>();
        for (String part : setting.split(",")) {
            String url = part.strip().replaceAll("/+$", "");
            if (!url.isEmpty()) {
                URI.create(url);
                urls.add(url);
            }
        }
        return urls;
    }

    /** All peers. */
    public List<Peer> list() {
        return urls.stream()
                .map(url -> known.getOrDefault(url, new Peer(url, Status.UNKNOWN, null, null)))
                .toList();
    }

    /** Begins to send what peers have not taken when this instance stopped. */
    public void begin() {
        urls.forEach(this::catchUpLater);
    }

    /** Sends what peers have not taken, to all of them at once; the future ends when each has taken it or failed. */
    public CompletableFuture<Outcome> send() {
        return outcome(urls.stream()
                .map(url -> CompletableFuture.supplyAsync(() -> sendUnsent(url), executor))
                .toList());
    }

    /** Sends everything to all peers, whether they have taken it before or not. */
    public Outcome sendAll() {
        List<ServiceEntry> own = own();
        return outcome(urls.stream()
                        .map(url -> CompletableFuture.supplyAsync(() -> send(url, own), executor))
                        .toList())
                .join();
    }

    private List<ServiceEntry> own() {
        String self = registry.self();
        return registry.list().stream()
                .filter(entry -> entry.origin().equals(self))
                .toList();
    }

    private CompletableFuture<Outcome> outcome(List<CompletableFuture<Outcome>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(done -> {
            int accepted = 0;
            List<Failure> failures = new ArrayList<>();
            for (CompletableFuture<Outcome> one : each) {
                accepted += one.join().accepted();
                failures.addAll(one.join().failures());
            }
            return new Outcome(urls.size(), accepted, failures);
        });
    }

    private Outcome sendUnsent(String url) {
        return send(url, registry.store().unsent(url, registry.self()));
    }

    private Outcome send(String url, List<ServiceEntry> entries) {
        int accepted = 0;
        List<Failure> failures = new ArrayList<>();
        for (ServiceEntry entry : entries) {
            @Nullable String error = closed ? "stopping" : post(url, entry);
            if (error == null) {
                accepted++;
                registry.store().sent(url, entry).join();
                known.put(url, new Peer(url, Status.UP, registry.now(), null));
                pauses.remove(url);
            } else {
                failures.add(new Failure(url, entry.name(), error));
                Peer before = known.get(url);
                known.put(url, new Peer(url, Status.DOWN, before == null ? null : before.lastContact(), error));
                if (error.equals(NO_ANSWER)) {
                    // The others would wait for the same nothing.
                    break;
                }
            }
        }
        if (!failures.isEmpty()) {
            catchUpLater(url);
        }
        return new Outcome(1, accepted, failures);
    }

    /** What went wrong; null when the peer has taken the entry. */
    private @Nullable String post(String url, ServiceEntry entry) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put(ServiceDocument.ORIGIN, entry.origin());
        headers.put(ServiceDocument.VERSION, Long.toString(entry.version()));
        token.ifPresent(value -> headers.put("Authorization", "Bearer " + value));
        try {
            Outbound.Answer answer = outbound.post(
                    url + "/registry/register",
                    headers,
                    Json.text(ServiceDocument.sent(entry)),
                    Outbound.NamedBy.SETTINGS);
            return answer.status() < 300 ? null : "status " + answer.status();
        } catch (IOException e) {
            LOG.debug("Peer {} did not answer", url, e);
            return NO_ANSWER;
        }
    }

    private void catchUpLater(String url) {
        if (!waiting.add(url)) {
            return;
        }
        Duration pause = pauses.compute(url, (key, before) -> {
            if (before == null) {
                return FIRST_PAUSE;
            }
            Duration longer = before.multipliedBy(2);
            return longer.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : longer;
        });
        later.accept(pause, () -> {
            waiting.remove(url);
            if (!closed) {
                executor.execute(() -> catchUp(url));
            }
        });
    }

    private void catchUp(String url) {
        try {
            sendUnsent(url);
        } catch (RuntimeException e) {
            LOG.warn("Peer {} is told later of what it has missed", url, e);
            catchUpLater(url);
        }
    }

    /** Sends no more. */
    @Override
    public void close() {
        closed = true;
    }
}
