/**
 * Orchestrations that are written in Camel's Java DSL: their classes are found, asked for their routes, and what they say
 * is written down as the text of a route file. From there on they are route files like all others.
 *
 * <p>A class is code that its user trusts: its constructor and its {@code configure()} run. Nothing of its routes is built
 * or started here, and what its text names is checked like that of any other file.
 */
@NullMarked
package dev.segno.camel.javadsl;

import org.jspecify.annotations.NullMarked;
