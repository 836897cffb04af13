package org.dartscc.benchmarks.step;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.Node;
import org.dartscc.model.network.Parameter;

/** The networks of a task as data that the script for PyTorch reads. */
final class TorchNetworks {
    private TorchNetworks() {}

    static Map<String, Object> of(Task task) {
        var space = task.create();
        var all = new LinkedHashMap<String, Object>();
        all.put(
                "image",
                List.of(
                        task.image().channels(),
                        task.image().height(),
                        task.image().width()));
        all.put("classes", Task.CLASSES);
        all.put("batch", task.batch());
        all.put("update", task.update());
        all.put(
                "options",
                space.decisions().stream().map(d -> d.options().size()).toList());
        all.put(
                "parameters",
                space.parameters().stream().map(TorchNetworks::parameter).toList());
        all.put(
                "steps",
                task.kind().steps(space).stream()
                        .map(step -> step.stream().map(TorchNetworks::network).toList())
                        .toList());
        return all;
    }

    private static Map<String, Object> parameter(Parameter p) {
        return Map.of("name", p.name(), "shape", p.shape(), "role", p.role().name());
    }

    private static List<Map<String, Object>> network(Network network) {
        return network.nodes().stream().map(TorchNetworks::node).toList();
    }

    private static Map<String, Object> node(Node node) {
        var out = new LinkedHashMap<String, Object>();
        var layer = node.layer();
        out.put("name", node.name());
        out.put("type", layer.getClass().getSimpleName());
        out.put("inputs", node.inputs());
        if (layer instanceof Layer.Convolution c) {
            out.put("stride", c.stride());
            out.put("padding", c.padding());
            out.put("dilation", c.dilation());
            out.put("groups", c.groups());
        } else if (layer instanceof Layer.MaxPool p) {
            out.put("window", List.of(p.kernel(), p.stride(), p.padding()));
        } else if (layer instanceof Layer.AveragePool p) {
            out.put("window", List.of(p.kernel(), p.stride(), p.padding()));
        } else if (layer instanceof Layer.Mixture m) {
            out.put("decision", m.decision());
            out.put("options", m.options());
        } else if (layer instanceof Layer.Zero z) {
            out.put(
                    "shape",
                    List.of(z.shape().channels(), z.shape().height(), z.shape().width()));
        }
        return out;
    }
}
