package dev.segno.api;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's decoder, but for two things. A request with both a length and chunks is not decodable: Netty would silently
 * believe the chunks, a proxy in front may believe the length, and then the two see different requests (RFC 9112, 6.1).
 * Nor is one in another protocol than HTTP/1.0 or 1.1, which Vert.x would answer in that protocol's name. Confined to its connection's event loop.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";

    private StrictDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Puts this decoder in the place of the usual one, before the connection's first byte is read. */
    static void install(HttpConnection connection, HttpServerOptions options) {
        if (connection instanceof ConnectionBase base) {
            ChannelPipeline pipeline = base.channelHandlerContext().pipeline();
            @Nullable ChannelHandler usual = pipeline.get(NAME);
            if (usual != null) {
                pipeline.replace(usual, NAME, new StrictDecoder(options));
            }
        }
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        String version = initialLine[2];
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw new IllegalArgumentException("not a version of HTTP that is spoken here");
        }
        return super.createMessage(initialLine);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}
