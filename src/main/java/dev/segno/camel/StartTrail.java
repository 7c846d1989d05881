package dev.segno.camel;

/** Is told of the runs that triggers have started, for the record of who did what. Called on many threads; must not block. */
@FunctionalInterface
public interface StartTrail {

    /**
     * A run is on disk that was not there before.
     *
     * @param caller    name of who showed a credential, or else the trigger
     * @param trigger   such as {@code platform-http:/sync} or {@code quartz:nightly}
     * @param requestId of the request that started it; the run's id where there was none
     */
    void started(String caller, String trigger, String orchestration, String runId, String requestId);
}
