package org.dartscc.trainer.supernet;

/**
 * Where batch norm takes mean and variance from, and what becomes of the running ones.
 *
 * @param fromBatch whether the batch's own are used, and the running ones moved towards them
 * @param keep share of the running ones that stays, in [0, 1]
 */
public record Statistics(boolean fromBatch, float keep) {
    /** The running ones, left as they are. */
    public static final Statistics RUNNING = new Statistics(false, 1);

    /** The batch's; what becomes of the running ones does not matter. */
    public static final Statistics BATCH = new Statistics(true, 1);

    /** The batch's; after batches 0..n the running ones are the mean over them. */
    public static Statistics averaging(int batch) {
        return new Statistics(true, 1 - 1f / (batch + 1));
    }
}
