package dev.segno.camel;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database of somebody else, as {@code jdbc:NAME} reads it: at {@code NAME_DB_URL}, as {@code NAME_DB_USER} with
 * {@code NAME_DB_PASSWORD}, all looked up for each connection. Nothing can be written through it. Opens a connection for each
 * use, which is meant for a few questions an hour and not for many a second. Safe for use by many threads.
 */
final class ReadOnlyDatabase implements DataSource {

    private static final String SQLITE = "jdbc:sqlite:";

    /** SQLITE_OPEN_READONLY; SQLite takes it at the opening and at no other time. */
    private static final String SQLITE_READ_ONLY = "1";

    private static final String POSTGRESQL = "jdbc:postgresql:";

    /** Outside of transactions too, where PostgreSQL's driver takes no notice of it otherwise. */
    private static final String POSTGRESQL_READ_ONLY = "always";

    private final String setting;
    private final Function<String, Optional<String>> settings;

    /** @param setting beginning of the names of its settings, such as {@code FLEET_DB} */
    ReadOnlyDatabase(String setting, Function<String, Optional<String>> settings) {
        this.setting = setting;
        this.settings = settings;
    }

    @Override
    public Connection getConnection() throws SQLException {
        String url = settings.apply(setting + "_URL")
                .orElseThrow(() -> new SQLException(
                        "Nobody says where the database is; set " + setting + "_URL, such as jdbc:sqlite:fleet.db"));
        try {
            return open(url);
        } catch (SQLException e) {
            throw new SQLException(
                    "The database at " + setting + "_URL cannot be opened: " + e.getMessage(), e.getSQLState(), e);
        }
    }

    private Connection open(String url) throws SQLException {
        Properties properties = new Properties();
        settings.apply(setting + "_USER").ifPresent(user -> properties.setProperty("user", user));
        settings.apply(setting + "_PASSWORD").ifPresent(password -> properties.setProperty("password", password));
        if (url.startsWith(SQLITE)) {
            properties.setProperty("open_mode", SQLITE_READ_ONLY);
            return DriverManager.getConnection(url, properties);
        }
        if (url.startsWith(POSTGRESQL)) {
            properties.setProperty("readOnlyMode", POSTGRESQL_READ_ONLY);
        }
        Connection connection = DriverManager.getConnection(url, properties);
        try {
            connection.setReadOnly(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("Its user is a setting");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("It has no log of its own");
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("Write the driver's own option into the URL");
    }

    @Override
    public int getLoginTimeout() {
        return 0; // as long as the driver takes
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("It has no log of its own");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("It wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
