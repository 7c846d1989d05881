package dev.segno.camel;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/**
 * The databases that {@code jdbc:NAME} can name: any, and each is where its settings say ({@link ReadOnlyDatabase}). Made when
 * it is asked for, so that a node without any has no cost of it. Safe for use by many threads.
 */
record Databases(Function<String, Optional<String>> settings) implements BeanRepository {

    @Override
    public @Nullable Object lookupByName(String name) {
        return null;
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        if (type != DataSource.class) {
            return null;
        }
        String setting = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_DB";
        return type.cast(new ReadOnlyDatabase(setting, settings));
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return Map.of();
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return Set.of();
    }
}
