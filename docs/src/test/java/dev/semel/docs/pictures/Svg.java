package dev.semel.docs.pictures;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes a picture that needs no colours: lines differ by their width and their dashes, points by their shape, areas by hatching, and
 * each is named beside it. It brings its own paper, so that it is readable on light and on dark pages, in whatever shows it: not all of
 * them know styles for the dark.
 */
final class Svg {

    /** No letter is smaller than this, in units of a picture that is 960 wide. */
    static final int SMALLEST_LETTERS = 17;

    private static final int HALF = 7;
    private static final String INK = "#1f2328";
    private static final String PAPER = "#ffffff";

    /** What a line looks like. */
    enum Stroke {
        THIN("stroke-width=\"2\""),
        THICK("stroke-width=\"6\""),
        DASHED("stroke-width=\"2\" stroke-dasharray=\"10 6\""),
        DOTTED("stroke-width=\"2\" stroke-dasharray=\"2 5\""),
        HAIR("stroke-width=\"1\" stroke-opacity=\"0.35\"");

        private final String attributes;

        Stroke(String attributes) {
            this.attributes = attributes;
        }
    }

    /** What a point looks like. */
    enum Shape {
        CIRCLE,
        SQUARE,
        TRIANGLE,
        DIAMOND,
        CROSS
    }

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;
    private final String title;
    private final String description;

    Svg(int width, int height, String title, String description) {
        this.width = width;
        this.height = height;
        this.title = title;
        this.description = description;
    }

    Svg line(double x1, double y1, double x2, double y2, Stroke stroke) {
        return add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" %s/>"
                .formatted(number(x1), number(y1), number(x2), number(y2), INK, stroke.attributes));
    }

    /** @param points x and y in turns */
    Svg path(Stroke stroke, double... points) {
        String list = Arrays.stream(points).mapToObj(Svg::number).collect(Collectors.joining(" "));
        return add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" %s/>".formatted(list, INK, stroke.attributes));
    }

    Svg box(double x, double y, double boxWidth, double boxHeight, boolean hatched) {
        return add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\" stroke=\"%s\" stroke-width=\"2\"/>"
                .formatted(
                        number(x),
                        number(y),
                        number(boxWidth),
                        number(boxHeight),
                        hatched ? "url(#hatched)" : "none",
                        INK));
    }

    Svg point(Shape shape, double x, double y) {
        String outline = switch (shape) {
            case CIRCLE -> null;
            case SQUARE -> points(x, y, -1, -1, 1, -1, 1, 1, -1, 1);
            case TRIANGLE -> points(x, y, 0, -1.2, 1.2, 1, -1.2, 1);
            case DIAMOND -> points(x, y, 0, -1.4, 1.4, 0, 0, 1.4, -1.4, 0);
            case CROSS -> "";
        };
        if (outline == null) {
            return add("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>".formatted(number(x), number(y), HALF, INK));
        }
        if (outline.isEmpty()) {
            line(x - HALF, y - HALF, x + HALF, y + HALF, Stroke.THIN);
            return line(x - HALF, y + HALF, x + HALF, y - HALF, Stroke.THIN);
        }
        return add("<polygon points=\"%s\" fill=\"%s\"/>".formatted(outline, INK));
    }

    private static String points(double x, double y, double... corners) {
        var list = new StringBuilder();
        for (int i = 0; i < corners.length; i += 2) {
            list.append(i == 0 ? "" : " ").append(number(x + corners[i] * HALF)).append(' ');
            list.append(number(y + corners[i + 1] * HALF));
        }
        return list.toString();
    }

    Svg text(double x, double y, String text) {
        return text(x, y, text, "start", false);
    }

    Svg bold(double x, double y, String text) {
        return text(x, y, text, "start", true);
    }

    Svg centred(double x, double y, String text) {
        return text(x, y, text, "middle", false);
    }

    private Svg text(double x, double y, String text, String anchor, boolean bold) {
        return add("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>"
                .formatted(number(x), number(y), anchor, INK, bold ? " font-weight=\"bold\"" : "", escaped(text)));
    }

    private Svg add(String element) {
        body.append("  ").append(element).append('\n');
        return this;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" \
                font-family="system-ui, 'DejaVu Sans', Arial, sans-serif" font-size="%d">
                  <title>%s</title>
                  <desc>%s</desc>
                  <defs>
                    <pattern id="hatched" width="10" height="10" patternUnits="userSpaceOnUse">
                      <path d="M0 10L10 0" stroke="%s" stroke-width="1.5" fill="none"/>
                    </pattern>
                  </defs>
                  <rect width="%d" height="%d" rx="12" fill="%s"/>
                %s</svg>
                """.formatted(
                        width,
                        height,
                        width,
                        height,
                        SMALLEST_LETTERS,
                        escaped(title),
                        escaped(description),
                        INK,
                        width,
                        height,
                        PAPER,
                        body);
    }
}
