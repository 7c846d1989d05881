package dev.segno.sim;

import dev.segno.run.DeadLetterStore;
import dev.segno.run.LimitStore;
import dev.segno.run.NewRun;
import dev.segno.run.RunStore;
import dev.segno.run.StoreUnavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The store of one process. Behind it is the real one; between the two stands a queue that the world empties: what is not
 * committed is lost in a crash, what is committed may not have been answered. Reads see what is committed. All writes have
 * a future as their result, by which they are told from reads, whatever methods the store has.
 */
final class SimulatedStore {

    /** Hears of what is committed. */
    interface Listener {
        void committed(Method method, Object[] arguments, @Nullable Object result);
    }

    /** A write that is queued. */
    static final class Write {
        private final Object target;
        private final Method method;
        private final Object[] arguments;
        private final CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();

        Write(Object target, Method method, Object[] arguments) {
            this.target = target;
            this.method = method;
            this.arguments = arguments;
        }

        /** Whether it is a call of this method of the store. */
        boolean is(String name) {
            return method.getName().equals(name);
        }

        Object[] arguments() {
            return arguments;
        }

        /** Another write in the place of this one. */
        Write of(Object argument) {
            return new Write(target, method, new Object[] {argument});
        }

        /** Hands the write to the real store. */
        CompletableFuture<?> apply() {
            if (invoke(target, method, arguments) instanceof CompletableFuture<?> result) {
                return result;
            }
            throw new AssertionError(method);
        }
    }

    private final RunStore disk;
    private final Faults faults;
    private final Trace trace;
    private final Listener listener;
    private final Deque<Write> queue = new ArrayDeque<>();
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private boolean full;

    SimulatedStore(RunStore disk, Faults faults, Trace trace, Listener listener) {
        this.disk = disk;
        this.faults = faults;
        this.trace = trace;
        this.listener = listener;
    }

    /** What the engine takes for its store. */
    RunStore front() {
        return front(RunStore.class, disk);
    }

    private <T> T front(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(target, method, arguments == null ? new Object[0] : arguments)));
    }

    private @Nullable Object call(Object target, Method method, Object[] arguments) {
        if (CompletableFuture.class.isAssignableFrom(method.getReturnType())) {
            Write write = new Write(target, method, arguments);
            if (full && isStart(write)) {
                return CompletableFuture.failedFuture(new StoreUnavailable("The disk is full"));
            }
            queue.add(write);
            if (faults.answersTooEarly(write)) {
                answers.add(() -> write.answer.complete(null));
            }
            return write.answer;
        }
        return switch (method.getName()) {
            case "limits" -> front(LimitStore.class, disk.limits());
            case "deadLetters" -> front(DeadLetterStore.class, disk.deadLetters());
            case "isWritable" -> !full;
            case "close" -> throw new AssertionError("A process does not close its store in a simulation");
            default -> invoke(target, method, arguments);
        };
    }

    private static @Nullable Object invoke(Object target, Method method, Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError(e);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isStart(Write write) {
        return write.arguments.length > 0 && write.arguments[0] instanceof NewRun;
    }

    int queued() {
        return queue.size();
    }

    /** Number of committed writes whose callers have not heard of it. */
    int unanswered() {
        return answers.size();
    }

    boolean isFull() {
        return full;
    }

    /** From now on nothing can be written; or again. */
    void setFull(boolean full) {
        this.full = full;
    }

    /** Commits the writes that came first, as one group. On a full disk starts are refused, and the others wait. */
    void commit(int most) {
        if (full) {
            for (Iterator<Write> each = queue.iterator(); each.hasNext(); ) {
                Write write = each.next();
                if (isStart(write)) {
                    each.remove();
                    answers.add(() -> write.answer.completeExceptionally(new StoreUnavailable("The disk is full")));
                }
            }
            trace.add("commit fails, the disk is full");
            return;
        }
        List<Write> group = new ArrayList<>();
        List<CompletableFuture<?>> results = new ArrayList<>();
        while (group.size() < most && !queue.isEmpty()) {
            Write write = queue.removeFirst();
            group.add(write);
            results.add(faults.write(write));
        }
        for (int i = 0; i < group.size(); i++) {
            committed(group.get(i), results.get(i));
        }
    }

    private void committed(Write write, CompletableFuture<?> result) {
        try {
            @Nullable Object value = result.join();
            trace.add("committed " + write.method.getName() + " " + WriteText.of(write.arguments) + " " + value);
            listener.committed(write.method, write.arguments, value);
            answers.add(() -> write.answer.complete(value));
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            trace.add("refused " + write.method.getName() + " " + WriteText.of(write.arguments) + " "
                    + cause.getMessage());
            answers.add(() -> write.answer.completeExceptionally(cause));
        }
    }

    /** Tells the caller whose write was committed first. */
    void answer() {
        answers.removeFirst().run();
    }

    /** Fails all that is queued, as a store does that has broken and whose process is about to end. */
    void breakDown() {
        while (!queue.isEmpty()) {
            Write write = queue.removeFirst();
            answers.add(() -> write.answer.completeExceptionally(new StoreUnavailable("The store has failed")));
        }
    }
}
