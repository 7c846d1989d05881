package dev.segno.camel.javadsl;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** A field of Camel's model that has no method of its own to read or write it. */
record ModelField(Field field) {

    ModelField {
        field.setAccessible(true);
    }

    /** A field of a class or of one of its parents; it has to be there. */
    static ModelField of(Class<?> type, String name) {
        ModelField found = find(type, name);
        if (found == null) {
            throw new IllegalStateException(type.getName() + " has no " + name + ": another version of Camel?");
        }
        return found;
    }

    static @Nullable ModelField find(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return new ModelField(field);
                }
            }
        }
        return null;
    }

    String name() {
        return field.getName();
    }

    @Nullable
    Object get(Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    void set(Object owner, @Nullable Object value) {
        try {
            field.set(owner, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
