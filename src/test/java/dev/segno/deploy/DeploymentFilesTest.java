package dev.segno.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segno.cli.SegnoCommand;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.YamlTree;
import dev.segno.store.SqliteRunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The files by which Segno is deployed name what is there: paths, commands, options, settings, services. */
class DeploymentFilesTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::?[-?][^}]*)?}");
    private static final Set<String> SERVICE_KEYS = Set.of(
            "build",
            "image",
            "restart",
            "stop_grace_period",
            "ports",
            "environment",
            "volumes",
            "depends_on",
            "security_opt",
            "cap_drop",
            "command",
            "entrypoint",
            "network_mode",
            "healthcheck",
            "secrets",
            "user",
            "working_dir");

    /** Of the shell and of the images, not of Segno. */
    private static final Set<String> OTHERS = Set.of("UID", "GID", "GRAFANA_PASSWORD", "SEGNO_SCRAPE_KEY");

    private static Map<?, ?> tree(String file) {
        return YamlTree.read(Path.of(file));
    }

    private static Map<?, ?> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<?, ?>) value;
    }

    private static List<String> texts(Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof Map<?, ?> map
                ? map.keySet().stream().map(String::valueOf).toList()
                : ((List<?>) value).stream().map(String::valueOf).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", "docker-compose.dev.yml"})
    void composeFilesNameWhatIsThere(String file) throws IOException {
        Map<?, ?> compose = tree(file);
        Map<?, ?> services = map(compose.get("services"));
        Set<String> volumes = new TreeSet<>(texts(compose.get("volumes")));
        Set<String> secrets = new TreeSet<>(texts(compose.get("secrets")));
        Set<String> ports = new LinkedHashSet<>();
        for (Map.Entry<?, ?> entry : services.entrySet()) {
            Map<?, ?> service = map(entry.getValue());
            String name = file + " " + entry.getKey();
            assertThat(texts(service)).as(name).isSubsetOf(SERVICE_KEYS);
            assertThat(service.get("image")).as(name).isInstanceOf(String.class);
            assertThat(texts(service.get("depends_on"))).as(name).allMatch(services::containsKey);
            assertThat(texts(service.get("secrets"))).as(name).isSubsetOf(secrets);
            if (service.get("network_mode") instanceof String mode) {
                assertThat(services.containsKey(mode.replace("service:", "")))
                        .as(name)
                        .isTrue();
                assertThat(service.get("ports"))
                        .as(name + " has the ports of the other")
                        .isNull();
            }
            for (String volume : texts(service.get("volumes"))) {
                String source = volume.substring(0, volume.indexOf(':'));
                if (source.startsWith(".")) {
                    assertThat(Path.of(source)).as(name).exists();
                } else {
                    assertThat(volumes).as(name).contains(source);
                }
            }
            for (String port : texts(service.get("ports"))) {
                assertThat(port).as(name + " is open to this machine alone").startsWith("127.0.0.1:");
                assertThat(ports.add(port))
                        .as(name + " takes a port that is taken")
                        .isTrue();
            }
            if (service.get("command") instanceof List<?> && isSegno(service)) {
                assertCommand(name, texts(service.get("command")));
            }
            if (isSegno(service)) {
                assertThat(texts(service.get("environment"))).as(name).noneMatch(SettingsCatalog::isUnknown);
            }
        }
        for (String variable : variables(Files.readString(Path.of(file)))) {
            assertThat(OTHERS.contains(variable) || example().containsKey(variable))
                    .as(file + " uses " + variable + ", which .env.example does not have")
                    .isTrue();
        }
    }

    private static boolean isSegno(Map<?, ?> service) {
        return "segno".equals(service.get("image")) || List.of("./segno").equals(service.get("entrypoint"));
    }

    /** Picocli says whether the command and its options exist. */
    private static void assertCommand(String where, List<String> words) {
        CommandLine.ParseResult parsed = new CommandLine(new SegnoCommand()).parseArgs(words.toArray(String[]::new));
        assertThat(parsed.hasSubcommand()).as(where + " " + words).isTrue();
    }

    private static Set<String> variables(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = VARIABLE.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** The variables of {@code .env.example}, those too that stand in it as a comment. */
    private static Map<String, String> example() throws IOException {
        Map<String, String> variables = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of(".env.example"))) {
            Matcher matcher = Pattern.compile("#?([A-Z][A-Z_]+)=(.*)").matcher(line);
            if (matcher.matches()) {
                variables.put(matcher.group(1), matcher.group(2));
            }
        }
        return variables;
    }

    @Test
    void theExampleHasNoKeysAndOnlySettingsThatExist() throws IOException {
        Map<String, String> example = example();
        assertThat(example).containsKeys("SEGNO_API_KEYS", "ADMIN_KEY", "SEGNO_PROFILE");
        assertThat(example.keySet()).filteredOn(name -> !OTHERS.contains(name)).noneMatch(SettingsCatalog::isUnknown);
        example.forEach((name, value) -> {
            if (name.matches(".*(KEY|KEYS|PASSWORD|SECRET|TOKEN)")) {
                assertThat(value).as(name).isEmpty();
            }
        });
    }

    @Test
    void theImageIsMadeOfWhatIsThereAndRunsAsAUserOfItsOwn() throws IOException {
        List<String> lines = instructions(Files.readString(Path.of("Dockerfile")));
        String last = lines.stream()
                .filter(line -> line.startsWith("FROM "))
                .reduce((first, second) -> second)
                .orElseThrow();
        List<String> image = lines.subList(lines.indexOf(last), lines.size());
        assertThat(lines).filteredOn(line -> line.startsWith("FROM ")).allMatch(line -> line.contains(":17-"));
        assertThat(image)
                .contains("USER segno")
                .filteredOn(line -> line.startsWith("USER"))
                .doesNotContain("USER root");
        Path root = Path.of(".");
        for (String line : lines) {
            if (line.startsWith("COPY ") && !line.contains("--from=")) {
                List<String> words = new ArrayList<>(List.of(line.split(" ")));
                words.removeIf(word -> word.startsWith("--") || word.equals("COPY"));
                for (String source : words.subList(0, words.size() - 1)) {
                    assertThat(root.resolve(source)).as(line).exists();
                    assertThat(isIgnored(source))
                            .as(source + " is in .dockerignore")
                            .isFalse();
                }
            }
        }
        assertThat(isIgnored("data")).isTrue();
        assertThat(isIgnored(".env")).isTrue();
        String command = lines.stream()
                .filter(line -> line.startsWith("CMD "))
                .findFirst()
                .orElseThrow();
        List<String> words = Pattern.compile("\"([^\"]*)\"")
                .matcher(command)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(words).contains("--host", "0.0.0.0");
        assertCommand("Dockerfile", words);
    }

    private static List<String> instructions(String text) {
        return text.replaceAll("\\\\\n\\s*", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static boolean isIgnored(String path) throws IOException {
        String top = path.replaceFirst("/.*", "");
        return Files.readAllLines(Path.of(".dockerignore")).stream()
                .noneMatch(line -> line.startsWith("!")
                        && line.substring(1).replace("/", "").equals(top));
    }

    @Test
    void unitsStartWhatIsThere() throws IOException {
        String service = Files.readString(Path.of("deploy/systemd/segno.service"));
        Matcher start = Pattern.compile("ExecStart=/opt/segno/segno (.*)").matcher(service);
        assertThat(start.find()).isTrue();
        assertCommand("segno.service", List.of(start.group(1).split(" ")));
        assertThat(service)
                .contains("User=segno")
                .contains("NoNewPrivileges=true")
                .doesNotContain("User=root");
        String backup = Files.readString(Path.of("deploy/systemd/segno-backup.service"));
        assertThat(backup).contains("ExecStart=/opt/segno/deploy/systemd/segno-backup.sh");
        assertThat(Path.of("deploy/systemd/segno-backup.sh")).isExecutable();
        assertThat(Path.of("deploy/systemd/segno-backup.timer")).content().contains("OnCalendar=");
    }

    /** Where systemd is, it judges the units itself. */
    @Test
    void systemdTakesTheUnits(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")));
        try (Stream<Path> units = Files.list(Path.of("deploy/systemd"))) {
            for (Path unit :
                    units.filter(file -> !file.toString().endsWith(".sh")).toList()) {
                // The programs are not installed here; any other finding counts.
                String text = Files.readString(unit).replaceAll("ExecStart=\\S+", "ExecStart=/bin/true");
                Files.writeString(directory.resolve(unit.getFileName().toString()), text);
            }
        }
        for (String unit : List.of("segno.service", "segno-backup.service", "segno-backup.timer")) {
            Process verify = new ProcessBuilder(
                            "systemd-analyze",
                            "verify",
                            "--man=no",
                            directory.resolve(unit).toString())
                    .redirectErrorStream(true)
                    .start();
            String findings =
                    new String(verify.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(verify.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(findings).as(unit).doesNotContain(unit + ":").doesNotContain("Failed");
            assertThat(verify.exitValue()).as(findings).isZero();
        }
    }

    /** While the store is open, as in a node. */
    @Test
    void aCopyOfAStoreAtWorkCanBeOpened(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/sqlite3")));
        Path data = directory.resolve("data");
        Path backups = directory.resolve("backups");
        try (SqliteRunStore store = SqliteRunStore.open(data)) {
            assertThat(store.isWritable()).isTrue();
            for (String secret : List.of("signal.secret", "seal.secret")) {
                Files.writeString(data.resolve(secret), secret);
            }
            for (int i = 0; i < 2; i++) {
                Process copy = new ProcessBuilder("deploy/systemd/segno-backup.sh", data.toString(), backups.toString())
                        .inheritIO()
                        .start();
                assertThat(copy.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(copy.exitValue()).isZero();
            }
        }
        try (Stream<Path> days = Files.list(backups)) {
            List<Path> copies = days.toList();
            assertThat(copies).hasSize(1);
            assertThat(copies.get(0).resolve("signal.secret")).hasContent("signal.secret");
            assertThat(copies.get(0).resolve("seal.secret")).hasContent("seal.secret");
            try (SqliteRunStore copied = SqliteRunStore.open(copies.get(0))) {
                assertThat(copied.openRuns()).isEmpty();
            }
        }
    }

    @Test
    void prometheusScrapesWhatTheNodeServes() {
        Map<?, ?> prometheus = tree("config/prometheus/prometheus.yml");
        Map<?, ?> job = map(((List<?>) prometheus.get("scrape_configs")).get(0));
        assertThat(job.get("metrics_path")).isEqualTo("/api/metrics");
        assertThat(job.toString()).contains("segno:8080").contains("/run/secrets/segno-key");
        for (Object rules : (List<?>) prometheus.get("rule_files")) {
            Map<?, ?> groups = tree("config/prometheus/" + rules);
            for (Object group : (List<?>) groups.get("groups")) {
                for (Object rule : (List<?>) map(group).get("rules")) {
                    assertThat(texts(rule)).contains("alert", "expr", "labels", "annotations");
                    assertThat(map(map(rule).get("annotations")).get("summary")).isNotNull();
                }
            }
        }
    }
}
