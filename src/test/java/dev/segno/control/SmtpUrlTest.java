package dev.segno.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One address says all of an SMTP server; the settings of its parts hold where it is silent. */
class SmtpUrlTest {

    @TempDir
    private Path directory;

    private static Function<String, Optional<String>> parts(Map<String, String> settings) {
        return SmtpUrl.inParts(Settings.of(settings)::find);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "smtp://mail.example.com,                          mail.example.com, 587, -,    -,     false, false",
                "smtp://ada:s3cret@127.0.0.1:2525,                 127.0.0.1,        2525, ada, s3cret, false, false",
                "smtps://mail.example.com/,                        mail.example.com, 465, -,    -,     true,  false",
                "SMTPS://a%40b.example:p%3A%2F+%25@m:466,          m,                466, a@b.example, p:/+%, true, false",
                "smtp://ada@m:25?starttls=required,                m,                25,  ada,  -,     false, true"
            })
    void anAddressIsTakenApart(
            String url, String host, String port, String user, String password, String tls, String required) {
        Function<String, Optional<String>> parts =
                parts(Map.of("SMTP_URL", url, "SMTP_SERVER", "other", "SMTP_PORT", "1"));

        assertThat(parts.apply("SMTP_SERVER")).contains(host);
        assertThat(parts.apply("SMTP_PORT")).contains(port);
        assertThat(parts.apply("SMTP_USERNAME")).isEqualTo(Optional.ofNullable(user));
        assertThat(parts.apply("SMTP_PASSWORD")).isEqualTo(Optional.ofNullable(password));
        assertThat(parts.apply("SMTP_TLS")).contains(tls);
        assertThat(parts.apply("SMTP_STARTTLS_REQUIRED").orElse("false")).isEqualTo(required);
        assertThat(parts.apply("SMTP_URL").orElseThrow())
                .as("no user and no password")
                .isEqualTo((tls.equals("true") ? "smtps://" : "smtp://") + host + ":" + port);
        assertThat(SmtpUrl.parse(url)).asString().doesNotContain("s3cret", "@", "%2F");
    }

    @Test
    void whatTheAddressLeavesOutHoldsAsItIsSet() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "from-a-file\n");
        Function<String, Optional<String>> parts = parts(Map.of(
                "SMTP_URL",
                "smtp://ada@m",
                "SMTP_PASSWORD_FILE",
                file.toString(),
                "SMTP_STARTTLS_REQUIRED",
                "true",
                "SMTP_FROM",
                "service@example.com"));

        assertThat(parts.apply("SMTP_PASSWORD")).contains("from-a-file");
        assertThat(parts.apply("SMTP_STARTTLS_REQUIRED")).contains("true");
        assertThat(parts.apply("SMTP_FROM")).contains("service@example.com");
        assertThat(parts(Map.of("SMTP_SERVER", "m", "SMTP_PORT", "26")).apply("SMTP_URL"))
                .as("where only the server is set")
                .contains("smtp://m:26");
        assertThat(parts(Map.of()).apply("SMTP_URL")).isEmpty();
    }

    @Test
    void theAddressMayStandInAFileAndIsASecretThen() throws IOException {
        Path file = Files.writeString(directory.resolve("url"), "smtp://ada:s3cret@m:25\n");
        Settings settings = Settings.of(Map.of("SMTP_URL_FILE", file.toString()));

        assertThat(SmtpUrl.inParts(settings::find).apply("SMTP_PASSWORD")).contains("s3cret");
        assertThat(settings.known().get("SMTP_URL")).isEqualTo(new Settings.Known("smtp://ada:s3cret@m:25", "secret"));
        Files.writeString(file, "smtp://ada:changed@m:25");
        assertThat(SmtpUrl.inParts(settings::find).apply("SMTP_PASSWORD")).contains("changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.example.com:587",
                "http://ada:s3cret@m",
                "smtp://ada:s3cret@m:70000",
                "smtp://ada:s3cret@m:0",
                "smtp://ada:s3cret@m@n",
                "smtp://ada:s3c/ret@m",
                "smtp://ada:s3 cret@m",
                "smtp://ada:s3cret@m?starttls=no",
                "smtp://ada:s3cret@m/path",
                "smtp://"
            })
    void whatIsNoneIsRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> Settings.of(Map.of("SMTP_URL", text)).find(SettingsCatalog.SMTP_URL))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("SMTP_URL must be smtp://user:password@host:port")
                .hasMessageNotContaining("s3c")
                .hasNoCause();
    }
}
