package org.dartscc.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sends what the libraries in this JVM log to a file: the console is for the user. */
final class LibraryLog {
    private static final int MAX_BYTES = 10_000_000;

    private LibraryLog() {}

    static void into(Path file) throws IOException {
        LogManager.getLogManager().reset();
        var handler = new FileHandler(file.toString(), MAX_BYTES, 1, true);
        handler.setFormatter(new SimpleFormatter());
        var root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(handler);
    }
}
