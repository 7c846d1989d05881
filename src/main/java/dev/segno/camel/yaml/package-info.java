/**
 * Route files as trees: read, checked, never instantiated.
 *
 * <p>A route file is parsed to {@link dev.segno.camel.yaml.YamlNode nodes} that know their line and column, is checked
 * against Camel's YAML schema, the security policy and the durability rules, and is described as a {@link
 * dev.segno.camel.yaml.RouteFile}. Nothing that a file names is ever created, resolved or called here.
 *
 * <p>May use snakeyaml-engine, Jackson's tree model and the JSON schema validator; of Camel only the schema resource of
 * its YAML DSL, and none of its classes.
 */
@NullMarked
package dev.segno.camel.yaml;

import org.jspecify.annotations.NullMarked;
