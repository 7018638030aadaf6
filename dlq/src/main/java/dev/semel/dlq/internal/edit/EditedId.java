package dev.semel.dlq.internal.edit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids of edited letters: that of the letter which was edited first, a tilde, and how often it was edited. So the id of a letter tells
 * that of its parent, and two edits of the same letter would make the same one.
 */
public final class EditedId {

    /** A letter is edited no more often: those who only look hold the number in a byte. */
    public static final int MOST = 200;

    private static final Pattern EDITED = Pattern.compile("(.+)~([1-9]\\d{0,2})", Pattern.DOTALL);

    private EditedId() {}

    /** Of a letter that was edited so often. */
    public static String of(String first, int edits) {
        return edits == 0 ? first : first + "~" + edits;
    }

    /** How often the letter was edited; 0 for one that was not. */
    public static int edits(String id) {
        Matcher edited = EDITED.matcher(id);
        return edited.matches() ? Integer.parseInt(edited.group(2)) : 0;
    }

    /** The id of the letter that was edited first; the same for one that was not edited. */
    public static String first(String id) {
        Matcher edited = EDITED.matcher(id);
        return edited.matches() ? edited.group(1) : id;
    }

    /** Of the letter that an edit makes of this one. */
    public static String next(String id) {
        return of(first(id), edits(id) + 1);
    }
}
