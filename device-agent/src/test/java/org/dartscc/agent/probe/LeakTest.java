package org.dartscc.agent.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.dartscc.model.space.OperatorSignature;
import org.dartscc.onnx.OperatorCarrier;

import static org.assertj.core.api.Assertions.assertThat;

/** A session that is not closed costs about 2 MB: some hundred leaked ones would be seen from far. */
class LeakTest {
    private static final int MEASUREMENTS = 1_500;
    private static final double MAX_GROWTH_MB = 40;

    private final AtomicInteger open = new AtomicInteger();

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    void sessionsAndNativeMemoryStayConstant() throws IOException {
        assertThat(growthMb(MEASUREMENTS)).isLessThan(MAX_GROWTH_MB);
        assertThat(open.get()).isZero();
    }

    /** The same at length: {@code LeakTest COUNT}. */
    public static void main(String[] args) throws IOException {
        System.out.printf("resident memory grew by %.1f MB%n", new LeakTest().growthMb(Integer.parseInt(args[0])));
    }

    /** Growth from the first tenth to the end. */
    private double growthMb(int measurements) throws IOException {
        var signature = OperatorSignature.parse("sep3:16x7x7:16:s1");
        var model = OperatorCarrier.model(signature, 1);
        double before = 0;
        for (int i = 1; i <= measurements; i++) {
            measure(signature, model);
            if (i == measurements / 10) {
                before = rssMb();
            }
        }
        return rssMb() - before;
    }

    private void measure(OperatorSignature signature, byte[] model) {
        var profile = Profile.of(Profile.DEFAULT);
        try (var opened = new OpenRuns(profile, Engine.of(profile.engine()), open)) {
            opened.carrier(model, OperatorCarrier.image(signature)).run();
        }
    }

    private static double rssMb() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024;
        }
    }
}
