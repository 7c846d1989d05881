/**
 * Route files that are changed from outside of the machine: read, saved, deleted, each by a name that leads nowhere else and
 * on the condition that nobody else was faster ({@link dev.segno.editing.RouteFiles}).
 *
 * <p>It uses {@code camel} to check and load what is saved, {@code audit} to record it, and the errors of {@code security}.
 */
@NullMarked
package dev.segno.editing;

import org.jspecify.annotations.NullMarked;
