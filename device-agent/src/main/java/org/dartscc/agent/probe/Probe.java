package org.dartscc.agent.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.turn.MachineTurn;
import org.dartscc.onnx.OnnxModels;
import org.dartscc.onnx.OperatorCarrier;

/**
 * Measures operators, networks and models under one profile, all by one protocol ({@link Rounds}), so that their times
 * can be compared. For one thread at a time.
 */
public final class Probe implements Bench, AutoCloseable {

    /**
     * Of four operators tried beside whole networks, the one that a busy neighbour core slows most (1.8 times; a dense
     * convolution 1.3 times), and which networks follow best.
     */
    private static final OperatorSignature REFERENCE = OperatorSignature.parse("sep_conv_3x3:16x28x28:16:s1");

    private static final int FEW_NODES = 1;
    private static final int MANY_NODES = 3;
    private static final int COPIES = (MANY_NODES - FEW_NODES) * OperatorCarrier.OPERATORS_PER_NODE;
    private static final long SEED = 1;
    private static final double NANOS_PER_MICRO = 1_000;

    private final Profile profile;
    private final Engine engine;
    private final MachineTurn machine;
    private final BooleanSupplier stopped;
    private Reference reference;
    private final PackageEnergy energy = new PackageEnergy(PackageEnergy.POWERCAP, System::nanoTime);
    private final AtomicInteger openSessions = new AtomicInteger();
    private final OpenRuns lasting;
    private Run referenceRun;

    /**
     * @param stopped asked between blocks; once true, a measurement ends with a CancellationException
     * @param referenceMicros time of the reference operator on this device at its best, as an earlier probe's
     *     {@link #referenceMicros()} told; infinite when it isn't known
     */
    public Probe(Profile profile, MachineTurn machine, BooleanSupplier stopped, double referenceMicros) {
        this.profile = profile;
        this.engine = Engine.of(profile.engine());
        this.lasting = new OpenRuns(profile, engine, openSessions);
        this.machine = machine;
        this.stopped = stopped;
        this.reference = new Reference(referenceMicros);
    }

    @Override
    public Map<OperatorSignature, Reading> operators(List<OperatorSignature> signatures) {
        return measure(signatures, this::slope, Rhythm.OPERATORS);
    }

    @Override
    public Map<OperatorSignature, Reading> glance(List<OperatorSignature> signatures) {
        return measure(signatures, this::slope, Rhythm.GLANCE);
    }

    /** Latencies of up to {@link #BATCH} operators as models of their own; an identity is not one. */
    public Map<OperatorSignature, Reading> alone(List<OperatorSignature> signatures) {
        return measure(signatures, this::alone, Rhythm.OPERATORS);
    }

    @Override
    public Map<Genotype, Reading> networks(SearchSpace space, List<Genotype> genotypes) {
        return networks(space, genotypes, Rhythm.NETWORKS);
    }

    /** The same in one go, quicker and coarser. */
    public Map<Genotype, Reading> glance(SearchSpace space, List<Genotype> genotypes) {
        return networks(space, genotypes, Rhythm.GLANCE);
    }

    private Map<Genotype, Reading> networks(SearchSpace space, List<Genotype> genotypes, Rhythm rhythm) {
        return measure(genotypes, (opened, genotype) -> untrained(opened, space, genotype), rhythm);
    }

    /** Latency of a model that {@link org.dartscc.onnx.ModelGuard} let pass. */
    public ModelReading model(byte[] model, Shape image) {
        var loadNanos = new long[1];
        var reading = measure(
                        List.of(model),
                        (opened, bytes) -> {
                            long start = System.nanoTime();
                            var run = opened.network(bytes, image);
                            loadNanos[0] = System.nanoTime() - start;
                            return Specimen.network(run);
                        },
                        Rhythm.MODEL)
                .get(model);
        return new ModelReading(reading, loadNanos[0] / NANOS_PER_MICRO, energy(reading, model, image));
    }

    /** Apart from the latency, since it takes a second at a stretch, and only where there is something to read. */
    private Energy energy(Reading latency, byte[] model, Shape image) {
        if (!(latency instanceof Reading.Measured)) {
            return Energy.unknown("not measured: neither was the latency");
        }
        try (var opened = new OpenRuns(profile, engine, openSessions)) {
            return energy.perRun(opened.network(model, image), machine);
        } catch (ProbeException e) {
            return Energy.unknown("not measured: " + e.getMessage());
        }
    }

    @Override
    public void remember(double referenceMicros) {
        reference = new Reference(referenceMicros);
    }

    @Override
    public double referenceMicros() {
        return reference.best();
    }

    /** What this probe measures on. */
    public RuntimeFingerprint fingerprint() {
        return Fingerprints.of(profile, engine);
    }

    /** Number of ONNX Runtime sessions that are open now. */
    public int openSessions() {
        return openSessions.get();
    }

    @Override
    public void close() {
        lasting.close();
    }

    @FunctionalInterface
    private interface Opening<T> {
        Specimen open(OpenRuns opened, T what);
    }

    private <T> Map<T, Reading> measure(List<T> things, Opening<T> opening, Rhythm rhythm) {
        if (things.size() > BATCH) {
            throw new IllegalArgumentException("at most " + BATCH + " are measured at a time, not " + things.size());
        }
        var rounds = rounds(rhythm);
        var readings = new LinkedHashMap<T, Reading>();
        var specimens = new LinkedHashMap<T, Specimen>();
        try (var opened = new OpenRuns(profile, engine, openSessions)) {
            for (var thing : things) {
                try {
                    specimens.put(thing, opening.open(opened, thing));
                } catch (RuntimeException e) {
                    // Whatever a request makes the builders do is about that request alone.
                    readings.put(
                            thing, new Reading.NotMeasured(e.getMessage() == null ? e.toString() : e.getMessage()));
                }
            }
            List<Estimate> estimates;
            try (var priority = Priority.raised(profile.threads())) {
                estimates = rounds.measure(List.copyOf(specimens.values()));
            }
            int next = 0;
            for (var thing : specimens.keySet()) {
                readings.put(thing, new Reading.Measured(estimates.get(next++)));
            }
        }
        return readings;
    }

    private Specimen slope(OpenRuns opened, OperatorSignature signature) {
        OperatorLimits.require(signature);
        return Specimen.slope(carrier(opened, signature, FEW_NODES), carrier(opened, signature, MANY_NODES), COPIES);
    }

    private Specimen alone(OpenRuns opened, OperatorSignature signature) {
        OperatorLimits.require(signature);
        var model = OperatorCarrier.alone(signature)
                .orElseThrow(() -> new IllegalArgumentException(signature + " is an identity"));
        var image = new Shape(signature.inChannels(), signature.height(), signature.width());
        return Specimen.network(opened.network(model, image));
    }

    private static Run carrier(OpenRuns opened, OperatorSignature signature, int nodes) {
        return opened.carrier(OperatorCarrier.model(signature, nodes), OperatorCarrier.image(signature));
    }

    private static Specimen untrained(OpenRuns opened, SearchSpace space, Genotype genotype) {
        var model = OnnxModels.untrained(space.network(genotype), SEED);
        return Specimen.network(opened.network(model, space.spec().image()));
    }

    private Rounds rounds(Rhythm rhythm) {
        if (referenceRun != null) {
            return new Rounds(machine, Time.REAL, stopped, referenceRun, reference, rhythm);
        }
        referenceRun = carrier(lasting, REFERENCE, FEW_NODES);
        var first = new Rounds(machine, Time.REAL, stopped, referenceRun, reference, rhythm);
        first.warmUp();
        return first;
    }
}
