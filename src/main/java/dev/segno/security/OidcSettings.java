package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node asks of the tokens of an identity provider.
 *
 * @param issuer     its URL, as it stands in {@code iss}
 * @param audience   what {@code aud} must hold
 * @param algorithms names of the signatures that are taken; never symmetric ones
 * @param nameClaim  the claim that tells who it is
 * @param roleClaim  the claim with roles or groups, a text or a list; dots lead into objects
 * @param roles      which of its values stand for which role
 */
record OidcSettings(
        String issuer,
        String audience,
        Set<String> algorithms,
        String nameClaim,
        String roleClaim,
        Map<String, Role> roles) {

    private static final String ISSUER = SettingsCatalog.OIDC_ISSUER.environmentName();
    private static final String ALGORITHMS = SettingsCatalog.OIDC_ALGORITHMS.environmentName();
    private static final String ROLES = SettingsCatalog.OIDC_ROLES.environmentName();

    private static final List<String> ASYMMETRIC =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    OidcSettings {
        algorithms = Set.copyOf(algorithms);
        roles = Map.copyOf(roles);
    }

    /** @throws SettingsException when one is missing or has another form */
    static OidcSettings from(Settings settings) {
        String issuer = settings.get(SettingsCatalog.OIDC_ISSUER);
        URI uri = uri(issuer);
        boolean local = HostLiteral.isLocalhost(String.valueOf(uri.getHost())) || StartupRule.isLoopback(uri.getHost());
        if (uri.getHost() == null || !("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && local))) {
            throw new SettingsException("setting " + ISSUER + " must be a URL that begins with https://");
        }
        List<String> algorithms = items(settings.get(SettingsCatalog.OIDC_ALGORITHMS));
        for (String algorithm : algorithms) {
            if (!ASYMMETRIC.contains(algorithm)) {
                throw new SettingsException("setting " + ALGORITHMS + ": " + algorithm + " is none of " + ASYMMETRIC);
            }
        }
        Map<String, Role> roles = new LinkedHashMap<>();
        for (String item : items(settings.get(SettingsCatalog.OIDC_ROLES))) {
            int last = item.lastIndexOf('=');
            if (last < 1) {
                throw rolesForm();
            }
            roles.put(item.substring(0, last), Role.of(item.substring(last + 1)).orElseThrow(OidcSettings::rolesForm));
        }
        return new OidcSettings(
                issuer,
                settings.get(SettingsCatalog.OIDC_AUDIENCE),
                Set.copyOf(algorithms),
                settings.get(SettingsCatalog.OIDC_NAME_CLAIM),
                settings.get(SettingsCatalog.OIDC_ROLE_CLAIM),
                roles);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("setting " + ISSUER + " must be a URL that begins with https://", e);
        }
    }

    private static SettingsException rolesForm() {
        return new SettingsException(
                "setting " + ROLES + " must have the form value=role,value=role, with the roles " + Role.names());
    }

    private static List<String> items(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
