package dev.segno.sandbox;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/**
 * One operation of a service, as the {@link Desk} has to treat it.
 *
 * @param kind what else may happen meanwhile, and whether a repeat is recognised
 * @param open true if no admin key is asked for
 * @param time how long it takes
 * @param answer what it does and answers; run once for each idempotency key
 */
record Operation(Kind kind, boolean open, Function<Request, Duration> time, Work answer) {

    enum Kind {
        /** Changes nothing; may be asked at any time. */
        READ,
        /** Does work, any number at a time. */
        WORK,
        /** Does work, one at a time: a second call is refused at once. */
        EXCLUSIVE_WORK
    }

    /** The work of one call. */
    interface Work {
        /**
         * Does the work.
         *
         * @param request the call
         * @param recordErrors how many records of this call are to be lost, by a fault; mostly 0
         */
        Future<Answer> perform(Request request, int recordErrors);

        /** Work that is done at once. */
        static Work of(Function<Request, Answer> work) {
            return (request, errors) -> Future.succeededFuture(work.apply(request));
        }
    }

    static Operation read(Function<Request, Answer> answer) {
        return new Operation(Kind.READ, false, request -> Duration.ZERO, Work.of(answer));
    }

    /** Work for everybody, without a key, that is done at once. */
    static Operation work(Function<Request, Answer> answer) {
        return new Operation(Kind.WORK, true, request -> Duration.ZERO, Work.of(answer));
    }

    static Operation exclusiveWork(Function<Request, Duration> time, Work work) {
        return new Operation(Kind.EXCLUSIVE_WORK, false, time, work);
    }

    /** The same operation for everybody, without a key. */
    Operation withoutKey() {
        return new Operation(kind, true, time, answer);
    }

    boolean works() {
        return kind != Kind.READ;
    }
}
