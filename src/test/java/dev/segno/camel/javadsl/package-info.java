@NullMarked
package dev.segno.camel.javadsl;

import org.jspecify.annotations.NullMarked;
