/** Tests of what the service hub tells and counts. */
@NullMarked
package dev.segno.hub;

import org.jspecify.annotations.NullMarked;
