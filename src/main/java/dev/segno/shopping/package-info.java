/**
 * The shopping assistant: sessions, the turns of which are runs of {@code shopping-turn}, what a message asks for, and how
 * products are ranked. Knows neither Camel nor HTTP; routes reach it as {@code shopping:NAME}.
 */
@NullMarked
package dev.segno.shopping;

import org.jspecify.annotations.NullMarked;
