package io.hubwire.protocol.negotiate;

import io.hubwire.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server answers to a client that wants to connect: one JSON object. */
public sealed interface NegotiateResponse {

    /**
     * Come in.
     *
     * @param useStatefulReconnect whether what is lost on the way is sent again
     * @param version the version that both understand, 0 or 1
     * @param connectionId the public name of the connection
     * @param connectionToken the secret that addresses the connection; with version 0 the id, and not written
     * @param transports the transports to choose from, in order
     */
    record Accepted(
            boolean useStatefulReconnect,
            int version,
            String connectionId,
            String connectionToken,
            List<TransportType> transports)
            implements NegotiateResponse {

        /** Keeps the token out of logs. */
        @Override
        public String toString() {
            return "Accepted[useStatefulReconnect=" + useStatefulReconnect + ", version=" + version + ", connectionId="
                    + connectionId + ", transports=" + transports + "]";
        }
    }

    /**
     * Negotiate again elsewhere.
     *
     * @param url where
     * @param accessToken what to authenticate with from now on; null to go on as before
     */
    record Redirect(String url, @Nullable String accessToken) implements NegotiateResponse {

        /** Keeps the token, and what the address may carry, out of logs. */
        @Override
        public String toString() {
            return "Redirect";
        }
    }

    /** Go away; the client shows the text. */
    record Refused(String error) implements NegotiateResponse {}

    /**
     * Writes the body of the answer.
     *
     * @return one JSON object, in an array of the caller's own
     */
    default ByteBuffer write() {
        return NegotiateWriter.write(this);
    }

    /**
     * Reads the body of an answer.
     *
     * @param body the whole body
     * @return the answer; transports that are unknown here are left out
     * @throws ProtocolException if it is none; the cause says why
     */
    static NegotiateResponse read(ByteBuffer body) {
        return NegotiateReader.read(body);
    }
}
