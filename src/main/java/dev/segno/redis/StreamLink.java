package dev.segno.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one consumer of a stream on a connection of its own. Each waits for its answer and throws {@link RedisFailure};
 * after that the connection is good for nothing. Used by one thread.
 */
final class StreamLink implements AutoCloseable {

    private static final int PAGE = 200;
    private static final String NOTHING = "0-0";

    private final Redis redis;
    private final StreamOptions options;
    private final io.vertx.redis.client.Redis client;
    private final RedisConnection connection;

    /** An entry that was handed out and not acknowledged. */
    record Pending(String id, String consumer, long idleMillis, long deliveries) {}

    StreamLink(Redis redis, StreamOptions options) throws InterruptedException {
        this.redis = redis;
        this.options = options;
        this.client = redis.newClient(1);
        boolean connected = false;
        try {
            this.connection = await("connecting", client.connect(), Redis.PATIENCE);
            connected = true;
        } finally {
            if (!connected) {
                client.close();
            }
        }
    }

    /** Makes the group, and the stream with it, where they are missing; whether they were. New ones begin with the oldest entry. */
    boolean makeGroup() throws InterruptedException {
        try {
            ask(Request.cmd(Command.XGROUP)
                    .arg("CREATE")
                    .arg(options.stream())
                    .arg(options.group())
                    .arg("0")
                    .arg("MKSTREAM"));
            return true;
        } catch (RedisFailure e) {
            if (String.valueOf(e.getMessage()).contains("BUSYGROUP")) {
                return false;
            }
            throw e;
        }
    }

    /** Entries that nobody of the group has had; waits for the first. */
    List<StreamEntry> read(int most, Duration patience) throws InterruptedException {
        Request request = Request.cmd(Command.XREADGROUP)
                .arg("GROUP")
                .arg(options.group())
                .arg(options.consumer())
                .arg("COUNT")
                .arg(most)
                .arg("BLOCK")
                .arg(patience.toMillis())
                .arg("STREAMS")
                .arg(options.stream())
                .arg(">");
        Response answer = ask(request, patience.plus(Redis.PATIENCE));
        return answer == null || answer.size() == 0
                ? List.of()
                : entries(answer.get(0).get(1), Map.of());
    }

    /** What the group has in hand and did not hear of for a while, in the order of the ids. */
    List<Pending> pending(Duration idle) throws InterruptedException {
        List<Pending> found = new ArrayList<>();
        String from = "-";
        while (true) {
            Response page = ask(Request.cmd(Command.XPENDING)
                    .arg(options.stream())
                    .arg(options.group())
                    .arg("IDLE")
                    .arg(idle.toMillis())
                    .arg(from)
                    .arg("+")
                    .arg(PAGE));
            if (page == null) {
                return found;
            }
            for (Response row : page) {
                found.add(new Pending(
                        row.get(0).toString(),
                        row.get(1).toString(),
                        row.get(2).toLong(),
                        row.get(3).toLong()));
            }
            if (page.size() < PAGE) {
                return found;
            }
            from = '(' + found.get(found.size() - 1).id();
        }
    }

    /**
     * Takes entries over, which counts as a delivery. Those that another has taken meanwhile, and those that are in the stream
     * no more, are left out.
     */
    List<StreamEntry> claim(List<Pending> wanted, Duration idle) throws InterruptedException {
        Map<String, Long> deliveries = new LinkedHashMap<>();
        wanted.forEach(one -> deliveries.put(one.id(), one.deliveries() + 1));
        Request request = Request.cmd(Command.XCLAIM)
                .arg(options.stream())
                .arg(options.group())
                .arg(options.consumer())
                .arg(idle.toMillis());
        deliveries.keySet().forEach(request::arg);
        return entries(ask(request), deliveries);
    }

    /** Says that these are still in hand, without counting that as a delivery. */
    void keep(Collection<String> ids) throws InterruptedException {
        Request request = Request.cmd(Command.XCLAIM)
                .arg(options.stream())
                .arg(options.group())
                .arg(options.consumer())
                .arg(0);
        ids.forEach(request::arg);
        ask(request.arg("JUSTID"));
    }

    void acknowledge(Collection<String> ids) throws InterruptedException {
        Request request = Request.cmd(Command.XACK).arg(options.stream()).arg(options.group());
        ids.forEach(request::arg);
        ask(request);
    }

    void append(String stream, Map<String, String> fields) throws InterruptedException {
        Request request = Request.cmd(Command.XADD).arg(stream).arg("*");
        fields.forEach((name, value) -> request.arg(name).arg(value));
        ask(request);
    }

    /** Removes the oldest entries that every group is done with, as long as more than {@code keep} stay. */
    void trim(long keep) throws InterruptedException {
        Response size = ask(Request.cmd(Command.XLEN).arg(options.stream()));
        long surplus = size == null ? 0 : size.toLong() - keep;
        String needed = surplus > 0 ? firstNeeded() : null;
        if (needed == null) {
            return;
        }
        Request request = Request.cmd(Command.XTRIM).arg(options.stream()).arg("MINID");
        // Whole nodes only, and no more than are too many; where none is to stay, exactly.
        ask(
                keep == 0
                        ? request.arg(needed)
                        : request.arg("~").arg(needed).arg("LIMIT").arg(surplus));
    }

    /** The oldest entry that some group has in hand or has not read yet; null where one has read nothing. */
    private @Nullable String firstNeeded() throws InterruptedException {
        String first = null;
        for (Group group : groups()) {
            String needed = neededBy(group);
            if (needed == null) {
                return null;
            }
            first = first == null || EntryIds.compare(needed, first) < 0 ? needed : first;
        }
        return first;
    }

    private @Nullable String neededBy(Group group) throws InterruptedException {
        if (group.pending() > 0) {
            Response oldest =
                    ask(Request.cmd(Command.XPENDING).arg(options.stream()).arg(group.name()));
            return oldest == null || oldest.get(1) == null
                    ? null
                    : oldest.get(1).toString();
        }
        return group.lastDelivered().equals(NOTHING) ? null : EntryIds.next(group.lastDelivered());
    }

    /** The last entry that the group has had; {@code 0-0} if none, or if there is no such group. */
    String lastDelivered() throws InterruptedException {
        return groups().stream()
                .filter(group -> group.name().equals(options.group()))
                .map(Group::lastDelivered)
                .findFirst()
                .orElse(NOTHING);
    }

    /** A consumer group of the stream. */
    private record Group(String name, long pending, String lastDelivered) {}

    private List<Group> groups() throws InterruptedException {
        Response rows = ask(Request.cmd(Command.XINFO).arg("GROUPS").arg(options.stream()));
        List<Group> groups = new ArrayList<>();
        for (Response row : rows == null ? List.<Response>of() : rows) {
            Map<String, String> figures = new LinkedHashMap<>();
            for (int i = 0; i + 1 < row.size(); i += 2) {
                figures.put(row.get(i).toString(), String.valueOf(row.get(i + 1)));
            }
            groups.add(new Group(
                    figures.getOrDefault("name", ""),
                    Long.parseLong(figures.getOrDefault("pending", "0")),
                    figures.getOrDefault("last-delivered-id", NOTHING)));
        }
        return groups;
    }

    private List<StreamEntry> entries(@Nullable Response rows, Map<String, Long> deliveries) {
        List<StreamEntry> found = new ArrayList<>();
        for (Response row : rows == null ? List.<Response>of() : rows) {
            // An older server answers nothing for an entry that is no longer there.
            if (row != null && row.size() > 1 && row.get(1) != null) {
                String id = row.get(0).toString();
                Map<String, String> fields = new LinkedHashMap<>();
                for (int i = 0; i + 1 < row.get(1).size(); i += 2) {
                    fields.put(
                            row.get(1).get(i).toString(), row.get(1).get(i + 1).toString());
                }
                found.add(new StreamEntry(options.stream(), id, fields, deliveries.getOrDefault(id, 1L)));
            }
        }
        return found;
    }

    private @Nullable Response ask(Request request) throws InterruptedException {
        return ask(request, Redis.PATIENCE);
    }

    private @Nullable Response ask(Request request, Duration patience) throws InterruptedException {
        return await(String.valueOf(request.command()), connection.send(request), patience);
    }

    private <T extends @Nullable Object> T await(String what, io.vertx.core.Future<T> answer, Duration patience)
            throws InterruptedException {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw redis.failure(what + " of " + options.name(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw redis.failure(what + " of " + options.name(), e);
        }
    }

    @Override
    public void close() {
        // With its connection, on which a command may still wait.
        client.close();
    }
}
