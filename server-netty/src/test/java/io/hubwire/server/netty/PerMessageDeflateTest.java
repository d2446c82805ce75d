package io.hubwire.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PerMessageDeflateTest {

    private static final WebSocketCompression USUAL =
            WebSocketCompression.builder().build();
    private static final WebSocketCompression WITH_TAKEOVER =
            WebSocketCompression.builder().clientContextTakeover(true).build();
    private static final String NO_TAKEOVER =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "Permessage-Deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate;client_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=\"15\"",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate"
            })
    void isAgreedOnWithoutContext(String offer) {
        assertThat(PerMessageDeflate.of(List.of(offer), USUAL)).contains(new PerMessageDeflate(NO_TAKEOVER, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-deflated",
                "permessage-deflate; server_max_window_bits=14",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=015",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; more",
                "permessage-deflate;"
            })
    void isNotAgreedOnWhereTheOfferCannotBeMet(String offer) {
        assertThat(PerMessageDeflate.of(List.of(offer), USUAL)).isEmpty();
    }

    @Test
    void repeatsTheWidthThatWasAskedOfTheServer() {
        assertThat(PerMessageDeflate.of(List.of("permessage-deflate; server_max_window_bits=15"), USUAL))
                .contains(new PerMessageDeflate(NO_TAKEOVER + "; server_max_window_bits=15", false));
    }

    @ParameterizedTest
    @CsvSource({"permessage-deflate, true", "permessage-deflate; client_no_context_takeover, false"})
    void letsClientsKeepTheirContextWhereThatIsAllowedAndWanted(String offer, boolean takeover) {
        assertThat(PerMessageDeflate.of(List.of(offer), WITH_TAKEOVER))
                .get()
                .satisfies(agreed -> assertThat(agreed.clientContextTakeover()).isEqualTo(takeover))
                .satisfies(agreed -> assertThat(agreed.answer().contains("client_no_context_takeover"))
                        .isEqualTo(!takeover));
    }

    @Test
    void looksAtAllHeaders() {
        assertThat(PerMessageDeflate.of(List.of("other", "permessage-deflate"), USUAL))
                .isPresent();
    }
}
