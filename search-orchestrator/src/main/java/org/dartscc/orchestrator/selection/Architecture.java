package org.dartscc.orchestrator.selection;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.Candidate;
import org.dartscc.model.space.Genotype;
import org.dartscc.orchestrator.messaging.MessageJson;

/** An architecture that was asked for and given. */
@Entity
@Table(name = "architecture")
public class Architecture {
    @Id
    private String id;

    @Column(name = "search_id")
    private String searchId;

    @Column(name = "device_id")
    private String deviceId;

    private String genotype;

    @Column(name = "predicted_latency_micros")
    private double predictedLatencyMicros;

    @Column(name = "estimated_accuracy")
    private double estimatedAccuracy;

    private long parameters;
    private long macs;

    @Column(name = "file_bytes")
    private long fileBytes;

    @Column(name = "peak_activation_bytes")
    private long peakActivationBytes;

    @Column(name = "cost_version")
    private long costVersion;

    private String budget;
    private String strategy;

    @Column(name = "created_at")
    private Instant createdAt;

    Architecture() {}

    Architecture(
            String id,
            String searchId,
            String deviceId,
            Candidate candidate,
            long costVersion,
            Budget budget,
            String strategy) {
        this.id = id;
        this.searchId = searchId;
        this.deviceId = deviceId;
        this.genotype = candidate.genotype().toString();
        this.predictedLatencyMicros = candidate.latencyMicros();
        this.estimatedAccuracy = candidate.estimatedAccuracy();
        this.parameters = candidate.parameters();
        this.macs = candidate.macs();
        this.fileBytes = candidate.fileBytes();
        this.peakActivationBytes = candidate.peakActivationBytes();
        this.costVersion = costVersion;
        this.budget = MessageJson.write(budget);
        this.strategy = strategy;
        this.createdAt = Instant.now();
    }

    public String id() {
        return id;
    }

    public String searchId() {
        return searchId;
    }

    public String deviceId() {
        return deviceId;
    }

    public Candidate candidate() {
        return new Candidate(
                Genotype.parse(genotype),
                predictedLatencyMicros,
                estimatedAccuracy,
                parameters,
                macs,
                fileBytes,
                peakActivationBytes);
    }

    public long costVersion() {
        return costVersion;
    }

    public Budget budget() {
        return MessageJson.stored(budget, Budget.class);
    }

    /** {@code best} or {@code random}. */
    public String strategy() {
        return strategy;
    }

    Instant createdAt() {
        return createdAt;
    }
}
