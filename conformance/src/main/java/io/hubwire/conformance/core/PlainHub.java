package io.hubwire.conformance.core;

import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubMethodName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the test suites of other clients call at {@code /hub}. */
public final class PlainHub extends Hub {

    private static final String CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** A fresh instance for each call. */
    public PlainHub() {}

    /** Answers. */
    public String ping() {
        return "Pong!";
    }

    /** Calls the caller back. */
    public CompletionStage<Void> touch() {
        return clients().caller().send("touched");
    }

    /** The titles of a club. */
    public List<String> triumphantTriple(String club) {
        return club.contains("FC Bayern") ? List.of("German Championship", "DFB Cup", "Champions League") : List.of();
    }

    /** Drinks and what is in them. */
    public List<Drink> alcoholicContents() {
        return List.of(new Drink("Brunello", 13.5), new Drink("Beer", 4.9), new Drink("Lagavulin Cask Strength", 56.2));
    }

    /** The same as a map. */
    public Map<String, Double> alcoholicContentMap() {
        Map<String, Double> map = new LinkedHashMap<>();
        alcoholicContents().forEach(each -> map.put(each.drink(), each.strength()));
        return map;
    }

    /** Much that compresses well. */
    public String largeCompressableContent() {
        return "data_".repeat(10_000);
    }

    /** Much that does not. */
    public String largeUncompressableContent() {
        StringBuilder content = new StringBuilder(20_000);
        ThreadLocalRandom.current()
                .ints(20_000, 0, CHARACTERS.length())
                .forEach(index -> content.append(CHARACTERS.charAt(index)));
        return content.toString();
    }

    /** The time, five times. */
    @HubMethodName("FiveDates")
    public Stream<Instant> fiveDates() {
        return IntStream.range(0, 5).mapToObj(PlainHub::soon);
    }

    private static Instant soon(int index) {
        try {
            Thread.sleep(index == 0 ? 0 : 100);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
        return Instant.now();
    }

    /** Collects what the client sends and tells it. */
    public CompletionStage<Void> uploadStream(Iterator<Integer> numbers) {
        List<Integer> collected = new ArrayList<>();
        numbers.forEachRemaining(collected::add);
        return clients().caller().send("OnUploadComplete", collected);
    }

    /**
     * A drink.
     *
     * @param drink its name
     * @param strength what is in it, in percent
     */
    public record Drink(String drink, double strength) {}
}
