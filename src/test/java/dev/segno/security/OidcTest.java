package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.segno.api.TestServer;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens of a real issuer, which answers over HTTP. */
class OidcTest {

    private static final AtomicInteger ASKED = new AtomicInteger();
    private static volatile String keys = "";
    private static HttpServer issuer;
    private static String url;
    private static RSAKey key;
    private static RSAKey strange;

    @BeforeAll
    static void begin() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        strange = new RSAKeyGenerator(2048).keyID("one").generate();
        keys = new JWKSet(key.toPublicJWK()).toString();
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/realm";
        issuer.createContext("/", exchange -> {
            boolean discovery = exchange.getRequestURI().getPath().equals("/realm/.well-known/openid-configuration");
            if (!discovery) {
                ASKED.incrementAndGet();
            }
            String text = discovery ? "{\"issuer\":\"" + url + "\",\"jwks_uri\":\"" + url + "/keys\"}" : keys;
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        issuer.start();
    }

    @AfterAll
    static void end() {
        issuer.stop(0);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("SEGNO_OIDC_ISSUER", url);
        settings.put("SEGNO_OIDC_AUDIENCE", "segno");
        settings.put("SEGNO_OIDC_ROLE_CLAIM", "realm_access.roles");
        settings.put("SEGNO_OIDC_ROLES", "segno-ops=operator,segno-admins=admin,all=viewer");
        settings.put("SEGNO_AUTH_LOCKOUT", "0");
        return settings;
    }

    private static JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(url)
                .audience(List.of("other", "segno"))
                .subject("someone\r\nelse")
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("realm_access", Map.of("roles", List.of("all", "segno-ops", "unknown")));
    }

    private static String signed(RSAKey by, String keyId, JWTClaimsSet claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), claims);
        jwt.sign(new RSASSASigner(by));
        return jwt.serialize();
    }

    private static TestServer server(Map<String, String> settings) throws Exception {
        return TestServer.start(
                settings,
                List.of(),
                new RouteBuilder() {
                    @Override
                    public void configure() {}
                },
                router -> router.route("/api/who").handler(ctx -> ctx.end(String.valueOf(Caller.of(ctx)))));
    }

    @Test
    void S19_onlyTokensOfTheIssuerForThisNodeAreTaken() throws Exception {
        try (TestServer server = server(settings())) {
            HttpResponse<String> good =
                    server.get("/api/who", "Authorization", "Bearer " + signed(key, "one", claims().build()));
            assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
            assertThat(good.body()).contains("name=oidc:someone__else", "role=OPERATOR");
            HttpResponse<String> body = server.send(
                    "POST",
                    "/api/who",
                    "x".repeat(100_000),
                    "Authorization",
                    "Bearer " + signed(key, "one", claims().build()));
            assertThat(body.statusCode()).isEqualTo(200);

            SignedJWT mac = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
            mac.sign(new MACSigner(key.toPublicJWK().toRSAPublicKey().getEncoded()));
            String whole = signed(key, "one", claims().build());
            Instant now = Instant.now();
            Map<String, String> wrong = new LinkedHashMap<>();
            wrong.put("alg none", new PlainJWT(claims().build()).serialize());
            wrong.put("public key as secret", mac.serialize());
            wrong.put("another key under its name", signed(strange, "one", claims().build()));
            wrong.put("unknown kid", signed(strange, "two", claims().build()));
            wrong.put("signature cut off", whole.substring(0, whole.lastIndexOf('.') + 1));
            wrong.put(
                    "wrong audience",
                    signed(key, "one", claims().audience("other").build()));
            wrong.put(
                    "no audience",
                    signed(key, "one", claims().audience((String) null).build()));
            wrong.put(
                    "wrong issuer",
                    signed(key, "one", claims().issuer(url + "/").build()));
            wrong.put("no end", signed(key, "one", claims().expirationTime(null).build()));
            wrong.put(
                    "expired",
                    signed(
                            key,
                            "one",
                            claims().expirationTime(Date.from(now.minusSeconds(90)))
                                    .build()));
            wrong.put(
                    "not yet",
                    signed(
                            key,
                            "one",
                            claims().notBeforeTime(Date.from(now.plusSeconds(90)))
                                    .build()));
            wrong.put(
                    "no role",
                    signed(
                            key,
                            "one",
                            claims().claim("realm_access", Map.of("roles", List.of("x")))
                                    .build()));
            wrong.put(
                    "roles elsewhere",
                    signed(
                            key,
                            "one",
                            claims().claim("realm_access", null)
                                    .claim("roles", "segno-admins")
                                    .build()));
            wrong.put("no token", "a.b.c");
            for (Map.Entry<String, String> token : wrong.entrySet()) {
                assertThat(server.get("/api/who", "Authorization", "Bearer " + token.getValue())
                                .statusCode())
                        .as(token.getKey())
                        .isEqualTo(401);
            }
            for (JWTClaimsSet within : List.of(
                    claims().expirationTime(Date.from(now.minusSeconds(20))).build(),
                    claims().notBeforeTime(Date.from(now.plusSeconds(40))).build())) {
                assertThat(server.get("/api/who", "Authorization", "Bearer " + signed(key, "one", within))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void S19_unknownKeysAreAskedForNotMoreThanNowAndThen() throws Exception {
        int before = ASKED.get();
        try (TestServer server = server(settings())) {
            for (int i = 0; i < 30; i++) {
                server.get("/api/who", "Authorization", "Bearer " + signed(strange, "kid-" + i, claims().build()));
            }
            // Once at first; once more only if this took longer than the time between two questions.
            assertThat(ASKED.get() - before).isBetween(1, 4);
        }
    }

    @Test
    void S19_anIssuerThatCannotBeAskedIsNoReasonToLetSomebodyIn() throws Exception {
        Map<String, String> settings = settings();
        settings.put("SEGNO_OIDC_ISSUER", url + "/elsewhere");
        settings.put("SEGNO_API_KEYS", "ops=ops-key");
        try (TestServer server = server(settings)) {
            HttpResponse<String> answer = server.get(
                    "/api/who",
                    "Authorization",
                    "Bearer "
                            + signed(
                                    key,
                                    "one",
                                    claims().issuer(url + "/elsewhere").build()));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("identity provider").doesNotContain(url);
            assertThat(server.get("/api/who", "X-Api-Key", "ops-key").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void S19_settingsOfAnIssuerAreChecked() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "SEGNO_OIDC_ISSUER", "http://login.example.com",
                        "SEGNO_OIDC_ALGORITHMS", "RS256,HS256",
                        "SEGNO_OIDC_ROLES", "ops=god",
                        "SEGNO_OIDC_AUDIENCE", "")
                .entrySet()) {
            Map<String, String> settings = settings();
            settings.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(() -> NodeCredentials.from(Settings.of(settings)))
                    .as(wrong.getKey())
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(wrong.getKey());
        }
    }
}
