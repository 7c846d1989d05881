package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {

    @Test
    void theListNamesAllFilesInTheOrderOfTheirVersions() throws Exception {
        Path folder = Path.of(Objects.requireNonNull(getClass().getResource("/db/migration/sqlite"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Migrations.FILES);
        }
        assertThat(Migrations.FILES.stream().map(file -> Integer.valueOf(file.substring(1, file.indexOf("__")))))
                .isSorted()
                .doesNotHaveDuplicates()
                .endsWith(Migrations.newest());
    }

    @Test
    void flywayMakesTheSameTablesAndTakesOursAsItsBaseline(@TempDir Path directory) throws SQLException {
        Path ours = directory.resolve("ours.db");
        try (Connection connection = connect(ours)) {
            Migrations.apply(connection, ours);
            Migrations.apply(connection, ours);
        }
        Path flyways = directory.resolve("flyways.db");
        assertThat(Migrations.flyway(flyways).load().migrate().migrationsExecuted)
                .isEqualTo(Migrations.FILES.size());

        assertThat(tables(ours)).isNotEmpty().isEqualTo(tables(flyways));
        assertThat(Migrations.flyway(ours)
                        .baselineOnMigrate(true)
                        .baselineVersion(Integer.toString(Migrations.newest()))
                        .load()
                        .migrate()
                        .migrationsExecuted)
                .isZero();
    }

    private static Connection connect(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    private static List<String> tables(Path database) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT type, name, sql FROM sqlite_master"
                        + " WHERE name NOT LIKE '%flyway%' ORDER BY type, name")) {
            while (result.next()) {
                String sql = result.getString(3);
                tables.add(result.getString(1)
                        + ' '
                        + result.getString(2)
                        + ' '
                        + (sql == null ? "" : sql.replaceAll("\\s+", " ")));
            }
        }
        return tables;
    }
}
