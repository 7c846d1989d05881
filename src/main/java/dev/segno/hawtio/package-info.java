/**
 * Hawtio: a console that looks at Camel's routes, exchanges and statistics through JMX. It is served only where it is asked
 * for, and can look and nothing else: every request to JMX passes a short list of what may be asked. Nothing of the project
 * but the wiring uses it, and no class of Jolokia is loaded where it is off.
 */
@NullMarked
package dev.segno.hawtio;

import org.jspecify.annotations.NullMarked;
