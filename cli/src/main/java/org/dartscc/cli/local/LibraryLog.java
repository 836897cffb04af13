package org.dartscc.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sends what the libraries in this JVM log to a file: the console is for the user. */
final class LibraryLog {
    private static final int MAX_BYTES = 10_000_000;

    private LibraryLog() {}

    /** A log that can't be written, say on a full disk, says so by what else fails there; not by traces on the console. */
    private static final class Silence extends ErrorManager {
        @Override
        public void error(String message, Exception cause, int code) {}
    }

    static void into(Path file) throws IOException {
        LogManager.getLogManager().reset();
        var handler = new FileHandler(file.toString(), MAX_BYTES, 1, true);
        handler.setFormatter(new SimpleFormatter());
        handler.setErrorManager(new Silence());
        var root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(handler);
    }
}
