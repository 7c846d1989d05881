package dev.segno.editing;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The path of a route file below its directory: up to eight folders and a file. Its names consist of letters, digits,
 * {@code .}, {@code _} and {@code -}, and begin and end with none of dots, so that none means anything to a file system.
 */
public record RoutePath(String text) {

    private static final Pattern WELL_FORMED =
            Pattern.compile("([A-Za-z0-9_-]([A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?/){1,8}"
                    + "[A-Za-z0-9_-]{1,100}\\.(camel|kamelet)\\.yaml");

    /** @throws ApiException with status 400 when the text is no such path */
    public RoutePath {
        if (!WELL_FORMED.matcher(text).matches()) {
            throw new ApiException(
                    ApiError.invalid("The path of a route file is <package>/<name>.camel.yaml or kamelets/<name>"
                            + ".kamelet.yaml; names are letters, digits, '_', '-' and, in folders, '.'"));
        }
    }

    /** The names of its folders and, at the end, of its file. */
    List<String> names() {
        return List.of(text.split("/", -1));
    }
}
