package org.dartscc.model.space;

import org.junit.jupiter.api.Test;

import org.dartscc.model.method.SearchMethodName;
import org.dartscc.model.network.Shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OperatorKindTest {
    @Test
    void theKindOfAnOperatorFollowsFromItsLayers() {
        assertThat(OperatorKind.of(Operator.NONE)).isEqualTo(OperatorKind.IDENTITY);
        assertThat(OperatorKind.of(Operator.SKIP_CONNECT)).isEqualTo(OperatorKind.IDENTITY);
        assertThat(OperatorKind.of(Operator.AVG_POOL_3X3)).isEqualTo(OperatorKind.POOL);
        assertThat(OperatorKind.of(Operator.NOR_CONV_3X3)).isEqualTo(OperatorKind.CONVOLUTION);
        assertThat(OperatorKind.of(Operator.DIL_CONV_5X5)).isEqualTo(OperatorKind.SEPARABLE);
        assertThat(OperatorKind.of(Operator.SEP_CONV_3X3)).isEqualTo(OperatorKind.SEPARABLE);
        assertThat(OperatorKind.of(Operator.MBCONV3_K5)).isEqualTo(OperatorKind.BOTTLENECK);
        assertThat(OperatorKind.of(Operator.K3_E6)).isEqualTo(OperatorKind.BOTTLENECK);
        assertThat(OperatorKind.of(Operator.K3_E1_G2)).isEqualTo(OperatorKind.SEPARABLE);
    }

    @Test
    void aPenaltyByKindIsRefusedWhereThereIsOnlyOne() {
        var spec = new SpaceSpec("darts", new Shape(1, 16, 16), 10);
        var space = spec.create();
        for (var method : SearchMethodName.values()) {
            method.requireTakes(space);
        }
        var options = java.util.List.of(Operator.CONV3, Operator.NOR_CONV_3X3);
        var decision = new Decision("only", options);
        var single = new SearchSpace(
                spec, java.util.List.of(decision), java.util.List.of(Group.single(0, 2)), indices -> true, filling -> {
                    var network = new org.dartscc.model.network.NetworkBuilder(spec.image());
                    var placed = filling.place(network, "only", 0, network.image(), 4, 1)
                            .orElseThrow();
                    var pooled = network.add("pool", new org.dartscc.model.network.Layer.GlobalAveragePool(), placed);
                    return network.build(
                            network.add("classifier", new org.dartscc.model.network.Layer.Linear(10), pooled));
                });
        assertThatThrownBy(() -> SearchMethodName.DARTSCC_VECTOR.requireTakes(single))
                .hasMessageContaining("only one")
                .hasMessageContaining("convolution");
        SearchMethodName.DARTS.requireTakes(single);
    }
}
