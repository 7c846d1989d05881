package dev.segno.camel;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Routes of HTTP, of Redis, of timers and of ended runs in a process that has no server, no Redis, no time of its own, and tells of
 * no ends: they are loaded as ever, and nobody calls them. It has no control plane either: what is told to one leaves the message as it is.
 */
public final class UnheardTriggers {

    private UnheardTriggers() {}

    /** Lets a context load such routes. Call it before the context starts. */
    public static void addTo(CamelContext context) {
        context.addComponent("platform-http", new UnheardComponent());
        context.addComponent("timer", new UnheardComponent());
        context.addComponent(RedisStreamComponent.SCHEME, new RedisStreamComponent(context, null, "nobody"));
        context.addComponent(RedisPubSubComponent.SCHEME, new RedisPubSubComponent(context, null));
        context.addComponent(ControlComponent.SCHEME, new UnheardComponent());
        context.getComponent(RunsComponent.SCHEME, RunsComponent.class).beSilent();
    }

    private static final class UnheardComponent extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.clear();
            return new UnheardEndpoint(uri, this);
        }
    }

    private static final class UnheardEndpoint extends DefaultEndpoint {
        UnheardEndpoint(String uri, UnheardComponent component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    // Told to nobody.
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new DefaultConsumer(this, processor);
        }
    }
}
