package org.dartscc.model.space;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One architecture: the option taken for every decision of a space, in the space's order. As text and in JSON:
 * {@code SPACE/OPTION,OPTION,…}. Whether it fits its space is checked by {@link SearchSpace#indices(Genotype)}.
 */
public record Genotype(String space, List<String> options) {
    public Genotype {
        options = List.copyOf(options);
    }

    @JsonCreator
    public static Genotype parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1 || text.length() > 10_000) {
            throw new IllegalArgumentException("not a genotype (SPACE/OPTION,OPTION,…): " + text);
        }
        return new Genotype(
                text.substring(0, slash), List.of(text.substring(slash + 1).split(",", -1)));
    }

    @JsonValue
    @Override
    public String toString() {
        return space + "/" + String.join(",", options);
    }
}
