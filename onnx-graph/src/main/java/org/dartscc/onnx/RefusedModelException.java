package org.dartscc.onnx;

/** Bytes that are no model this project could have written, and that no runtime may see. The message says why. */
public final class RefusedModelException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedModelException(String why) {
        super("the model is refused: " + why);
    }

    RefusedModelException(String why, Throwable cause) {
        super("the model is refused: " + why, cause);
    }
}
