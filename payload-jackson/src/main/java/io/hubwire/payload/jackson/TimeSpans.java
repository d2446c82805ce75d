package io.hubwire.payload.jackson;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as {@code [-][d.]hh:mm:ss[.fffffff]}, which counts in steps of 100 nanoseconds. */
final class TimeSpans {

    private static final Pattern FORM =
            Pattern.compile("(-)?(?:(\\d{1,8})\\.)?([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d)(?:\\.(\\d{1,7}))?");

    private static final int DIGITS = 7;
    private static final int STEP = 100;

    private TimeSpans() {}

    static Duration parse(String text) {
        var found = FORM.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("Not a duration: " + text);
        }
        var days = found.group(2);
        var fraction = found.group(6);
        var duration = Duration.ofDays(days == null ? 0 : Long.parseLong(days))
                .plusHours(Long.parseLong(found.group(3)))
                .plusMinutes(Long.parseLong(found.group(4)))
                .plusSeconds(Long.parseLong(found.group(5)))
                .plusNanos(fraction == null ? 0 : STEP * Long.parseLong((fraction + "0000000").substring(0, DIGITS)));
        return found.group(1) == null ? duration : duration.negated();
    }

    static String format(Duration duration) {
        var size = duration.abs();
        var text = new StringBuilder(duration.isNegative() ? "-" : "");
        if (size.toDays() > 0) {
            text.append(size.toDays()).append('.');
        }
        text.append("%02d:%02d:%02d".formatted(size.toHoursPart(), size.toMinutesPart(), size.toSecondsPart()));
        int steps = size.toNanosPart() / STEP;
        return steps == 0
                ? text.toString()
                : text.append(".%07d".formatted(steps)).toString();
    }
}
