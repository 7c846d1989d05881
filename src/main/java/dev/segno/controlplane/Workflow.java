package dev.segno.controlplane;

import java.util.List;

/**
 * A loaded orchestration, as it is listed.
 *
 * @param services   that it calls
 * @param parameters that it names
 * @param source     path of its file
 */
public record Workflow(
        String name,
        String description,
        List<String> services,
        List<String> parameters,
        String version,
        String source,
        boolean enabled) {}
