/** Tests of the stand-ins over real HTTP, and the client that the tests of the program use to look into them. */
@NullMarked
package dev.segno.sandbox;

import org.jspecify.annotations.NullMarked;
