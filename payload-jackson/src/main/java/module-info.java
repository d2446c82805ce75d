/** What users send and receive, read and written by Jackson 3. */
module io.hubwire.payload.jackson {
    requires static transitive org.jspecify;
    requires transitive io.hubwire.protocol;
    requires transitive tools.jackson.databind;

    exports io.hubwire.payload.jackson;

    provides io.hubwire.protocol.PayloadMapper with
            io.hubwire.payload.jackson.JacksonPayload,
            io.hubwire.payload.jackson.JacksonMessagePack;
}
