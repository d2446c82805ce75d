package io.hubwire.samples.guide;

import io.hubwire.server.hub.Hub;
import io.hubwire.server.hub.HubStream;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Streams both ways. */
public class SensorHub extends Hub {

    private final Sensor sensor;

    /** Reads from a sensor. */
    public SensorHub(Sensor sensor) {
        this.sensor = sensor;
    }

    // begin download
    public HubStream<Double> temperatures(int count) {
        return HubStream.of(out -> {
            for (int i = 0; i < count; i++) {
                out.send(sensor.waitForNext());
            }
        });
    }

    public Stream<Integer> countTo(int limit) {
        return IntStream.rangeClosed(1, limit).boxed();
    }

    public Flow.Publisher<Double> live() {
        return sensor.publisher();
    }
    // end

    // begin upload
    public double average(HubStream<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
    // end

    // begin both
    public HubStream<Double> smoothed(HubStream<Double> values, double weight) {
        return HubStream.of(out -> {
            double smooth = 0;
            for (double value : values) {
                smooth += weight * (value - smooth);
                out.send(smooth);
            }
        });
    }
    // end

    /** Where values come from. */
    public interface Sensor {

        /** Waits for the next value. */
        double waitForNext() throws InterruptedException;

        /** All values from now on. */
        Flow.Publisher<Double> publisher();
    }
}
