package io.hubwire.conformance.wire;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a response, literally.
 *
 * @param status the status code
 * @param reason the reason phrase, perhaps empty
 * @param headers values in order, by name in lower case
 */
public record RawHead(int status, String reason, Map<String, List<String>> headers) {

    /** Freezes the headers. */
    public RawHead {
        headers = Map.copyOf(headers);
    }

    /** The values of a header, joined by commas; empty when there is none. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).map(values -> String.join(", ", values));
    }

    boolean isChunked() {
        return header("transfer-encoding").orElse("").toLowerCase(Locale.ROOT).endsWith("chunked");
    }
}
