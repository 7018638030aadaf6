package dev.semel.examples.telemetry.reading;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads lines as readings. For any number of threads. */
public final class LineReader {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    /** What an exponent makes of a few characters must not fill the heap. */
    private static final int MOST_DIGITS = 400;

    private final LineFormat format;
    private final CSVFormat csv;

    /** @param format of the lines */
    public LineReader(LineFormat format) {
        this.format = format;
        this.csv = csv(format.delimiter());
    }

    private static CSVFormat csv(char delimiter) {
        return CSVFormat.RFC4180.builder().setDelimiter(delimiter).get();
    }

    /** The names in the first line of CSV; empty if it cannot be read. */
    public static List<String> header(String line, char delimiter) {
        try {
            CSVRecord record = single(csv(delimiter), line);
            return record.stream().map(String::strip).toList();
        } catch (UnreadableLineException e) {
            // Whoever needs names finds that there are none.
            return List.of();
        }
    }

    /** The reading that a line says. */
    public Reading read(byte[] line) throws UnreadableLineException {
        String text = new String(line, UTF_8);
        if (text.isBlank()) {
            throw new UnreadableLineException("the line is empty");
        }
        return format.isJson() ? json(text) : columns(text);
    }

    /** The value of a part; null or blank if the line does not say. */
    private interface Parts {
        @Nullable String part(String name) throws UnreadableLineException;
    }

    private Reading json(String text) throws UnreadableLineException {
        JsonNode object;
        try {
            object = JSON.readTree(text);
        } catch (IOException e) {
            throw new UnreadableLineException("the line is not JSON");
        }
        if (!object.isObject()) {
            throw new UnreadableLineException("the line is not a JSON object");
        }
        return reading(name -> {
            JsonNode field = object.path(name);
            if (field.isContainerNode()) {
                throw new UnreadableLineException("'" + name + "' is an object or array");
            }
            return field.isMissingNode() || field.isNull()
                    ? null
                    : field.isNumber() ? plain(name, field) : field.asText();
        });
    }

    /** A number as people write it, without an exponent. */
    private static String plain(String name, JsonNode field) throws UnreadableLineException {
        BigDecimal number = field.decimalValue();
        if (Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw new UnreadableLineException("'" + name + "' is a number with more than " + MOST_DIGITS + " digits");
        }
        return number.toPlainString();
    }

    private Reading columns(String text) throws UnreadableLineException {
        CSVRecord record = single(csv, text);
        if (record.size() != format.header().size()) {
            throw new UnreadableLineException("the line has " + record.size() + " columns, the header "
                    + format.header().size());
        }
        return reading(name -> record.get(format.header().indexOf(name)));
    }

    private static CSVRecord single(CSVFormat csv, String line) throws UnreadableLineException {
        try (CSVParser parser = CSVParser.parse(line, csv)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.size() != 1) {
                throw new UnreadableLineException("the line is not one line of CSV");
            }
            return records.get(0);
        } catch (IOException | UncheckedIOException e) {
            throw new UnreadableLineException("the line is not CSV: " + e.getMessage());
        }
    }

    private Reading reading(Parts parts) throws UnreadableLineException {
        Columns columns = format.columns();
        String time = clean(parts.part(columns.time()));
        if (time == null) {
            throw new UnreadableLineException("there is no time");
        }
        long millis = format.unit().millis(time);
        if (millis < 0) {
            throw new UnreadableLineException("time '" + time + "' is before 1970");
        }
        return new Reading(
                millis, clean(parts.part(columns.source())), clean(parts.part(columns.key())), value(parts), false);
    }

    private static @Nullable String clean(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private double value(Parts parts) throws UnreadableLineException {
        String name = format.columns().value();
        if (name == null) {
            return 1;
        }
        String text = clean(parts.part(name));
        if (text == null) {
            throw new UnreadableLineException("there is no value");
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for numbers that are none.
        }
        throw new UnreadableLineException("value '" + text + "' is not a number");
    }
}
