/**
 * The specification as tests: the contracts' acceptance cases and the promises about crashes, told over HTTP to the real
 * program in a process of its own, with the sandbox as its peers; and what such tests need to start and to talk.
 */
@NullMarked
package dev.segno.spec;

import org.jspecify.annotations.NullMarked;
