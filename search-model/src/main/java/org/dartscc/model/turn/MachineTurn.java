package org.dartscc.model.turn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;

/**
 * Turn-taking of processes that share one machine, so that a latency is never measured while a supernet step runs. Who
 * works takes a turn, closes it, and takes the next: trainers for a step, agents for a block of measurements. Two file
 * locks make it fair: whoever waits holds the queue's lock, so that the one working can't overtake it. A lock vanishes
 * with its process. Without a folder (machines of their own, as in a cluster) turns are free.
 */
public final class MachineTurn implements AutoCloseable {
    private final FileChannel queue;
    private final FileChannel machine;
    private final Semaphore threads = new Semaphore(1, true);

    private MachineTurn(FileChannel queue, FileChannel machine) {
        this.queue = queue;
        this.machine = machine;
    }

    /** Turns that are always free. */
    public static MachineTurn free() {
        return new MachineTurn(null, null);
    }

    /** Turns shared by all processes that are given the same folder. */
    public static MachineTurn in(Path folder) {
        try {
            Files.createDirectories(folder);
            return new MachineTurn(open(folder.resolve("queue.lock")), open(folder.resolve("machine.lock")));
        } catch (IOException e) {
            throw new UncheckedIOException("the lock folder " + folder + " can't be used: " + e.getMessage(), e);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Waits for the machine. Threads of one process take turns too. Close it as soon as the work is done. */
    public Turn take() {
        if (machine == null) {
            return () -> {};
        }
        // A file lock belongs to the whole process, so threads queue up before it.
        threads.acquireUninterruptibly();
        try (FileLock waiting = queue.lock()) {
            var lock = machine.lock();
            return () -> give(lock);
        } catch (IOException e) {
            threads.release();
            throw new UncheckedIOException("no turn on this machine: " + e.getMessage(), e);
        }
    }

    private void give(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException("this machine's lock can't be given back: " + e.getMessage(), e);
        } finally {
            threads.release();
        }
    }

    @Override
    public void close() throws IOException {
        if (machine != null) {
            queue.close();
            machine.close();
        }
    }

    /** The machine is ours until this is closed. */
    @FunctionalInterface
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }
}
