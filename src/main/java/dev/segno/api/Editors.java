package dev.segno.api;

import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.Caller;
import dev.segno.security.Credentials;
import dev.segno.security.GlobalKeys;
import dev.segno.security.Role;
import org.jspecify.annotations.Nullable;

/**
 * Who may edit: callers with a key of an editor, and nobody where there is no such key, however open the server is otherwise. A
 * route file is code; a page in a browser or another user of this machine must not get to run its own here.
 *
 * @param keys the credentials of this server
 */
public record Editors(Credentials keys) {

    /** @throws ApiException with status 403 when a caller is no editor */
    void require(@Nullable Caller caller) {
        if (!keys.anyOf(Role.EDITOR)) {
            throw new ApiException(new ApiError(
                    403,
                    "editing-off",
                    "Editing over HTTP is off: start the node with " + GlobalKeys.EDITORS_SETTING
                            + "=name=key and show that key, or edit the files themselves"));
        }
        if (caller == null || !caller.role().includes(Role.EDITOR)) {
            throw new ApiException(new ApiError(
                    403, "forbidden", "This needs the key of an editor, one of " + GlobalKeys.EDITORS_SETTING));
        }
    }
}
