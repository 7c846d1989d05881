/** Tests of reading and checking route files; the corpus is in {@code src/test/resources/routes}. */
@NullMarked
package dev.segno.camel.yaml;

import org.jspecify.annotations.NullMarked;
