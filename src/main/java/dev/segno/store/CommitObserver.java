package dev.segno.store;

/** Is told of each commit, on the thread that writes: it returns at once and throws nothing. */
@FunctionalInterface
public interface CommitObserver {

    /** Nobody is told. */
    CommitObserver NONE = (writes, nanos) -> {};

    /**
     * Writes are on disk.
     *
     * @param writes how many were committed together
     * @param nanos  what the commit took, its sync to the disk included
     */
    void committed(int writes, long nanos);
}
