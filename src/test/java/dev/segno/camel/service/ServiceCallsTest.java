package dev.segno.camel.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceCallsTest {

    @ParameterizedTest
    @CsvSource({"'',OPEN", "true,OPEN", "false,CLOSED", "FALSE,CLOSED"})
    void aBreakerOpensWhereBreakersAreSwitchedOn(String setting, CircuitBreaker.State state) {
        Vertx vertx = Vertx.vertx();
        try (ServiceCalls calls = new ServiceCalls(
                vertx,
                name -> name.equals("HTTP_CIRCUIT_ENABLED")
                        ? Optional.of(setting).filter(text -> !text.isEmpty())
                        : Optional.empty(),
                Runnable::run,
                1024)) {
            CircuitBreaker breaker = calls.breaker("reporting");
            for (int i = 0; i < 50; i++) {
                breaker.onError(1, TimeUnit.NANOSECONDS, new IOException("no answer"));
            }

            assertThat(breaker.getState()).isEqualTo(state);
            assertThat(calls.breaker("reporting")).isSameAs(breaker);
            assertThat(calls.breaker("doc-store").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        } finally {
            vertx.close();
        }
    }
}
