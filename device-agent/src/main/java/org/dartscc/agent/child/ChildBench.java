package org.dartscc.agent.child;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

import org.jboss.logging.Logger;

import org.dartscc.agent.probe.Bench;
import org.dartscc.agent.probe.ModelReading;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * Measures in a process of its own, which is started when there is something to measure and ended when there has been
 * nothing for a while. When it dies, what it was measuring is measured again, one by one, in new processes: only what
 * kills them is told as not measured. For one thread at a time.
 */
public final class ChildBench implements Bench, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ChildBench.class);

    /** For a batch; turns of others on this machine count too. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final ChildSettings settings;
    private MeasuringProcess process;
    private double referenceMicros = Double.POSITIVE_INFINITY;
    private volatile int openSessions;

    public ChildBench(ChildSettings settings) {
        this.settings = settings;
    }

    /**
     * What is measured on; starts the process.
     *
     * @throws IllegalStateException when it does not start
     */
    public RuntimeFingerprint fingerprint() {
        try {
            return process().fingerprint();
        } catch (ChildFailedException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public void remember(double micros) {
        referenceMicros = micros;
        close();
    }

    @Override
    public Map<OperatorSignature, Reading> operators(List<OperatorSignature> signatures) {
        return measure(signatures, Order::operators);
    }

    @Override
    public Map<OperatorSignature, Reading> glance(List<OperatorSignature> signatures) {
        return measure(signatures, Order::glance);
    }

    /** Latencies of up to {@link #BATCH} operators as models of their own, to compare their sums with. */
    public Map<OperatorSignature, Reading> alone(List<OperatorSignature> signatures) {
        return measure(signatures, Order::alone);
    }

    @Override
    public Map<Genotype, Reading> networks(SearchSpace space, List<Genotype> genotypes) {
        return measure(genotypes, batch -> Order.networks(space.spec(), batch));
    }

    /**
     * Latency of a model, in the process that measures the operators too: to be compared with them.
     *
     * @throws IllegalStateException when the process does not come to a result
     */
    public ModelReading model(byte[] model, Shape image) {
        try {
            return process().time(model, image, LIMIT);
        } catch (ChildFailedException e) {
            close();
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private <T> Map<T, Reading> measure(List<T> things, Function<List<T>, Order> order) {
        var readings = new LinkedHashMap<T, Reading>();
        try {
            var results = ask(order.apply(things)).results();
            for (int i = 0; i < things.size(); i++) {
                readings.put(things.get(i), results.get(i).reading());
            }
        } catch (ChildFailedException e) {
            close();
            if (things.size() == 1) {
                readings.put(things.get(0), new Reading.NotMeasured(e.getMessage()));
            } else {
                LOG.warnf("%s; measuring %d things one by one", e.getMessage(), things.size());
                things.forEach(thing -> readings.putAll(measure(List.of(thing), order)));
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        return readings;
    }

    private Answer ask(Order order) throws ChildFailedException, InterruptedException {
        var answer = process().ask(order, LIMIT);
        referenceMicros = answer.referenceMicros();
        openSessions = answer.openSessions();
        return answer;
    }

    private MeasuringProcess process() throws ChildFailedException, InterruptedException {
        if (process == null) {
            process = MeasuringProcess.start(settings, referenceMicros);
        }
        return process;
    }

    private CancellationException interrupted() {
        close();
        Thread.currentThread().interrupt();
        return new CancellationException("interrupted while measuring");
    }

    @Override
    public double referenceMicros() {
        return referenceMicros;
    }

    /** Sessions that are open in the process; 0 when there is none. */
    public int openSessions() {
        return openSessions;
    }

    /** Ends the process; the next measurement starts another. */
    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
            openSessions = 0;
        }
    }
}
