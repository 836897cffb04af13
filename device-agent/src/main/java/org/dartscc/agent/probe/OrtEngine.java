package org.dartscc.agent.probe;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

import org.dartscc.model.network.Shape;

/** ONNX Runtime with the kernels it brings itself, for x86-64 and aarch64 alike. */
final class OrtEngine implements Engine {

    @Override
    public String name() {
        return ONNXRUNTIME;
    }

    @Override
    public String runtime() {
        return "onnxruntime " + OrtEnvironment.getEnvironment().getVersion();
    }

    @Override
    public String provider() {
        return "CPU";
    }

    @Override
    public OpenModel open(byte[] model, Shape image, Profile profile, boolean keepEqualNodes) {
        try (var options = options(profile, keepEqualNodes)) {
            var environment = OrtEnvironment.getEnvironment();
            var session = environment.createSession(model, options);
            try {
                return OrtRun.of(environment, session, image, profile.batch());
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new ProbeException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
    }

    private static SessionOptions options(Profile profile, boolean keepEqualNodes) throws OrtException {
        var options = new SessionOptions();
        options.setOptimizationLevel(profile.optimisation().equals("all") ? OptLevel.ALL_OPT : OptLevel.EXTENDED_OPT);
        options.setIntraOpNumThreads(profile.threads());
        options.setInterOpNumThreads(1);
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        if (keepEqualNodes) {
            options.addConfigEntry("optimization.disable_specified_optimizers", "CommonSubexpressionElimination");
        }
        return options;
    }
}
