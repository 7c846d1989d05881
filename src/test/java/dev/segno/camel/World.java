package dev.segno.camel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * What routes act on: {@code effect:NAME} is an effect that is written down with its idempotency key and answered as the
 * test says. Outlives the processes that call it, and tells them to die in the middle of a call. Thread-safe.
 */
final class World {

    /** Header of a start that makes the run's process die at its n-th effect: {@code 3 before} or {@code 3 after}. */
    static final String DIE_AT = "Die-At";

    /** What an effect does; its result becomes the body. */
    @FunctionalInterface
    interface Work {
        @Nullable
        Object of(Exchange exchange) throws Exception;
    }

    /**
     * One call.
     *
     * @param life number of the process, from 1
     * @param key  idempotency key; empty outside of runs and steps
     */
    record Call(
            int life, String effect, String key, @Nullable Object body, boolean failed) {

        /** The key without its run: the step's key, and where the call stands in the step. */
        String place() {
            return key.substring(key.indexOf('/') + 1);
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Work> works = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> deaths = new ConcurrentHashMap<>();
    private final Map<String, DefaultConsumer> doors = new ConcurrentHashMap<>();
    private final AtomicInteger life = new AtomicInteger(1);

    /** Makes an effect do something else than to answer with its body. */
    void on(String effect, Work work) {
        works.put(effect, work);
    }

    void heal(String effect) {
        works.remove(effect);
    }

    /** All calls in their order, of all runs and lives. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<Call> callsOf(String runId) {
        return calls.stream().filter(call -> call.key().startsWith(runId + '/')).toList();
    }

    /** Names of the effects that were called, in their order. */
    List<String> effects() {
        return calls.stream().map(Call::effect).toList();
    }

    /** Places of a run's calls, in their order. */
    List<String> places(String runId) {
        return callsOf(runId).stream().map(Call::place).toList();
    }

    void clear() {
        calls.clear();
    }

    void nextLife() {
        life.incrementAndGet();
    }

    /** Waits until a run's process would have died; answers with the idempotency key of the call that it died in. */
    String awaitDeath(String runId) throws Exception {
        return death(runId).get(60, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> death(String runId) {
        return deaths.computeIfAbsent(runId, id -> new CompletableFuture<>());
    }

    DefaultComponent component() {
        return new DefaultComponent() {
            @Override
            protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
                return new EffectEndpoint(uri, this, remaining);
            }
        };
    }

    /** Sends a message into the route {@code from: effect:DOOR}, and returns when it has been answered. */
    void send(String door, Map<String, Object> headers, Object body) throws Exception {
        DefaultConsumer consumer = Objects.requireNonNull(doors.get(door), "Nobody listens at " + door);
        Exchange exchange = consumer.createExchange(false);
        exchange.getMessage().setHeaders(new HashMap<>(headers));
        exchange.getMessage().setBody(body);
        consumer.getProcessor().process(exchange);
        Exception failure = exchange.getException();
        consumer.releaseExchange(exchange, false);
        if (failure != null) {
            throw failure;
        }
    }

    private boolean perform(String effect, Exchange exchange, AsyncCallback callback) {
        RunFrame frame = RunFrame.current(exchange);
        String asked = RunNode.idempotencyKey(exchange);
        String key = asked == null ? "" : asked;
        String runId = frame == null ? "" : frame.execution().id();
        int mine = life.get();
        String[] plan = frame == null ? null : planOf(frame);
        if (plan != null && mine == 1) {
            if (death(runId).isDone()) {
                return false;
            }
            boolean dies =
                    counts.computeIfAbsent(runId, id -> new AtomicInteger()).incrementAndGet()
                            == Integer.parseInt(plan[0]);
            if (dies && plan[1].equals("before")) {
                death(runId).complete(key);
                return false;
            }
            if (dies) {
                call(mine, effect, key, exchange);
                death(runId).complete(key);
                return false;
            }
        }
        call(mine, effect, key, exchange);
        callback.done(true);
        return true;
    }

    private void call(int mine, String effect, String key, Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        Work work = works.get(effect);
        boolean failed = false;
        try {
            if (work != null) {
                exchange.getMessage().setBody(work.of(exchange));
            }
        } catch (Exception e) {
            exchange.setException(e);
            failed = true;
        }
        calls.add(new Call(mine, effect, key, body, failed));
    }

    private static String @Nullable [] planOf(RunFrame frame) {
        String headers = frame.execution().run().headers();
        Object plan = headers == null ? null : Json.readObject(headers).get(DIE_AT);
        return plan == null ? null : plan.toString().split(" ");
    }

    /** Distinct places of a run's calls that worked. */
    Set<String> effectsOf(String runId) {
        return Set.copyOf(callsOf(runId).stream()
                .filter(call -> !call.failed())
                .map(Call::place)
                .toList());
    }

    /** Places of all calls of a life that worked, with repetitions. */
    List<String> worked(String runId, int inLife) {
        List<String> places = new ArrayList<>();
        for (Call call : callsOf(runId)) {
            if (!call.failed() && call.life() == inLife) {
                places.add(call.place());
            }
        }
        return places;
    }

    private final class EffectEndpoint extends DefaultEndpoint {
        private final String effect;

        EffectEndpoint(String uri, DefaultComponent component, String effect) {
            super(uri, component);
            this.effect = effect;
        }

        @Override
        public org.apache.camel.Producer createProducer() {
            return new DefaultAsyncProducer(this) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    return perform(effect, exchange, callback);
                }
            };
        }

        @Override
        public org.apache.camel.Consumer createConsumer(org.apache.camel.Processor processor) {
            return new DefaultConsumer(this, processor) {
                @Override
                protected void doStart() throws Exception {
                    super.doStart();
                    doors.put(effect, this);
                }

                @Override
                protected void doStop() throws Exception {
                    doors.remove(effect, this);
                    super.doStop();
                }
            };
        }
    }
}
