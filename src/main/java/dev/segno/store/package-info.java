/**
 * Where runs, journals and versions are kept on disk: {@link dev.segno.store.SqliteRunStore}, an embedded database in
 * one directory, written by one thread that commits what has been queued as one transaction.
 *
 * <p>Implements {@link dev.segno.run.RunStore}, {@link dev.segno.trigger.ScheduleStore}, {@link dev.segno.keys.ApiKeys} and
 * {@link dev.segno.audit.AuditLog},
 * and may use their packages, JDBC, Flyway and the SQLite driver.
 * Knows neither Camel nor HTTP, and holds no rule of the engine but those that a database has to keep: one record per
 * step key, final states stay, one holder of a singleton.
 */
@NullMarked
package dev.segno.store;

import org.jspecify.annotations.NullMarked;
