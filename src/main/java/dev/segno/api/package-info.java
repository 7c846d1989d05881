/**
 * The HTTP side of a process: the server, the API's resources and the OpenAPI documents of route packages. Thin: it
 * checks requests and hands them on. It uses {@code security}, {@code control}, {@code camel}, {@code editing} and {@code audit}.
 */
@NullMarked
package dev.segno.api;

import org.jspecify.annotations.NullMarked;
