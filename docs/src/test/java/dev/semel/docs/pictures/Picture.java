package dev.semel.docs.pictures;

import java.util.List;

/**
 * A picture of a page.
 *
 * @param file its name in the directory of the pages
 * @param alternative what the page shows where the picture is not
 * @param facts what it shows and the page's text has to say as well, word by word
 * @param svg the picture
 */
public record Picture(String file, String alternative, List<String> facts, String svg) {

    /** Makes the list unchangeable. */
    public Picture {
        facts = List.copyOf(facts);
    }

    /** By its name alone, for reports of tests. */
    @Override
    public String toString() {
        return file;
    }

    /** All there are. */
    public static List<Picture> all() {
        return List.of(WatermarkPicture.draw(), LifePicture.draw(), IdlenessPicture.draw());
    }
}
