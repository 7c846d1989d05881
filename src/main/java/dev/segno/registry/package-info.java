/**
 * Services that are registered by name, here and on peers: the entries, their replication, and the drift of their API
 * documents. The store that keeps them is behind {@link dev.segno.registry.RegistryStore}; others are called with the guarded
 * client of {@code security} ({@link dev.segno.registry.Outbound}).
 */
@NullMarked
package dev.segno.registry;

import org.jspecify.annotations.NullMarked;
