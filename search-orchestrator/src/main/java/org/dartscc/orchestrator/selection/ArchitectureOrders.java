package org.dartscc.orchestrator.selection;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.Candidate;
import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.device.Devices;

@Path("/api/searches/{search}/architectures")
class ArchitectureOrders {
    private final Selections selections;
    private final Database database;
    private final Devices devices;

    ArchitectureOrders(Selections selections, Database database, Devices devices) {
        this.selections = selections;
        this.database = database;
        this.devices = devices;
    }

    /** Limits that the architecture has to keep together; none given is no limit. */
    record BudgetOrder(
            @Positive @DecimalMax("1e12") Double latencyMicros,
            @Positive Long parameters,
            @Positive Long macs,
            @Positive Long fileBytes,
            @Positive Long peakActivationBytes,
            @Positive @DecimalMax("1e12") Double energyMicrojoules) {
        Budget budget() {
            return new Budget(latencyMicros, parameters, macs, fileBytes, peakActivationBytes, energyMicrojoules);
        }
    }

    /** How the architecture is chosen within the budget. */
    enum Strategy {
        best,
        random
    }

    /** @param seed of the strategy random; drawn when it is left out */
    record Order(@NotBlank String device, @NotNull @Valid BudgetOrder budget, Strategy strategy, Long seed) {
        Order {
            strategy = strategy == null ? Strategy.best : strategy;
        }

        long seedOrDrawn() {
            return seed == null ? ThreadLocalRandom.current().nextLong() : seed;
        }
    }

    @POST
    @APIResponse(responseCode = "201", description = "The best architecture within the budget")
    @APIResponse(
            responseCode = "409",
            description = "The search has no front for the device yet, or energy is limited that nobody measured there")
    @APIResponse(
            responseCode = "422",
            description = "No architecture keeps the budget; smallestFeasible tells which can be kept")
    public Uni<RestResponse<ArchitectureView>> order(String search, @NotNull @Valid Order order) {
        return selections.of(search, order.device()).chain(selection -> select(selection, order)
                .chain(candidate -> store(search, order, selection, candidate))
                .map(architecture -> created(architecture, selection)));
    }

    private RestResponse<ArchitectureView> created(Architecture architecture, Selection selection) {
        var device = architecture.deviceId();
        var view = ArchitectureView.from(
                architecture, devices.staleNote(device).isPresent(), selections.note(device, selection));
        return RestResponse.ResponseBuilder.<ArchitectureView>created(
                        URI.create("/api/architectures/" + architecture.id()))
                .entity(view)
                .build();
    }

    /** A look-up when only latency is limited; other limits, and drawing, take a worker thread. */
    private static Uni<Candidate> select(Selection selection, Order order) {
        var budget = order.budget().budget();
        boolean isLookUp = order.strategy() == Strategy.best && budget.isOfLatencyAlone();
        var selected = Uni.createFrom().item(() -> select(selection, order, budget));
        return isLookUp ? selected : selected.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private static Candidate select(Selection selection, Order order, Budget budget) {
        var best = selection.best(budget).orElseThrow(() -> {
            var smallest = selection.smallestFeasible(budget);
            return Problems.infeasible(describe(smallest), smallest);
        });
        return order.strategy() == Strategy.random ? selection.random(best, budget, order.seedOrDrawn()) : best;
    }

    private static String describe(Budget smallest) {
        var limits = new LinkedHashMap<String, Number>();
        limits.put("latencyMicros", smallest.latencyMicros());
        limits.put("parameters", smallest.parameters());
        limits.put("macs", smallest.macs());
        limits.put("fileBytes", smallest.fileBytes());
        limits.put("peakActivationBytes", smallest.peakActivationBytes());
        limits.put("energyMicrojoules", smallest.energyMicrojoules());
        limits.values().removeIf(Objects::isNull);
        var parts = limits.entrySet().stream()
                .map(limit -> limit.getKey() + " " + limit.getValue())
                .toList();
        return parts.size() == 1
                ? "The smallest feasible budget is " + parts.get(0)
                : "Nothing keeps these limits together. Raise some of them, at most to " + String.join(", ", parts);
    }

    private Uni<Architecture> store(String search, Order order, Selection selection, Candidate candidate) {
        var architecture = new Architecture(
                UUID.randomUUID().toString(),
                search,
                order.device(),
                candidate,
                selection.costVersion(),
                order.budget().budget(),
                order.strategy().name());
        return database.inTransaction(session -> session.persist(architecture)).replaceWith(architecture);
    }
}
