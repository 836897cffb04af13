package org.dartscc.orchestrator.search;

/** Where a search stands. Transitions are methods; one that the state does not allow throws. */
public enum SearchState {
    /** Accepted; the data set is being looked at. */
    CREATED,
    /** Its devices measure the operators of the space. */
    MEASURING,
    /** Rounds of supernet steps, then the fit of the trade-off. */
    TRAINING,
    /** Answers; new devices and costs are still welcome. */
    READY,
    PAUSED,
    CANCELLED,
    FAILED;

    SearchState inspected() {
        return from(this == CREATED, MEASURING, "be inspected");
    }

    SearchState measured() {
        return from(this == MEASURING, TRAINING, "start to train");
    }

    SearchState fitted() {
        return from(this == TRAINING, READY, "become ready");
    }

    SearchState paused() {
        return from(isUnderWay(), PAUSED, "be paused");
    }

    SearchState resumedTo(SearchState before) {
        return from(this == PAUSED, before, "be resumed");
    }

    SearchState cancelled() {
        return from(isUnderWay() || this == PAUSED, CANCELLED, "be cancelled");
    }

    SearchState failed() {
        return from(isUnderWay() || this == PAUSED, FAILED, "fail");
    }

    /** Whether work goes on that leads to an end. */
    public boolean isUnderWay() {
        return this == CREATED || this == MEASURING || this == TRAINING;
    }

    /** Whether nothing will ever happen again. */
    public boolean isOver() {
        return this == CANCELLED || this == FAILED;
    }

    private SearchState from(boolean allowed, SearchState next, String what) {
        if (!allowed) {
            throw new IllegalTransitionException("A search that is " + this + " can't " + what);
        }
        return next;
    }
}
