package dev.segno.security;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON from callers: UTF-8, at most 200 levels deep, nothing after its end, and, when it is read into a tree, no key
 * twice. Stateless, hence safe for concurrent use.
 */
public final class UntrustedJson {

    private static final int MAX_DEPTH = 200;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(100 << 20)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private UntrustedJson() {}

    /**
     * Reads a document into a tree.
     *
     * @throws ApiException with status 400 when it is no such document; the message says where it breaks
     */
    public static JsonNode read(byte[] bytes) {
        utf8(bytes);
        try {
            JsonNode tree = MAPPER.readTree(bytes);
            if (tree.isMissingNode()) {
                throw new ApiException(ApiError.invalid("The request body is empty, JSON was expected"));
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw broken(e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /**
     * Checks a document without keeping anything of it.
     *
     * @return its text
     * @throws ApiException as {@link #read} does
     */
    public static String check(byte[] bytes) {
        String text = utf8(bytes);
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() == null) {
                throw new ApiException(ApiError.invalid("The request body is empty, JSON was expected"));
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new ApiException(ApiError.invalid("The request body goes on after the end of its JSON"));
            }
        } catch (JsonProcessingException e) {
            throw broken(e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        return text;
    }

    /**
     * Decodes UTF-8 strictly.
     *
     * @throws ApiException with status 400 when the bytes are something else
     */
    public static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(ApiError.invalid("The request body is not UTF-8"), e);
        }
    }

    private static ApiException broken(JsonProcessingException e) {
        String what;
        if (e instanceof StreamConstraintsException) {
            what = "The JSON of the request body is nested too deeply or holds too large a value";
        } else if (e instanceof MismatchedInputException mismatch
                && mismatch.getOriginalMessage().startsWith("Dup")) {
            what = "The JSON of the request body has a key twice";
        } else {
            what = "The request body is not valid JSON";
        }
        // The parser's own message names classes and quotes the input, so only the place is passed on.
        JsonLocation place = e.getLocation();
        String where = place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
        return new ApiException(ApiError.invalid(what + where), e);
    }
}
