package dev.segno.editing;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a file for a change of it, as {@code If-Match} and {@code If-None-Match} say it (RFC 9110, 13.1). There
 * must be one of the two: a change that nobody else's can be lost by is named, one that overwrites by accident is not made.
 */
public final class Precondition {

    private static final Pattern TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

    private static final Pattern TAGS = Pattern.compile(TAG + "([ \\t]*,[ \\t]*" + TAG + ")*");

    private enum Kind {
        NONE,
        ABSENT,
        PRESENT,
        ONE_OF
    }

    private final Kind kind;
    private final Set<String> tags;

    private Precondition(Kind kind, Set<String> tags) {
        this.kind = kind;
        this.tags = tags;
    }

    /**
     * Reads the two headers.
     *
     * @param ifMatch     lines of {@code If-Match}: entity tags, or {@code *} for any file that is there
     * @param ifNoneMatch lines of {@code If-None-Match}: {@code *}, for a file that is not
     * @throws ApiException with status 400 when they have another form, or are there both
     */
    public static Precondition of(List<String> ifMatch, List<String> ifNoneMatch) {
        String match = String.join(",", ifMatch).strip();
        String noneMatch = String.join(",", ifNoneMatch).strip();
        if (!ifMatch.isEmpty() && !ifNoneMatch.isEmpty()) {
            throw invalid("If-Match is for a file that is there, If-None-Match for a new one: send one of the two");
        }
        if (!ifNoneMatch.isEmpty()) {
            if (!noneMatch.equals("*")) {
                throw invalid("If-None-Match must be *, for a file that is not there yet");
            }
            return new Precondition(Kind.ABSENT, Set.of());
        }
        if (ifMatch.isEmpty()) {
            return new Precondition(Kind.NONE, Set.of());
        }
        if (match.equals("*")) {
            return new Precondition(Kind.PRESENT, Set.of());
        }
        if (!TAGS.matcher(match).matches()) {
            throw invalid("If-Match must be the ETag of the file as you have read it, with its quotation marks");
        }
        // A weak tag never matches here, so it may as well stay what it is.
        return new Precondition(
                Kind.ONE_OF,
                TAG.matcher(match).results().map(MatchResult::group).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * Whether a file may be changed as it is.
     *
     * @param now its fingerprint, or null when there is no such file
     * @throws ApiException with status 412 when it may not, 428 when nothing was said
     */
    void require(@Nullable Fingerprint now) {
        switch (kind) {
            case NONE ->
                throw new ApiException(new ApiError(
                        428,
                        "precondition-required",
                        "Say what you are changing: If-Match with the ETag of the file as you have read it, or"
                                + " If-None-Match: * for a new one"));
            case ABSENT -> {
                if (now != null) {
                    throw failed("There is such a file already; read it and send its ETag in If-Match");
                }
            }
            case PRESENT, ONE_OF -> {
                if (now == null) {
                    throw failed("There is no such file any more");
                }
                if (kind == Kind.ONE_OF && !tags.contains(now.etag())) {
                    throw failed("The file has changed since; read it again and send its new ETag");
                }
            }
        }
    }

    private static ApiException failed(String message) {
        return new ApiException(new ApiError(412, "precondition-failed", message));
    }

    private static ApiException invalid(String message) {
        return new ApiException(ApiError.invalid(message));
    }
}
