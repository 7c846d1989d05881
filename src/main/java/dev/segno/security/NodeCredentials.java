package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All credentials that are good on a node: keys of its settings, tokens of a file, keys that were made here, tokens of an
 * identity provider. The first that knows what a request shows says who it is. Safe for concurrent use.
 */
public final class NodeCredentials implements Credentials {

    private final List<Credentials> all;
    private final boolean required;

    private NodeCredentials(List<Credentials> all, boolean required) {
        this.all = List.copyOf(all);
        this.required = required;
    }

    /**
     * The credentials of a node.
     *
     * @param more what is not in the settings
     * @throws SettingsException when a setting has another form, or {@code AUTH_MODE=none} stands beside credentials
     */
    public static NodeCredentials from(Settings settings, Credentials... more) {
        List<Credentials> all = new ArrayList<>();
        all.add(GlobalKeys.from(settings));
        TokensFile.from(settings).ifPresent(all::add);
        boolean oidc = settings.find(SettingsCatalog.OIDC_ISSUER).isPresent();
        if (oidc) {
            all.add(new OidcTokens(OidcSettings.from(settings)));
        }
        String mode = settings.find(SettingsCatalog.AUTH_MODE).orElse("");
        boolean given = all.stream().anyMatch(one -> !one.isEmpty());
        if (!List.of("", "none", "token").contains(mode)) {
            throw new SettingsException("setting AUTH_MODE must be none or token, not \"" + mode + "\"");
        }
        if (mode.equals("none") && given) {
            throw new SettingsException(
                    "setting AUTH_MODE is none, but there are keys or tokens: take one or the other away");
        }
        all.addAll(List.of(more));
        return new NodeCredentials(all, mode.equals("token"));
    }

    /** Never with {@code AUTH_MODE=token}: then a node without credentials lets nobody in. */
    @Override
    public boolean isEmpty() {
        return !required && all.stream().allMatch(Credentials::isEmpty);
    }

    @Override
    public boolean anyOf(Role role) {
        return all.stream().anyMatch(one -> one.anyOf(role));
    }

    @Override
    public Future<Optional<Caller>> callerOf(HttpServerRequest request) {
        return ask(request, 0);
    }

    private Future<Optional<Caller>> ask(HttpServerRequest request, int index) {
        if (index == all.size()) {
            return Future.succeededFuture(Optional.empty());
        }
        Future<Optional<Caller>> found = all.get(index).callerOf(request);
        if (found.succeeded()) {
            return found.result().isPresent() ? found : ask(request, index + 1);
        }
        return found.compose(caller -> caller.isPresent() ? Future.succeededFuture(caller) : ask(request, index + 1));
    }
}
