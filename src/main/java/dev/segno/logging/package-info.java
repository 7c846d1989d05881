/**
 * What happens to texts on their way into the log: secrets are masked, and nothing that came from outside makes a line of its
 * own. {@code logback.xml} names the classes; it uses {@code security} and the logging library.
 */
@NullMarked
package dev.segno.logging;

import org.jspecify.annotations.NullMarked;
