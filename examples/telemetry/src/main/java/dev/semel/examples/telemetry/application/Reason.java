package dev.semel.examples.telemetry.application;

/** Why a line is rejected. */
public enum Reason {

    /** It is no reading. The windows never see it. */
    UNREADABLE,

    /** It does not say what was measured. */
    NO_KEY,

    /** Its time is too far ahead: a wrong clock, or a time in another unit. */
    FUTURE,

    /** It does not say whose clock its time is of. */
    NO_SOURCE
}
