/** Tests of the test kit, and of the routes that come with Segno by it. */
@NullMarked
package dev.segno.testkit;

import org.jspecify.annotations.NullMarked;
