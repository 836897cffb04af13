package org.dartscc.agent.probe;

/**
 * Energy of one inference.
 *
 * @param microjoules that all packages of the machine took during it, whatever else ran; null when it is not known
 * @param note why it is not known, in words for a user; null when it is
 */
public record Energy(Double microjoules, String note) {
    static Energy of(double microjoules) {
        return new Energy(microjoules, null);
    }

    static Energy unknown(String note) {
        return new Energy(null, note);
    }
}
