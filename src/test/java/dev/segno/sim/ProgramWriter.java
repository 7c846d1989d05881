package dev.segno.sim;

import dev.segno.run.Orchestration;
import dev.segno.run.Orchestration.Durability;
import dev.segno.run.Orchestration.OnFailure;
import dev.segno.sim.Part.Branches;
import dev.segno.sim.Part.Ending;
import dev.segno.sim.Part.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes random programs: all that a route may hold, where it may hold it. Left out is what has more than one right outcome
 * that nothing records: a saga in a branch that runs beside others, or whose failure is passed over; a child run in a doTry.
 */
final class ProgramWriter {

    private static final int MOST_PARTS = 4;
    private static final int DEEPEST = 4;

    /** Where a part stands. */
    private record Place(int depth, boolean inStep, boolean inTry, boolean beside, boolean inSaga, boolean isChild) {
        Place deeper() {
            return new Place(depth + 1, inStep, inTry, beside, inSaga, isChild);
        }
    }

    private final String prefix;
    private final Random random;
    private int programs;
    private int ids;

    /** Parts that may still be written: keeps nested loops from growing without bound. */
    private int left;

    ProgramWriter(String prefix, Random random) {
        this.prefix = prefix;
        this.random = random;
    }

    Program write() {
        left = 6 + random.nextInt(14);
        return program(false);
    }

    private Program program(boolean isChild) {
        OnFailure onFailure = pick(OnFailure.values());
        Durability durability = chance(4) ? Durability.RELAXED : Durability.STRICT;
        String name = prefix + "-p" + ++programs;
        List<Part> parts = new ArrayList<>();
        Place place = new Place(0, false, false, false, false, isChild);
        for (int i = 1 + random.nextInt(isChild ? 2 : MOST_PARTS); i > 0; i--) {
            parts.add(part(place));
        }
        if (chance(2)) {
            parts.add(new Part.Step(id("s"), fate(place), true));
        }
        return new Program(
                name, new Orchestration.Options(false, durability, onFailure), chance(2), new Part.Sequence(parts));
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T pick(T[] of) {
        return of[random.nextInt(of.length)];
    }

    private String id(String kind) {
        return kind + ++ids;
    }

    private Part sequence(Place place) {
        List<Part> parts = new ArrayList<>();
        for (int i = 1 + random.nextInt(MOST_PARTS - 1); i > 0; i--) {
            parts.add(part(place));
        }
        return parts.size() == 1 ? parts.get(0) : new Part.Sequence(parts);
    }

    private Part part(Place place) {
        Place inside = place.deeper();
        if (--left <= 0 || place.depth() == DEEPEST) {
            return new Part.Step(id("s"), fate(place), false);
        }
        return switch (random.nextInt(16)) {
            case 0 -> new Part.Loop(id("loop"), 1 + random.nextInt(3), sequence(inside));
            case 1, 2 -> split(inside);
            case 3 -> new Part.Choice(random.nextInt(16), sequence(inside), sequence(inside));
            case 4, 5 -> attempt(inside);
            case 6 -> new Part.Call(id("call"), sequence(inside));
            case 7 -> outer(inside);
            case 8, 9 -> await(place);
            case 10, 11 -> saga(inside);
            case 12 -> child(place);
            default -> new Part.Step(id("s"), fate(place), false);
        };
    }

    private Fate fate(Place place) {
        if (place.inTry()) {
            // There a step is tried once: how often the service was down must not decide.
            return new Fate(0, chance(3));
        }
        boolean forGood = chance(12) && !(place.isChild() && place.beside());
        return new Fate(chance(4) ? 1 + random.nextInt(2) : 0, forGood);
    }

    private Part split(Place inside) {
        Branches branches = pick(Branches.values());
        boolean beside = branches != Branches.SEQUENTIAL;
        Place branch = new Place(
                inside.depth(),
                inside.inStep(),
                inside.inTry(),
                inside.beside() || beside,
                inside.inSaga(),
                inside.isChild());
        return new Part.Split(id("split"), branches, 1 + random.nextInt(3), sequence(branch));
    }

    private Part attempt(Place inside) {
        Place tried =
                new Place(inside.depth(), inside.inStep(), true, inside.beside(), inside.inSaga(), inside.isChild());
        return new Part.Try(id("try"), sequence(tried), sequence(tried));
    }

    private Part outer(Place inside) {
        Place stepped =
                new Place(inside.depth(), true, inside.inTry(), inside.beside(), inside.inSaga(), inside.isChild());
        return new Part.Outer(id("outer"), sequence(stepped));
    }

    private Part await(Place place) {
        if (place.inStep() || place.beside()) {
            return new Part.Step(id("s"), fate(place), false);
        }
        return new Part.Await(id("await"), pick(Ending.values()));
    }

    private Part saga(Place inside) {
        if (inside.beside() || inside.inStep()) {
            return sequence(inside);
        }
        Place part = new Place(inside.depth(), false, inside.inTry(), false, true, inside.isChild());
        Fate undoing = new Fate(chance(3) ? 1 : 0, !inside.inTry() && chance(8));
        return new Part.Saga(id("saga"), undoing, chance(3), sequence(part));
    }

    private Part child(Place place) {
        if (place.isChild() || place.inTry() || place.inStep() || place.beside()) {
            return new Part.Step(id("s"), fate(place), false);
        }
        return new Part.Child(id("child"), random.nextBoolean(), program(true));
    }
}
