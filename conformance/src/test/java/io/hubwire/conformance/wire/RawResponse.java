package io.hubwire.conformance.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A whole response. */
public final class RawResponse {

    private final RawHead head;
    private final byte[] body;

    RawResponse(RawHead head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    /** Status and headers. */
    public RawHead head() {
        return head;
    }

    /** The status code. */
    public int status() {
        return head.status();
    }

    /** The body as text. */
    public String text() {
        return new String(body, UTF_8);
    }
}
