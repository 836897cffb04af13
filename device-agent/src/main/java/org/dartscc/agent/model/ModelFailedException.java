package org.dartscc.agent.model;

/** A model that could not be timed. The message says why, in words for a user. */
final class ModelFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ModelFailedException(String reason) {
        super(reason);
    }
}
