/**
 * What an operator sets and looks at. Here live the settings that every other package reads. It uses the YAML parser
 * and nothing else of the project, so anything may use it.
 */
@NullMarked
package dev.segno.control;

import org.jspecify.annotations.NullMarked;
