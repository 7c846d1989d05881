/** Tests of the stand-ins, over real HTTP. */
@NullMarked
package dev.segno.sandbox;

import org.jspecify.annotations.NullMarked;
