package dev.semel.windowing.engine;

import dev.semel.windowing.internal.watermark.Feed;

/** What records are read from, such as a partition: it may have a backlog. Given by {@link WindowEngine#input}. */
public final class Input {

    private final Feed feed;

    Input(Feed feed) {
        this.feed = feed;
    }

    Feed feed() {
        return feed;
    }
}
