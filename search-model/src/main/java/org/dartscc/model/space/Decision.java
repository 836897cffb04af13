package org.dartscc.model.space;

import java.util.List;

/** One choice that an architecture makes: the operator of a slot or of a cell's edge. */
public record Decision(String name, List<Operator> options) {
    public Decision {
        options = List.copyOf(options);
        if (options.isEmpty() || options.stream().distinct().count() != options.size()) {
            throw new IllegalArgumentException("decision " + name + " needs at least one option, each once");
        }
    }
}
