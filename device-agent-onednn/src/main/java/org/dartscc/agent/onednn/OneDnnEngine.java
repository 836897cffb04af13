package org.dartscc.agent.onednn;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.onnxruntime.Env;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.SessionOptions;

import org.dartscc.agent.probe.Engine;
import org.dartscc.agent.probe.OpenModel;
import org.dartscc.agent.probe.ProbeException;
import org.dartscc.agent.probe.Profile;
import org.dartscc.model.network.Shape;

import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_ENABLE_ALL;
import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_ENABLE_EXTENDED;
import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_LOGGING_LEVEL_ERROR;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtGetApiBase;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtSessionOptionsAppendExecutionProvider_Dnnl;

/**
 * The build of ONNX Runtime by the JavaCPP presets, which has oneDNN as a provider. How many threads it uses and up to
 * which instruction set is said by its process's environment ({@code OMP_NUM_THREADS}, {@code ONEDNN_MAX_CPU_ISA}).
 */
public final class OneDnnEngine implements Engine {
    private static final int USE_ARENA = 1;

    private Env environment;

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public String runtime() {
        return "onnxruntime " + OrtGetApiBase().GetVersionString().call().getString();
    }

    /** The cap on instruction sets is part of what is measured. */
    @Override
    public String provider() {
        var highest = System.getenv("ONEDNN_MAX_CPU_ISA");
        return "oneDNN" + (highest == null ? "" : " " + highest);
    }

    @Override
    public OpenModel open(byte[] model, Shape image, Profile profile, boolean keepEqualNodes) {
        if (environment == null) {
            environment = new Env(ORT_LOGGING_LEVEL_ERROR, "dartscc");
        }
        // Every native object of this call is freed when it ends, but for what the model keeps.
        try (var options = options(profile, keepEqualNodes);
                var bytes = new BytePointer(model)) {
            var session = new Session(environment, bytes, model.length, options);
            try {
                return new OneDnnModel(session, image, profile.batch());
            } catch (RuntimeException e) {
                session.deallocate();
                throw e;
            }
        } catch (ProbeException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ProbeException("ONNX Runtime with oneDNN refuses the model: " + e.getMessage(), e);
        }
    }

    private static SessionOptions options(Profile profile, boolean keepEqualNodes) {
        var options = new SessionOptions();
        options.SetGraphOptimizationLevel(profile.optimisation().equals("all") ? ORT_ENABLE_ALL : ORT_ENABLE_EXTENDED);
        options.SetIntraOpNumThreads(profile.threads());
        options.SetInterOpNumThreads(1);
        options.AddConfigEntry("session.intra_op.allow_spinning", "0");
        if (keepEqualNodes) {
            options.AddConfigEntry("optimization.disable_specified_optimizers", "CommonSubexpressionElimination");
        }
        OrtSessionOptionsAppendExecutionProvider_Dnnl(options.asOrtSessionOptions(), USE_ARENA);
        return options;
    }
}
