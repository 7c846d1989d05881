package dev.segno.spec;

import dev.segno.run.RunStore;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store in a directory of its own for each test, which can be closed and opened again. */
abstract class StoreContract {

    Path directory;
    RunStore store;

    /** Opens the store that lives in {@code directory}. */
    protected abstract RunStore open(Path directory);

    /** Runs a statement on the open store's tables, past the store. */
    protected abstract void sql(Path directory, String statement) throws SQLException;

    @BeforeEach
    void openFirst(@TempDir Path temporary) {
        directory = temporary.resolve("data");
        store = open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    void reopen() {
        store.close();
        store = open(directory);
    }
}
