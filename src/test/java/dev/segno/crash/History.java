package dev.segno.crash;

import dev.segno.crash.Operation.Answer;
import dev.segno.crash.Operation.Kind;
import dev.segno.run.RunState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Judges what concurrent clients were told: whether there is a way in which one server, doing one thing after the other,
 * could have answered so. Operations that overlap in time may have happened in either order, those that do not may not.
 *
 * <p>The runs are of an orchestration that waits for one signal and then completes.
 */
final class History {

    private static final Map<RunState, Set<RunState>> REACHABLE = reachable();

    private final List<Operation> operations;
    private final List<String> anomalies = new ArrayList<>();

    private History(Collection<Operation> operations) {
        this.operations = List.copyOf(operations);
    }

    /** What cannot be explained; empty when all can. */
    static List<String> anomalies(Collection<Operation> operations) {
        History history = new History(operations);
        history.checkStarts();
        history.operations.stream()
                .collect(Collectors.groupingBy(Operation::run))
                .values()
                .forEach(history::checkRun);
        return history.anomalies;
    }

    /** From each state, those that a run can be in later on. */
    private static Map<RunState, Set<RunState>> reachable() {
        Map<RunState, Set<RunState>> reachable = new EnumMap<>(RunState.class);
        for (RunState from : RunState.values()) {
            Set<RunState> found = EnumSet.of(from);
            for (int size = 0; size < found.size(); ) {
                size = found.size();
                for (RunState known : List.copyOf(found)) {
                    for (RunState next : RunState.values()) {
                        if (known.canBecome(next)) {
                            found.add(next);
                        }
                    }
                }
            }
            reachable.put(from, found);
        }
        return reachable;
    }

    /** A key has one run, and a run one key. */
    private void checkStarts() {
        Map<String, String> runs = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        for (Operation start : operations) {
            if (start.kind() == Kind.START) {
                String run = runs.putIfAbsent(start.id(), start.run());
                String key = keys.putIfAbsent(start.run(), start.id());
                if (run != null && !run.equals(start.run())) {
                    anomalies.add("Key " + start.id() + " has the runs " + run + " and " + start.run());
                }
                if (key != null && !key.equals(start.id())) {
                    anomalies.add("Run " + start.run() + " has the keys " + key + " and " + start.id());
                }
            }
        }
    }

    private void checkRun(List<Operation> ofRun) {
        checkStates(ofRun);
        checkEnds(ofRun);
        checkCancels(ofRun);
        ofRun.stream()
                .filter(operation -> operation.kind() == Kind.SIGNAL)
                .collect(Collectors.groupingBy(Operation::id))
                .values()
                .forEach(this::checkSignal);
        checkDelivery(ofRun);
    }

    /** What was shown first can become what was shown afterwards. */
    private void checkStates(List<Operation> ofRun) {
        forEachInOrder(
                ofRun,
                History::showsState,
                History::showsState,
                (earlier, later) -> REACHABLE
                        .getOrDefault(earlier.state().orElseThrow(), Set.of())
                        .contains(later.state().orElseThrow()));
    }

    /** There is one end, whoever saw it and when; and whoever was told that it had come had not been wrong. */
    private void checkEnds(List<Operation> ofRun) {
        Set<RunState> ends = ofRun.stream()
                .flatMap(operation -> operation.state().stream())
                .filter(RunState::isFinal)
                .collect(Collectors.toSet());
        if (ends.size() > 1) {
            anomalies.add("Run " + ofRun.get(0).run() + " has ended as " + ends);
        }
        Predicate<Operation> tooLate = operation -> operation.answer() == Answer.TOO_LATE;
        forEachInOrder(
                ofRun,
                tooLate,
                History::showsState,
                (earlier, later) -> later.state().orElseThrow().isFinal());
        forEachInOrder(ofRun, tooLate, History::isNewSignal, (earlier, later) -> false);
        forEachInOrder(ofRun, History::showsEnd, History::isNewSignal, (earlier, later) -> false);
        // Nothing but an end makes a signal or a cancel late.
        if (ends.isEmpty() && ofRun.stream().anyMatch(tooLate)) {
            anomalies.add("Run " + ofRun.get(0).run() + " has refused as if it had ended, and has not");
        }
    }

    /** A cancel that is done has left the run cancelled; after one that was accepted nothing new lets the run complete. */
    private void checkCancels(List<Operation> ofRun) {
        forEachInOrder(
                ofRun,
                operation -> operation.kind() == Kind.CANCEL && operation.answer() == Answer.OK,
                History::showsState,
                (cancel, read) -> read.state().orElseThrow() == RunState.CANCELLED);
        List<Operation> signals = ofRun.stream().filter(History::isNewSignal).toList();
        for (Operation cancel : ofRun) {
            if (cancel.kind() != Kind.CANCEL) {
                continue;
            }
            if (cancel.answer() == Answer.OK && !cancel.state().equals(Optional.of(RunState.CANCELLED))) {
                anomalies.add("A cancel that was done has left " + cancel);
            }
            if (cancel.answer() == Answer.ACCEPTED
                    && isCompleted(ofRun)
                    && !signals.isEmpty()
                    && signals.stream().allMatch(cancel::isBefore)) {
                anomalies.add("A run has completed by a signal that came after " + cancel);
            }
        }
    }

    private static boolean isCompleted(List<Operation> ofRun) {
        return ofRun.stream().anyMatch(operation -> operation.state().equals(Optional.of(RunState.COMPLETED)));
    }

    /** A signal's id is new once, and known from then on. */
    private void checkSignal(List<Operation> sameId) {
        if (sameId.stream().filter(History::isNewSignal).count() > 1) {
            anomalies.add("A signal was taken in more than once: " + sameId);
        }
        forEachInOrder(
                sameId,
                Operation::isAcknowledgedSignal,
                later -> true,
                (earlier, later) -> later.answer() == Answer.DUPLICATE);
        boolean known = sameId.stream().anyMatch(History::isNewSignal);
        if (!known && sameId.stream().anyMatch(signal -> signal.answer() == Answer.DUPLICATE)) {
            anomalies.add("A signal was a duplicate of none: " + sameId);
        }
    }

    /** There is one wait, so one signal is delivered at most; a run that goes on without its signal was cancelled. */
    private void checkDelivery(List<Operation> ofRun) {
        long delivered = ofRun.stream()
                .filter(operation -> operation.answer() == Answer.DELIVERED)
                .count();
        boolean acknowledged = ofRun.stream().anyMatch(Operation::isAcknowledgedSignal);
        if (delivered > 1) {
            anomalies.add("Run " + ofRun.get(0).run() + " has one wait, and " + delivered + " signals ended it");
        }
        if (isCompleted(ofRun) && !acknowledged) {
            anomalies.add("Run " + ofRun.get(0).run() + " has completed without a signal");
        }
    }

    private static boolean showsState(Operation operation) {
        return operation.state().isPresent();
    }

    private static boolean showsEnd(Operation operation) {
        return operation.state().filter(RunState::isFinal).isPresent();
    }

    private static boolean isNewSignal(Operation operation) {
        return operation.answer() == Answer.DELIVERED || operation.answer() == Answer.KEPT;
    }

    /** Notes each pair of operations, of which one was over before the other began, that does not hold. */
    private void forEachInOrder(
            List<Operation> ofRun,
            Predicate<Operation> first,
            Predicate<Operation> second,
            BiPredicate<Operation, Operation> holds) {
        List<Operation> later = ofRun.stream().filter(second).toList();
        for (Operation earlier : ofRun) {
            if (first.test(earlier)) {
                for (Operation next : later) {
                    if (earlier.isBefore(next) && !holds.test(earlier, next)) {
                        anomalies.add(next + " came after " + earlier);
                    }
                }
            }
        }
    }
}
