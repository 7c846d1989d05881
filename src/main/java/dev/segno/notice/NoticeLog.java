package dev.segno.notice;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where notices are kept. The rules for futures, reads and threads are those of the store that runs are in. */
public interface NoticeLog {

    /**
     * Writes a notice, or how it stands now if there is one of its key; one that was sent stays as it is. Forgets some of
     * those that are too old.
     *
     * @param notice whose {@code id} does not count
     * @param since  those that were last written before are too old
     * @return the notice as it stands then
     */
    CompletableFuture<Notice> record(Notice notice, Instant since);

    /**
     * The notices that began last, the newest first.
     *
     * @param about only those about this; empty for all
     */
    List<Notice> newest(Optional<String> about, int limit);
}
