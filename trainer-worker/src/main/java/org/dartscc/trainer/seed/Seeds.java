package org.dartscc.trainer.seed;

import java.util.Random;

/** Independent random sources from one seed: one for each use at each step, so that no history is needed to go on. */
public final class Seeds {
    public static final int ORDER = 1;
    public static final int MIRROR = 2;
    public static final int ARCHITECTURES = 3;
    public static final int RECALIBRATION = 4;
    public static final int SUBNETS = 5;
    public static final int HYPERNETWORK = 6;
    public static final int FINE_TUNING = 7;
    public static final int SHARD = 8;
    public static final int ALPHA_SPLIT = 9;
    public static final int ALPHA_ORDER = 10;
    public static final int ALPHA = 11;
    public static final int HELD_OUT = 12;
    public static final int READOUT = 13;

    private Seeds() {}

    public static Random random(long seed, int use, long number) {
        return new Random(mix(seed, use, number));
    }

    /** A seed of its own for each use and number. */
    public static long mix(long seed, int use, long number) {
        return scramble(scramble(scramble(seed) + use) + number);
    }

    /** The finaliser of SplitMix64. */
    private static long scramble(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
