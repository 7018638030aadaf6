package dev.semel.dlq.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a group keeps the letters of a source topic.
 *
 * @param group the group
 * @param source the source topic
 * @param topic the topic in which they are kept
 */
record StoreName(String group, String source, String topic) {

    /** Reads {@code GROUP:TOPIC=STORE}: names of topics have neither a colon nor an equals sign, those of groups may. */
    static final class Converter implements ITypeConverter<StoreName> {

        private static final Pattern NAMES = Pattern.compile("(.+):([^:=]+)=([^:=]+)");

        @Override
        public StoreName convert(String text) {
            Matcher names = NAMES.matcher(text);
            if (!names.matches()) {
                throw new TypeConversionException("'" + text + "' must be GROUP:TOPIC=STORE");
            }
            return new StoreName(names.group(1), names.group(2), names.group(3));
        }
    }
}
