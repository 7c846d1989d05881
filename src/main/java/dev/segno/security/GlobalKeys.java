package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.util.Optional;

/**
 * The keys that are good for everything a role may do. Immutable, hence safe for concurrent use.
 *
 * @param operators keys of {@link Role#OPERATOR}
 * @param editors   keys of {@link Role#EDITOR}
 */
public record GlobalKeys(NamedKeys operators, NamedKeys editors) {

    /** Setting with the keys of operators: {@code name=key,name=key}. */
    public static final String OPERATORS_SETTING = "SEGNO_API_KEYS";

    /** Setting with the keys of editors, in the same form. */
    public static final String EDITORS_SETTING = "SEGNO_EDITOR_KEYS";

    /**
     * The keys that the settings hold, possibly none.
     *
     * @throws SettingsException when one of the settings has another form, or both give a name or a key; the message never
     *     holds a key
     */
    public static GlobalKeys from(Settings settings) {
        NamedKeys operators = keys(settings, OPERATORS_SETTING);
        NamedKeys editors = keys(settings, EDITORS_SETTING);
        if (operators.shares(editors)) {
            throw new SettingsException("setting " + EDITORS_SETTING + ": a name or a key of it is in "
                    + OPERATORS_SETTING + " too; an editor needs only the one here");
        }
        return new GlobalKeys(operators, editors);
    }

    private static NamedKeys keys(Settings settings, String setting) {
        return settings.find(setting)
                .map(text -> NamedKeys.parse(setting, text))
                .orElse(NamedKeys.NONE);
    }

    public boolean isEmpty() {
        return operators.isEmpty() && editors.isEmpty();
    }

    /** Who shows a key, if it is one of these. */
    Optional<Caller> callerOf(String presented) {
        // Both are asked, so the time does not tell which one knew it.
        Optional<Caller> operator = operators.nameOf(presented).map(name -> caller(name, Role.OPERATOR));
        Optional<Caller> editor = editors.nameOf(presented).map(name -> caller(name, Role.EDITOR));
        return editor.or(() -> operator);
    }

    private static Caller caller(String name, Role role) {
        return new Caller(name, Caller.Place.HEADER, role);
    }
}
