package dev.segno.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The columns of a result's current row, read in their order. Not safe for use by several threads. */
final class Row {
    private final ResultSet result;
    private int index;

    Row(ResultSet result) {
        this.result = result;
    }

    /** Moves to the next row, if there is one. */
    boolean next() throws SQLException {
        index = 0;
        return result.next();
    }

    void skip(int columns) {
        index += columns;
    }

    String text() throws SQLException, UnreadableRow {
        String value = textOrNull();
        if (value == null) {
            throw new UnreadableRow("column " + index + " is empty");
        }
        return value;
    }

    @Nullable
    String textOrNull() throws SQLException {
        return result.getString(++index);
    }

    long number() throws SQLException {
        return result.getLong(++index);
    }

    @Nullable
    Long numberOrNull() throws SQLException {
        long value = result.getLong(++index);
        return result.wasNull() ? null : Long.valueOf(value);
    }

    byte @Nullable [] bytesOrNull() throws SQLException {
        return result.getBytes(++index);
    }
}
