package dev.semel.examples.telemetry.reading;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** What the text of a time means. */
public enum TimeUnit {

    /** Text with a colon is ISO-8601, a number below 100,000,000,000 is seconds, and any other is milliseconds. */
    AUTO,

    /** ISO-8601, such as {@code 2024-01-18T02:15:00.250Z}; also with a space for the T; in UTC where there is no offset. */
    ISO,

    /** Seconds since 1970, also with a fraction. */
    S,

    /** Milliseconds since 1970. */
    MS,

    /** Microseconds since 1970. */
    US;

    /** As seconds, this is the year 5138; as milliseconds, 1973. */
    private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    /** A number longer than this is no time; and one with a huge exponent would take long to compute with. */
    private static final int MOST_CHARACTERS = 40;

    /** Reads a time, in milliseconds since 1970; what is below one is cut off. */
    long millis(String text) throws UnreadableLineException {
        boolean iso = this == ISO || this == AUTO && text.indexOf(':') >= 0;
        return iso ? iso(text) : number(text);
    }

    private static long iso(String text) throws UnreadableLineException {
        String normal = text.replace(' ', 'T');
        try {
            boolean hasOffset = normal.endsWith("Z")
                    || normal.matches(".*[+-]\\d\\d:?\\d\\d$") && normal.indexOf('T') < normal.lastIndexOf(':');
            return hasOffset
                    ? OffsetDateTime.parse(normal).toInstant().toEpochMilli()
                    : LocalDateTime.parse(normal).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnreadableLineException("time '" + text + "' is not ISO-8601, such as 2024-01-18T02:15:00Z");
        }
    }

    private long number(String text) throws UnreadableLineException {
        if (text.length() > MOST_CHARACTERS || !text.matches("[+-]?\\d+(\\.\\d*)?")) {
            throw new UnreadableLineException(
                    "time '" + text + "' is not a number" + (this == AUTO ? " or ISO-8601" : ""));
        }
        var number = new BigDecimal(text);
        BigDecimal millis = switch (this) {
            case S -> number.multiply(THOUSAND);
            case US -> number.divide(THOUSAND, RoundingMode.FLOOR);
            case AUTO -> number.abs().compareTo(LEAST_MILLIS) < 0 ? number.multiply(THOUSAND) : number;
            case MS, ISO -> number;
        };
        try {
            return millis.setScale(0, RoundingMode.FLOOR).longValueExact();
        } catch (ArithmeticException e) {
            throw new UnreadableLineException("time '" + text + "' is beyond all calendars");
        }
    }
}
