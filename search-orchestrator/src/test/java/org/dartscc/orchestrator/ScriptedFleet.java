package org.dartscc.orchestrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.messaging.MessageJson;

/** Trainer, agents and exporter that answer over the real broker at once, by a script instead of by work. */
final class ScriptedFleet implements AutoCloseable {
    static final int V = Topics.SCHEMA_VERSION;
    static final double ENERGY_PER_MICRO = 12;
    static final DatasetInfo DATASET = new DatasetInfo(
            "fashion-mnist-sample",
            new Shape(1, 28, 28),
            Collections.nCopies(10, "thing"),
            List.of(.3),
            List.of(.3),
            9000,
            1000,
            1000,
            1);
    static final SpaceSpec SPACE = new SpaceSpec("layerwise", DATASET.image(), 10);
    static final RuntimeFingerprint FINGERPRINT =
            new RuntimeFingerprint("ort-cpu", "onnxruntime", "CPU", "all", 1, 1, "float32", "a cpu", 1);

    private static final Diagnostics DIAGNOSTICS = new Diagnostics(.5, null, .8, 1, List.of("scripted"));

    /** What a trainer would say; a test may put another script in its place. */
    volatile java.util.function.Function<TrainingTask, List<TrainingOutcome>> trainer = this::train;

    /** Latency of models over that of whole networks, by genotype. */
    volatile ToDoubleFunction<Genotype> slowness = g -> .9;

    /** Whether the devices' hosts have counters of energy. */
    volatile boolean energyKnown = true;

    /** Whether whole networks can be measured. */
    volatile boolean networksRun = true;

    /** Whether agents have come to whole networks yet. */
    volatile boolean networksTold = true;

    volatile boolean agentsAway;

    /** How slow the device is as a whole while it times models; null for quiet. */
    volatile Double deviceSlowness;

    /** What agents measure on. */
    volatile RuntimeFingerprint fingerprint = FINGERPRINT;

    /** What a trainer finds where a data set is. */
    volatile DatasetInfo dataset = DATASET;

    /** What the trainer's method proposes; nothing for a method whose answers come from its estimate. */
    volatile List<Proposal> proposals = List.of();

    final List<TrainingTask> tasks = new CopyOnWriteArrayList<>();
    final List<ConsumerRecord<String, byte[]>> taskRecords = new CopyOnWriteArrayList<>();
    final List<MeasurementRequest> measurements = new CopyOnWriteArrayList<>();
    final List<ModelRequest> modelRequests = new CopyOnWriteArrayList<>();
    final List<Sent> sent = new CopyOnWriteArrayList<>();
    final Map<String, List<ConsumerRecord<String, byte[]>>> deadLetters = new ConcurrentHashMap<>();

    /** A record as it was sent, to be sent again. */
    record Sent(String topic, String key, String value, String token) {}

    private final AtomicLong version = new AtomicLong();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, Map<Operator, Double>> factors = new ConcurrentHashMap<>();
    private final Map<String, Genotype> genotypes = new ConcurrentHashMap<>();
    private final SearchSpace space = SPACE.create();
    private final ArtifactStore artifacts;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    ScriptedFleet(String bootstrapServers, ArtifactStore artifacts) {
        this.artifacts = artifacts;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        "fleet-" + UUID.randomUUID(),
                        "auto.offset.reset",
                        "latest",
                        "metadata.max.age.ms",
                        "500"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(
                Topics.TRAINING_TASKS,
                Topics.MEASUREMENT_REQUESTS,
                Topics.MODEL_REQUESTS,
                Topics.OP_COSTS + Topics.DEAD_LETTER_SUFFIX,
                Topics.TRAINING_RESULTS + Topics.DEAD_LETTER_SUFFIX,
                Topics.EXPORTED_MODELS + Topics.DEAD_LETTER_SUFFIX,
                Topics.MODEL_MEASUREMENTS + Topics.DEAD_LETTER_SUFFIX));
        while (consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ofMillis(50));
        }
        consumer.assignment().forEach(consumer::position);
        this.thread = new Thread(this::run, "scripted-fleet");
        thread.start();
    }

    /** An agent with that token serves the device. */
    void agent(String deviceId, String token) {
        tokens.put(deviceId, token);
    }

    String token(String deviceId) {
        return tokens.get(deviceId);
    }

    /** Answers the requests that came while the agents were away. */
    void measureAgain() {
        measurements.stream().filter(r -> tokens.containsKey(r.deviceId())).forEach(this::measure);
    }

    private void run() {
        try {
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(20))) {
                    answer(record);
                }
            }
        } catch (WakeupException closing) {
            consumer.close();
        }
    }

    private void answer(ConsumerRecord<String, byte[]> record) {
        switch (record.topic()) {
            case Topics.TRAINING_TASKS -> {
                var task = MessageJson.read(record.value(), TrainingTask.class);
                taskRecords.add(record);
                tasks.add(task);
                trainer.apply(task).forEach(this::send);
            }
            case Topics.MEASUREMENT_REQUESTS -> {
                var request = MessageJson.read(record.value(), MeasurementRequest.class);
                measurements.add(request);
                if (!agentsAway && tokens.containsKey(request.deviceId())) {
                    measure(request);
                }
            }
            case Topics.MODEL_REQUESTS -> {
                var request = MessageJson.read(record.value(), ModelRequest.class);
                modelRequests.add(request);
                export(request);
            }
            default ->
                deadLetters
                        .computeIfAbsent(record.topic(), t -> new CopyOnWriteArrayList<>())
                        .add(record);
        }
    }

    List<TrainingOutcome> train(TrainingTask task) {
        var id = task.taskId();
        var search = task.searchId();
        int attempt = task.attempt();
        if (task instanceof TrainingTask.InspectDataset) {
            return List.of(new TrainingOutcome.DatasetInspected(V, id, search, attempt, dataset));
        }
        if (task instanceof TrainingTask.TrainRound round) {
            return List.of(
                    new TrainingOutcome.Progress(V, id, search, attempt, "training", round.steps(), round.steps(), 2.),
                    new TrainingOutcome.RoundCompleted(
                            V,
                            id,
                            search,
                            attempt,
                            round.round(),
                            0,
                            round.steps(),
                            1.5 - .1 * round.round(),
                            2,
                            artifact("checkpoint " + id)));
        }
        if (task instanceof TrainingTask.FitTradeoff fit) {
            var estimate = estimate(fit.space().create());
            return List.of(
                    new TrainingOutcome.TradeoffFitted(V, id, search, attempt, estimate, null, proposals, DIAGNOSTICS));
        }
        var finalise = (TrainingTask.FinaliseModel) task;
        genotypes.put(finalise.modelId(), finalise.genotype());
        return List.of(
                new TrainingOutcome.Progress(V, id, search, attempt, "finalising", 0, 1, null),
                new TrainingOutcome.ModelFinalised(
                        V,
                        id,
                        search,
                        attempt,
                        finalise.modelId(),
                        artifact("weights " + id),
                        artifact("reference " + id),
                        dataset,
                        .86,
                        .85));
    }

    /** The more multiply-accumulates, the better. */
    static AccuracyEstimate estimate(SearchSpace space) {
        var effects = new ArrayList<List<Double>>();
        for (var row : space.optionMacs()) {
            var effect = new ArrayList<Double>();
            for (double macs : row) {
                effect.add(-.02 * Math.log1p(macs / 1e4));
            }
            effects.add(effect);
        }
        return new AccuracyEstimate(Math.log(.25), effects, 60, .8);
    }

    private void export(ModelRequest request) {
        send(
                Topics.EXPORTED_MODELS,
                request.modelId(),
                new ExportedModel.Exported(
                        V,
                        request.modelId(),
                        request.attempt(),
                        artifact("onnx " + request.modelId() + " " + request.attempt()),
                        1e-6),
                null);
    }

    private void measure(MeasurementRequest request) {
        if (request instanceof MeasurementRequest.MeasureModel model) {
            var genotype = genotypes.get(model.modelId());
            double p50 = latencyMicros(space, model.deviceId(), genotype) * slowness.applyAsDouble(genotype);
            send(
                    Topics.MODEL_MEASUREMENTS,
                    model.modelId(),
                    new ModelMeasurement.Timed(
                            V,
                            model.requestId(),
                            model.deviceId(),
                            model.modelId(),
                            model.onnx().sha256(),
                            p50,
                            p50 * 1.1,
                            1000,
                            100,
                            deviceSlowness,
                            energyKnown ? p50 * ENERGY_PER_MICRO : null,
                            energyKnown ? null : "not available: scripted",
                            fingerprint,
                            Instant.now()),
                    tokens.get(model.deviceId()));
            return;
        }
        var operators = (MeasurementRequest.MeasureOperators) request;
        operators.operators().forEach(signature -> cost(request.deviceId(), signature));
        var networks = operators.space().create();
        (networksTold ? operators.networks() : List.<Genotype>of())
                .forEach(genotype -> send(
                        !networksRun
                                ? new CostUpdate.Failed(
                                        V, request.deviceId(), request.requestId(), genotype.toString(), "scripted")
                                : new CostUpdate.NetworkCost(
                                        V,
                                        request.deviceId(),
                                        operators.space(),
                                        genotype,
                                        latencyMicros(networks, request.deviceId(), genotype),
                                        1,
                                        20,
                                        version.incrementAndGet(),
                                        null,
                                        fingerprint,
                                        Instant.now())));
    }

    /** What a device really takes for a network. */
    double latencyMicros(SearchSpace networks, String deviceId, Genotype genotype) {
        return 50 + networkMicros(networks, deviceId, genotype);
    }

    private double networkMicros(SearchSpace networks, String deviceId, Genotype genotype) {
        var indices = networks.indices(genotype);
        double sum = 0;
        for (var position : networks.positions()) {
            var operator =
                    networks.decisions().get(position.decision()).options().get(indices[position.decision()]);
            sum += operator.isAbsent() ? 0 : micros(deviceId, position.signature(operator));
        }
        return sum;
    }

    double micros(String deviceId, OperatorSignature s) {
        double base =
                switch (s.operator()) {
                    case CONV3 -> 40;
                    case MBCONV3_K5 -> 36;
                    case MBCONV3_K3 -> 30;
                    case SEP5 -> 16;
                    default -> 10;
                };
        return (base + s.inChannels() / 10.0)
                * factors.getOrDefault(deviceId, Map.of()).getOrDefault(s.operator(), 1.);
    }

    /** From now on operators of that kind cost that much more; all of them are reported anew. */
    void slowDown(String deviceId, Operator operator, double factor) {
        factors.put(deviceId, Map.of(operator, factor));
        space.signatures().stream().filter(s -> s.operator() == operator).forEach(s -> cost(deviceId, s));
    }

    private void cost(String deviceId, OperatorSignature signature) {
        send(new CostUpdate.OperatorCost(
                V,
                deviceId,
                signature,
                micros(deviceId, signature),
                .5,
                20,
                version.incrementAndGet(),
                fingerprint,
                Instant.now()));
    }

    void send(CostUpdate update) {
        send(Topics.OP_COSTS, update.key(), update, tokens.get(update.deviceId()));
    }

    void send(TrainingOutcome outcome) {
        send(Topics.TRAINING_RESULTS, outcome.searchId(), outcome, null);
    }

    void send(String topic, String key, Object message, String token) {
        send(new Sent(topic, key, MessageJson.write(message), token));
    }

    void send(Sent message) {
        sent.add(message);
        var record = new ProducerRecord<>(message.topic, message.key, message.value);
        if (message.token != null) {
            record.headers().add(Topics.DEVICE_TOKEN_HEADER, message.token.getBytes(StandardCharsets.UTF_8));
        }
        var unused = producer.send(record, (sentTo, failure) -> {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        });
    }

    ArtifactRef artifact(String content) {
        try {
            return artifacts.put(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
        producer.close();
    }
}
