package io.hubwire.payload.jackson;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;

/** Dates as ISO-8601: a fraction has no trailing zeros, and without an offset a text means UTC. */
final class Moments {

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter();

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral('T')
            .append(TIME)
            .toFormatter();

    private static final DateTimeFormatter OFFSET = new DateTimeFormatterBuilder()
            .append(LOCAL)
            .appendOffset("+HH:MM", "Z")
            .toFormatter();

    private static final DateTimeFormatter ANY = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private Moments() {}

    static OffsetDateTime parse(String text) {
        return switch (ANY.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from)) {
            case OffsetDateTime moment -> moment;
            case LocalDateTime local -> local.atOffset(ZoneOffset.UTC);
            case TemporalAccessor date -> LocalDate.from(date).atStartOfDay().atOffset(ZoneOffset.UTC);
        };
    }

    static String format(Instant moment) {
        return OFFSET.format(moment.atOffset(ZoneOffset.UTC));
    }

    static String format(OffsetDateTime moment) {
        return OFFSET.format(moment);
    }

    static String format(ZonedDateTime moment) {
        return OFFSET.format(moment);
    }

    static String format(LocalDateTime moment) {
        return LOCAL.format(moment);
    }

    static String format(LocalTime time) {
        return TIME.format(time);
    }
}
