package org.dartscc.agent.plan;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jboss.logging.Logger;

import org.dartscc.agent.probe.Bench;
import org.dartscc.agent.probe.Estimate;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.Topics;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

/**
 * Answers a request for costs: what is known is told again, the rest is measured batch by batch, and each batch is
 * remembered and told as soon as it is done. For one thread at a time.
 */
public final class Survey {
    private static final Logger LOG = Logger.getLogger(Survey.class);
    private static final int MAX_OPERATORS = 5_000;
    private static final int MAX_NETWORKS = 500;

    private final Bench bench;
    private final KnownCosts known;
    private final String deviceId;
    private final RuntimeFingerprint fingerprint;
    private final Clock clock;
    private final Consumer<List<CostUpdate>> sink;

    /** @param sink takes finished costs; it returns when they are safe */
    public Survey(
            Bench bench,
            KnownCosts known,
            String deviceId,
            RuntimeFingerprint fingerprint,
            Clock clock,
            Consumer<List<CostUpdate>> sink) {
        this.bench = bench;
        this.known = known;
        this.deviceId = deviceId;
        this.fingerprint = fingerprint;
        this.clock = clock;
        this.sink = sink;
    }

    /** Measures what the request asks for and isn't known yet; what can't be measured is told as failed. */
    public void answer(MeasureOperators request) {
        var operators = request.operators().stream().distinct().toList();
        var networks = request.networks().stream().distinct().toList();
        if (operators.size() > MAX_OPERATORS || networks.size() > MAX_NETWORKS) {
            sink.accept(List.of(failed(
                    request.requestId(),
                    "request",
                    "it asks for %d operators and %d networks; this agent takes up to %d and %d"
                            .formatted(operators.size(), networks.size(), MAX_OPERATORS, MAX_NETWORKS))));
            return;
        }
        long start = clock.millis();
        answer(operators, known::operator, batch -> operators(request.requestId(), batch));
        if (!networks.isEmpty()) {
            answerNetworks(request, networks);
        }
        LOG.infof(
                "request %s: %d operators and %d networks answered in %.1f s",
                request.requestId(), operators.size(), networks.size(), (clock.millis() - start) / 1e3);
    }

    private void answerNetworks(MeasureOperators request, List<Genotype> networks) {
        SearchSpace space;
        try {
            space = request.space().create();
        } catch (IllegalArgumentException e) {
            sink.accept(List.of(failed(request.requestId(), "space", e.getMessage())));
            return;
        }
        answer(
                networks,
                genotype -> known.network(request.space(), genotype),
                batch -> networks(request.requestId(), space, batch));
    }

    private <T> void answer(
            List<T> things, Function<T, Optional<CostUpdate>> memory, Function<List<T>, List<CostUpdate>> measuring) {
        var remembered = new ArrayList<CostUpdate>();
        var missing = new ArrayList<T>();
        for (var thing : things) {
            memory.apply(thing).ifPresentOrElse(remembered::add, () -> missing.add(thing));
        }
        tell(remembered);
        for (int from = 0; from < missing.size(); from += Bench.BATCH) {
            var batch = missing.subList(from, Math.min(missing.size(), from + Bench.BATCH));
            var updates = measuring.apply(batch);
            known.put(updates, bench.referenceMicros());
            tell(updates);
            LOG.debugf("%d of %d measured, e.g. %s", from + batch.size(), missing.size(), batch.get(0));
        }
    }

    private void tell(List<CostUpdate> updates) {
        if (!updates.isEmpty()) {
            sink.accept(updates);
            known.told(updates);
        }
    }

    /** Tells what an earlier run of the agent measured and could not send: nobody may ever ask for it again. */
    public void tellUntold() {
        tell(known.untold());
    }

    /** Measures operators again, whatever is known of them, and tells their new costs. */
    public void measureAgain(String why, List<OperatorSignature> operators) {
        answer(operators, nothing -> Optional.empty(), batch -> operators(why, batch));
    }

    /** Measures the networks again whose costs are known, and tells their new costs. */
    public void measureNetworksAgain(String why) {
        var spaces = new LinkedHashMap<SpaceSpec, List<Genotype>>();
        known.networks().forEach(c -> spaces.computeIfAbsent(c.space(), s -> new ArrayList<>())
                .add(c.genotype()));
        spaces.forEach((spec, genotypes) ->
                answer(genotypes, nothing -> Optional.empty(), batch -> networks(why, spec.create(), batch)));
    }

    private List<CostUpdate> operators(String requestId, List<OperatorSignature> batch) {
        return updates(
                requestId,
                bench.operators(batch),
                (signature, estimate) -> new CostUpdate.OperatorCost(
                        Topics.SCHEMA_VERSION,
                        deviceId,
                        signature,
                        estimate.medianMicros(),
                        estimate.spreadMicros(),
                        estimate.samples(),
                        known.nextVersion(),
                        fingerprint,
                        clock.instant()));
    }

    private List<CostUpdate> networks(String requestId, SearchSpace space, List<Genotype> batch) {
        return updates(
                requestId,
                bench.networks(space, batch),
                (genotype, estimate) -> new CostUpdate.NetworkCost(
                        Topics.SCHEMA_VERSION,
                        deviceId,
                        space.spec(),
                        genotype,
                        estimate.medianMicros(),
                        estimate.spreadMicros(),
                        estimate.samples(),
                        known.nextVersion(),
                        null,
                        fingerprint,
                        clock.instant()));
    }

    private <T> List<CostUpdate> updates(
            String requestId, Map<T, Reading> readings, BiFunction<T, Estimate, CostUpdate> cost) {
        var updates = new ArrayList<CostUpdate>();
        readings.forEach((thing, reading) -> updates.add(
                reading instanceof Reading.Measured measured
                        ? cost.apply(thing, measured.estimate())
                        : failed(requestId, thing.toString(), ((Reading.NotMeasured) reading).reason())));
        return updates;
    }

    private CostUpdate failed(String requestId, String what, String reason) {
        LOG.warnf("%s was not measured: %s", what, reason);
        return new CostUpdate.Failed(Topics.SCHEMA_VERSION, deviceId, requestId, what, reason);
    }
}
