package dev.segno.camel;

import dev.segno.run.Verdict;

/** A failure that knows whether another try can help. */
public interface HasVerdict {
    Verdict verdict();
}
