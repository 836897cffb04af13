package org.dartscc.infra;

import java.io.IOException;
import java.nio.file.Path;

/** Another process works in the folder. */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1;

    FolderInUseException(Path folder) {
        super("the folder " + folder + " is in use by another process");
    }
}
