package dev.semel.core.failure;

/**
 * The text of a stack trace within a number of characters. Of one that is too long the deeper frames are left out first: its causes
 * and the earlier failures, which come after them, tell more.
 */
final class StackTraceText {

    private static final int FRAMES_KEPT = 8;

    private StackTraceText() {}

    static String within(int characters, String text) {
        String shorter = text.length() <= characters ? text : withoutDeeperFrames(text);
        return shorter.length() <= characters ? shorter : shorter.substring(0, characters);
    }

    private static String withoutDeeperFrames(String text) {
        var kept = new StringBuilder();
        int frames = 0;
        for (String line : text.split("\n")) {
            frames = line.stripLeading().startsWith("at ") ? frames + 1 : 0;
            if (frames <= FRAMES_KEPT) {
                kept.append(line).append('\n');
            } else if (frames == FRAMES_KEPT + 1) {
                kept.append("\t...\n");
            }
        }
        return kept.toString();
    }
}
