/**
 * The record of what callers have changed, and of what they were not let change: {@link dev.segno.audit.AuditEntry} is one
 * line of it, {@link dev.segno.audit.AuditLog} where it is kept, {@link dev.segno.audit.Audit} what writes it, {@link dev.segno.audit.AuditChain} what
 * binds its entries together.
 *
 * <p>Plain Java and JSON; uses no other package. What records acts uses it, and the store keeps it.
 */
@NullMarked
package dev.segno.audit;

import org.jspecify.annotations.NullMarked;
