package org.dartscc.cli.local;

import java.io.IOException;

/**
 * Runs a program's main class for as long as the parent process lives. The parent holds the other end of standard
 * input; the end of input is the end of the parent, also when it was killed and could stop nothing any more.
 */
public final class ParentWatch {
    private static final int STOPPED = 143;
    private static final long GRACE_MILLIS = 10_000;

    private ParentWatch() {}

    /** @param main the class to run, and its arguments */
    public static void main(String[] main) throws ReflectiveOperationException {
        startDaemon("parent-watch", ParentWatch::stopWithParent);
        var arguments = java.util.Arrays.copyOfRange(main, 1, main.length);
        Class.forName(main[0]).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }

    private static void stopWithParent() {
        try {
            while (System.in.read() >= 0) {
                // What the parent writes does not matter.
            }
        } catch (IOException e) {
            System.err.println("the parent's pipe broke: " + e.getMessage());
        }
        startDaemon("parent-watch-grace", ParentWatch::stopAtLast);
        System.exit(STOPPED);
    }

    /** An orderly stop may hang on the very services that died with the parent. */
    private static void stopAtLast() {
        try {
            Thread.sleep(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(STOPPED);
    }

    private static void startDaemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
