package dev.segno.hawtio;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.management.ObjectName;
import org.jolokia.core.api.LogHandler;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.restrictor.AbstractConstantRestrictor;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.jolokia.service.jmx.LocalRequestHandler;
import org.jolokia.service.serializer.JolokiaSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JMX as JSON, inside of this process: no port, no agent, no other process as a target, no notifications. The restrictor
 * holds the rules of {@link ReadOnly} once more, for each object and attribute that a pattern leads to. Thread-safe.
 */
final class Jolokia implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Jolokia.class);

    private static final Map<String, String[]> OPTIONS =
            Map.of("ignoreErrors", new String[] {"true"}, "canonicalNaming", new String[] {"false"});

    private final JolokiaServiceManager services;
    private final HttpRequestHandler handler;

    Jolokia() {
        services = JolokiaServiceManagerFactory.createJolokiaServiceManager(
                new StaticConfiguration(
                        ConfigKey.AGENT_ID, "segno",
                        ConfigKey.DISABLE_DETECTORS, "true",
                        ConfigKey.INCLUDE_STACKTRACE, "false",
                        ConfigKey.ALLOW_ERROR_DETAILS, "false",
                        ConfigKey.MAX_COLLECTION_SIZE, "10000"),
                new Quiet(),
                new Restrictor());
        services.addService(new LocalRequestHandler(1000));
        services.addService(new JolokiaSerializer());
        handler = new HttpRequestHandler(services.start());
    }

    /**
     * Answers requests that {@link ReadOnly} has passed. Blocks.
     *
     * @throws ApiException with 400 when they are none
     */
    String answer(String requests) {
        try {
            return handler.handlePostRequest(
                            "/hawtio/jolokia",
                            new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8)),
                            "UTF-8",
                            OPTIONS)
                    .toJSONString();
        } catch (BadRequestException | EmptyResponseException | IllegalArgumentException e) {
            throw new ApiException(new ApiError(400, "bad-request", "This is no request that can be answered"), e);
        } catch (IOException e) {
            throw new IllegalStateException("Bytes in memory can be read", e);
        }
    }

    @Override
    public void close() {
        services.stop();
    }

    private static final class Restrictor extends AbstractConstantRestrictor {

        Restrictor() {
            super(false);
        }

        @Override
        public boolean isHttpMethodAllowed(HttpMethod method) {
            return method == HttpMethod.POST;
        }

        @Override
        public boolean isTypeAllowed(RequestType type) {
            return switch (type) {
                case READ, LIST, SEARCH, VERSION, EXEC -> true;
                case WRITE, CONFIG, NOTIFICATION -> false;
            };
        }

        @Override
        public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
            return ReadOnly.isShown(name, attribute);
        }

        @Override
        public boolean isOperationAllowed(ObjectName name, String operation) {
            return ReadOnly.isAllowed(name, operation);
        }

        @Override
        public boolean isObjectNameHidden(ObjectName name) {
            return !ReadOnly.isShown(name);
        }
    }

    /** What callers do wrong is their business, and told to them. */
    private static final class Quiet implements LogHandler {

        @Override
        public void debug(String message) {
            LOG.debug("{}", message);
        }

        @Override
        public void info(String message) {
            LOG.debug("{}", message);
        }

        @Override
        public void error(String message, Throwable t) {
            LOG.debug("{}", message, t);
        }

        @Override
        public boolean isDebug() {
            return LOG.isDebugEnabled();
        }
    }
}
