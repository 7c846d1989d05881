package dev.segno.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A prepared statement whose parameters are given in their order. Not safe for use by several threads. */
final class BoundStatement {
    private final PreparedStatement statement;
    private int index;

    BoundStatement(Connection connection, String sql) throws SQLException {
        statement = connection.prepareStatement(sql);
    }

    /** Forgets what has been given so far. */
    BoundStatement begin() {
        index = 0;
        return this;
    }

    BoundStatement text(@Nullable String value) throws SQLException {
        statement.setString(++index, value);
        return this;
    }

    BoundStatement bytes(byte @Nullable [] value) throws SQLException {
        statement.setBytes(++index, value);
        return this;
    }

    BoundStatement number(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    BoundStatement number(@Nullable Long value) throws SQLException {
        statement.setObject(++index, value);
        return this;
    }

    /** Runs a statement that changes rows; how many it changed. */
    int update() throws SQLException {
        return statement.executeUpdate();
    }

    /** Runs a statement that answers nothing. */
    void run() throws SQLException {
        statement.execute();
    }

    ResultSet query() throws SQLException {
        return statement.executeQuery();
    }
}
