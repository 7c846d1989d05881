package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stands in for the service hub's identity service: accounts, logins and tokens. */
final class IdentityService extends HubService {

    private static final int TOKEN_SECONDS = 3_600;
    private static final int REFRESH_SECONDS = 86_400;
    private static final int FAILURES_BEFORE_LOCK = 5;
    private static final int SHORTEST_PASSWORD = 8;

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private int tokenSeconds = TOKEN_SECONDS;
    private int registered;
    private int logins;

    IdentityService(Clock clock) {
        super("identity", clock);
        seed();
    }

    private static final class Account {
        private final ObjectNode user;
        private final String password;
        private int failures;

        Account(ObjectNode user, String password) {
            this.user = user;
            this.password = password;
        }

        String id() {
            return user.path("id").asText();
        }
    }

    private void seed() {
        add("ann@example.test", "Passw0rd!1", "Ann", "Archer");
        add("bob@example.test", "Passw0rd!1", "Bob", "Baker");
    }

    private Account add(String email, String password, String firstName, String lastName) {
        ObjectNode user = Json.object()
                .put("id", "user-" + (accounts.size() + 1))
                .put("email", email)
                .put("first_name", firstName)
                .put("last_name", lastName)
                .put("is_active", true);
        Account account = new Account(user, password);
        accounts.put(email, account);
        return account;
    }

    @Override
    public String description() {
        return "accounts and logins of the service hub";
    }

    @Override
    public void open(Desk desk) {
        work(desk, "/api/v1/auth/register", this::register);
        work(desk, "/api/v1/auth/login", this::login);
        work(desk, "/api/v1/auth/refresh", this::refresh);
        read(desk, "/api/v1/auth/me", this::me);
        read(desk, "/api/v1/users", this::find);
    }

    @Override
    public ObjectNode sizes() {
        return super.sizes().put("tokenSeconds", tokenSeconds);
    }

    @Override
    public boolean size(String size, JsonNode value) {
        if (!size.equals("tokenSeconds")) {
            return super.size(size, value);
        }
        if (!value.isInt()) {
            throw new IllegalArgumentException("tokenSeconds is a whole number; 0 makes tokens that are over");
        }
        tokenSeconds = value.asInt();
        return true;
    }

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object()
                .put("accounts", accounts.size())
                .put("registered", registered)
                .put("logins", logins);
    }

    @Override
    public void reset() {
        super.reset();
        tokenSeconds = TOKEN_SECONDS;
        registered = 0;
        logins = 0;
        accounts.clear();
        seed();
    }

    private Answer register(Request request) {
        JsonNode wish = request.json();
        String email = wish.path("email").asText();
        if (email.isEmpty() || wish.path("password").asText().length() < SHORTEST_PASSWORD) {
            return detail(422, "An account needs an e-mail and a password of at least 8 characters");
        }
        if (accounts.containsKey(email)) {
            return detail(409, "Email already registered");
        }
        Account account = add(
                email,
                wish.path("password").asText(),
                wish.path("first_name").asText(),
                wish.path("last_name").asText());
        registered++;
        return Answer.json(
                200,
                Json.object()
                        .put("message", "Registered")
                        .put("user_id", account.id())
                        .put("email", email)
                        .put("verification_required", false)
                        .put("next_step", "login"));
    }

    private Answer login(Request request) {
        @Nullable Account account = accounts.get(request.json().path("email").asText());
        if (account != null && account.failures >= FAILURES_BEFORE_LOCK) {
            return detail(423, "Account is locked");
        }
        if (account == null
                || !account.password.equals(request.json().path("password").asText())) {
            if (account != null) {
                account.failures++;
            }
            return detail(401, "Invalid credentials");
        }
        account.failures = 0;
        logins++;
        ObjectNode answer = granted(account.id());
        answer.put("user_id", account.id()).set("user", account.user);
        return Answer.json(200, answer);
    }

    private Answer refresh(Request request) {
        return tokens.userOf(request.json().path("refresh_token").asText(), "refresh")
                .map(user -> Answer.json(200, granted(user)))
                .orElseGet(() -> detail(401, "Invalid refresh token"));
    }

    private ObjectNode granted(String user) {
        return Json.object()
                .put("access_token", tokens.issue(user, "access", tokenSeconds))
                .put("refresh_token", tokens.issue(user, "refresh", REFRESH_SECONDS))
                .put("token_type", "bearer")
                .put("expires_in", tokenSeconds);
    }

    private Answer me(Request request) {
        Optional<String> user = tokens.userOf(request);
        return accounts.values().stream()
                .filter(account -> user.equals(Optional.of(account.id())))
                .findFirst()
                .map(account -> Answer.json(200, account.user))
                .orElseGet(() -> detail(401, "Not authenticated"));
    }

    private Answer find(Request request) {
        ArrayNode found = Json.object().arrayNode();
        @Nullable Account account = accounts.get(request.query().getOrDefault("email", ""));
        if (account != null) {
            found.add(account.user);
        }
        return Answer.json(200, found);
    }
}
