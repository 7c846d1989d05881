package dev.segno.camel.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A property placeholder as it stands in a file: <code>{{NAME}}</code>, <code>{{NAME:default}}</code>,
 * <code>{{?NAME}}</code> or, with a function, <code>{{env:NAME}}</code>. A placeholder inside another one's default is
 * one of its own.
 *
 * @param function {@code env}, {@code sys} and the like; empty for a setting
 * @param name without function, question mark and default
 * @param defaultValue the text after the colon, placeholders in it unresolved; null if there is none
 * @param optional written with a question mark: without a value, the option is left out
 * @param at the scalar that holds it
 */
public record Placeholder(
        String function, String name, @Nullable String defaultValue, boolean optional, YamlScalar at) {

    /** Whether it reads a setting, and not the environment, the system properties or a vault. */
    public boolean isSetting() {
        return function.isEmpty();
    }
}
