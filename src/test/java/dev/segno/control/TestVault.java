package dev.segno.control;

import java.util.Optional;

/** Has something of every name, as {@code SEGNO_SECRETS=test-vault}. */
public final class TestVault implements SecretSource {

    @Override
    public String name() {
        return "test-vault";
    }

    @Override
    public Optional<String> find(String setting) {
        return Optional.of("kept-" + setting);
    }
}
