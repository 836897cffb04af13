package org.dartscc.agent.child;

import java.nio.file.Path;
import java.util.List;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/**
 * What the process is asked to measure, one line of JSON each. What a kind does not need is null.
 *
 * @param file of a model
 */
record Order(
        Kind kind,
        List<OperatorSignature> operators,
        SpaceSpec space,
        List<Genotype> networks,
        String file,
        Shape image) {
    enum Kind {
        OPERATORS,
        GLANCE,
        ALONE,
        NETWORKS,
        MODEL
    }

    static Order operators(List<OperatorSignature> operators) {
        return new Order(Kind.OPERATORS, operators, null, null, null, null);
    }

    static Order glance(List<OperatorSignature> operators) {
        return new Order(Kind.GLANCE, operators, null, null, null, null);
    }

    static Order alone(List<OperatorSignature> operators) {
        return new Order(Kind.ALONE, operators, null, null, null, null);
    }

    static Order networks(SpaceSpec space, List<Genotype> networks) {
        return new Order(Kind.NETWORKS, null, space, networks, null, null);
    }

    static Order model(Path file, Shape image) {
        return new Order(Kind.MODEL, null, null, null, file.toString(), image);
    }
}
