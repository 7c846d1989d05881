/**
 * The guard at the doors: who may come in ({@link dev.segno.security.Authentication}), which names may come in with
 * them ({@link dev.segno.security.IngressFilter}), and what is said to those who may not
 * ({@link dev.segno.security.ErrorReply}); and where URLs of callers may lead ({@link dev.segno.security.OutboundRules}).
 * It knows Vert.x and JSON, reads settings from {@code control}, and knows
 * nothing of Camel or of runs.
 */
@NullMarked
package dev.segno.security;

import org.jspecify.annotations.NullMarked;
