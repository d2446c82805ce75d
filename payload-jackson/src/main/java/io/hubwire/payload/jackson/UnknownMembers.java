package io.hubwire.payload.jackson;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Says of every class that members it does not know are skipped.
 *
 * <p>Switching their failure off does not suffice: the members that a record does not know are then kept for the case
 * that somebody asks for them, which an extension that nobody knows does not survive.
 */
final class UnknownMembers extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
        return JsonIgnoreProperties.Value.forIgnoreUnknown(true);
    }
}
