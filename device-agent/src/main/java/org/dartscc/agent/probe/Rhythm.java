package org.dartscc.agent.probe;

import java.time.Duration;

/**
 * How long to look, and how often.
 *
 * @param block least time of a block of runs
 * @param minRounds rounds that everything takes part in
 * @param maxRounds rounds after which the rest is taken as it is
 * @param limit the same as a time; only time that the machine was ours counts
 * @param apart least time from the start of one round to the start of the next: what slows the caches and the memory of
 *     a shared host comes and goes in tens of seconds, and the reference operator, which needs neither, does not see it
 * @param longest time in all, turns that others had included: whoever asked waits no longer
 * @param precision where a specimen stops: 95 % confidence interval's half width as a share of its median
 * @param precisionMicros or the same in microseconds, whichever is met first
 */
record Rhythm(
        Duration block,
        int minRounds,
        int maxRounds,
        Duration limit,
        Duration apart,
        Duration longest,
        double precision,
        double precisionMicros) {

    /** Tables of operators. */
    static final Rhythm OPERATORS = new Rhythm(
            Duration.ofMillis(4), 8, 120, Duration.ofSeconds(8), Duration.ZERO, Duration.ofMinutes(10), .02, .15);

    /** Networks that calibrate a table: the fit over all of them averages what one is off. */
    static final Rhythm NETWORKS = new Rhythm(
            Duration.ofMillis(5), 20, 40, Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofMinutes(5), .02, 0);

    /** A model that is judged by its own latency. */
    static final Rhythm MODEL = new Rhythm(
            Duration.ofMillis(5),
            20,
            120,
            Duration.ofSeconds(20),
            Duration.ofMillis(200),
            Duration.ofMinutes(1),
            .01,
            0);

    /** A glance, for the drift check and whoever is in a hurry. */
    static final Rhythm GLANCE = new Rhythm(
            Duration.ofMillis(4), 8, 16, Duration.ofSeconds(3), Duration.ZERO, Duration.ofMinutes(10), .03, .2);
}
