package dev.segno.shopping;

import java.util.concurrent.CompletableFuture;

/** One thing that the assistant can be asked for. Safe for use by many threads. */
@FunctionalInterface
public interface ShoppingOperation {

    /** Fails with {@link dev.segno.security.ApiException} when the request is refused. */
    CompletableFuture<ShoppingReply> perform(ShoppingRequest request);
}
