package dev.semel.dlq.cli;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Points in time: {@code 2026-11-21T03:00:00Z}, with another offset, or as long ago: {@code 2h}. */
final class Moments implements ITypeConverter<Instant> {

    private final InstantSource clock;

    Moments() {
        this(InstantSource.system());
    }

    Moments(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant convert(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return ago(text);
        }
    }

    private Instant ago(String text) {
        try {
            return clock.instant().minus(new Durations().convert(text));
        } catch (TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + text
                            + "' is no point in time: write 2026-11-21T03:00:00Z or with an offset such as +01:00, or how long ago: 2h");
        }
    }
}
