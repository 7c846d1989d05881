/**
 * Runs what {@code *.test.yaml} files say, on the real engine, store and routes, with stand-ins for the services of others
 * and a time that is skipped. Used by {@code segno test} and by JUnit; nothing of a node uses it.
 */
@NullMarked
package dev.segno.testkit;

import org.jspecify.annotations.NullMarked;
