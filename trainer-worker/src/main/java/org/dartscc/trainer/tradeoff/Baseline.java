package org.dartscc.trainer.tradeoff;

/** Ways to look for architectures that know nothing but their evaluations. */
public enum Baseline {
    RANDOM,

    /** NSGA-II (Deb et al., 2002). */
    EVOLUTION;

    /** Of all their proposals, which are for no trade-off in particular. */
    public static final String LABEL = "evaluated";
}
