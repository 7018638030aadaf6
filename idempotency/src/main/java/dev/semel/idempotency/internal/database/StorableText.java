package dev.semel.idempotency.internal.database;

/** What databases take as text: PostgreSQL no character 0, and none of them half a surrogate pair. It is for people; hashes are of what it was. */
public final class StorableText {

    private StorableText() {}

    /** The text, with other characters for those. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isStorable(text.charAt(i))) {
                return text.codePoints()
                        .map(point ->
                                point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                                        ? '\uFFFD'
                                        : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    /** The text in characters that every database has, whatever its encoding. */
    public static String ascii(String text) {
        return text.codePoints()
                .map(point -> point < ' ' || point > '~' ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isStorable(char unit) {
        return unit != 0 && !Character.isSurrogate(unit);
    }
}
