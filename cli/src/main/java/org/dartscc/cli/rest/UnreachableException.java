package org.dartscc.cli.rest;

import java.net.URI;

import org.dartscc.cli.FailureException;

/** Nobody answered; that may pass. */
public final class UnreachableException extends FailureException {
    private static final long serialVersionUID = 1;

    UnreachableException(URI url, Throwable cause) {
        super(
                "no orchestrator answers at " + url + "; start one with \"dartscc up\", or say where it is with --url",
                cause);
    }
}
