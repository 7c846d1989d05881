package dev.segno.crash;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How hard a crash test goes about it: the numbers of {@code ./mvnw verify}, or those of {@code -Pchaos}. */
public final class Chaos {

    private Chaos() {}

    /** A number that {@code -D<name>=…} replaces. */
    public static int number(String name, int usual) {
        return Integer.getInteger(name, usual);
    }

    /** Whether this is the full profile. */
    public static boolean isFull() {
        return Boolean.getBoolean("segno.chaos");
    }

    /** Randomness whose seed is printed, and can be given again as {@code -Dsegno.seed=…}. */
    public static Random random(String test) {
        long seed = Long.getLong("segno.seed", System.nanoTime());
        System.out.println(test + ": seed " + seed + " (again with -Dsegno.seed=" + seed + ")");
        return new Random(seed);
    }

    /** Lets a chosen moment come; what happens then is no condition that could be waited for. */
    public static void letPass(long micros) {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS))
                .join();
    }
}
