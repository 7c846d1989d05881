/** The client in Java, against a node in this process. */
@NullMarked
package dev.segno.client;

import org.jspecify.annotations.NullMarked;
