package io.hubwire.testkit;

import io.hubwire.protocol.HubMessage;
import io.hubwire.protocol.HubMessage.Outcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a client calls a method with: values, which go with the call, and streams, which follow it. */
record Arguments(List<@Nullable Object> values, Map<String, Upload> uploads) {

    static Arguments of(@Nullable Object[] given, Supplier<String> ids) {
        List<@Nullable Object> values = new ArrayList<>();
        Map<String, Upload> uploads = new LinkedHashMap<>();
        for (Object argument : given) {
            if (argument instanceof Upload upload) {
                uploads.put(ids.get(), upload);
            } else {
                values.add(argument);
            }
        }
        return new Arguments(values, uploads);
    }

    List<String> streamIds() {
        return List.copyOf(uploads.keySet());
    }

    /** Sends the streams, each from a virtual thread, for as long as somebody may want them. */
    void upload(Consumer<HubMessage> to, BooleanSupplier wanted) {
        uploads.forEach((id, upload) -> Thread.ofVirtual()
                .name("test-client-upload-" + id)
                .start(() -> to.accept(new HubMessage.Completion(id, sent(id, upload.items(), to, wanted)))));
    }

    private static Outcome sent(String id, Iterator<?> items, Consumer<HubMessage> to, BooleanSupplier wanted) {
        try {
            while (wanted.getAsBoolean() && items.hasNext()) {
                to.accept(new HubMessage.StreamItem(id, items.next()));
            }
            return Outcome.Nothing.NOTHING;
        } catch (RuntimeException failed) {
            return new Outcome.Failure(String.valueOf(failed.getMessage()));
        }
    }
}
