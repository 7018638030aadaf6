package dev.semel.windowing.watermark;

/**
 * What a source is to the watermark.
 *
 * <pre>
 *                 silent too long
 *        ACTIVE ------------------&gt; IDLE
 *        ^  |  ^                     |
 *        |  |  '---- HOLD -----------+
 * caught |  | beyond the bound       | CATCH_UP, and behind the watermark
 *   up   |  v on drift               v
 *        CATCHING_UP &lt;---------------'
 *
 *        each of them --- finish ---&gt; FINISHED --- an event ---&gt; as if it were idle
 * </pre>
 */
public enum SourceState {

    /** The watermark waits for it. */
    ACTIVE,

    /** It has been silent for too long to be waited for. */
    IDLE,

    /** It is behind the watermark, and left out until it has caught up. */
    CATCHING_UP,

    /** It has said that nothing more comes from it. */
    FINISHED
}
