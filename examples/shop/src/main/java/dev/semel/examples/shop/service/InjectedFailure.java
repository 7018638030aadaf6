package dev.semel.examples.shop.service;

/** Thrown by a handler that was meant to fail. */
public final class InjectedFailure extends Exception {

    private static final long serialVersionUID = 1L;

    InjectedFailure(String message) {
        super(message);
    }
}
