package org.dartscc.benchmarks.paper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Spaces;

/** {@code paper}: trains for real, and compares families of one run with the seed paper's and with single runs. */
@Command(
        name = "paper",
        description = {
            "Repeat the seed paper's experiments with real training. Started again with the same --work, it goes on where"
                    + " it stopped."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PaperCommand implements Callable<Integer> {
    private static final String MAIN = "org.dartscc.benchmarks.Main";
    private static final String PLAN = "plan";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--quick", description = "A subset of everything in less than 10 minutes, on the bundled sample")
    private boolean quick;

    @Option(
            names = "--dataset",
            split = ",",
            description = "Data sets, default: fashion-mnist; with --quick fashion-mnist-sample")
    private List<String> datasets = List.of();

    @Option(names = "--cifar10", description = "Folder of CIFAR-10 in its binary format: adds cifar-10")
    private Path cifar10;

    @Option(
            names = "--spaces",
            split = ",",
            description = "Default: layerwise,dartscc-toy-3,dartscc-toy-5,darts; with --quick the first two")
    private List<String> spaces = List.of();

    @Option(
            names = "--methods",
            split = ",",
            description = {
                "Search methods, default: fleet,dartscc-vector,darts,fbnet; with --quick the first.",
                "For ablations also fleet-sums, fleet-without-finalists, fleet-distilled, fleet-without-sandwich"
            })
    private List<String> methods = List.of();

    @Option(
            names = "--search-seeds",
            description =
                    "Times that each search is repeated, default: ${DEFAULT-VALUE}; architectures that are trained"
                            + " alone are those of the first",
            defaultValue = "1")
    private int searchSeeds;

    @Option(
            names = "--seeds",
            description = "Times that a chosen architecture is trained alone, 0 for not at all, default: 3; with"
                    + " --quick 1")
    private Integer seeds;

    @Option(names = "--random", description = "Random architectures, default: 20; with --quick 3")
    private Integer random;

    @Option(names = "--batch", description = "Images of a search step, default: 64 for layerwise, 32 for cells")
    private Integer batch;

    @Option(
            names = "--passes",
            description = "Multiplies the passes over the images of searches and recipe, default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private double passes;

    @Option(names = "--budget-hours", description = "No piece is begun later than so many hours after the start")
    private Double budgetHours;

    @Option(
            names = "--workers",
            description = "Processes that train side by side, one thread each; default: one per core")
    private Integer workers;

    @Option(
            names = "--work",
            defaultValue = "target/paper",
            description = "Folder to keep pieces in, default: ${DEFAULT-VALUE}")
    private Path work;

    @Option(
            names = "--out",
            description = "JSON file to write; tables and a picture go beside it; default: paper.json in --work")
    private Path out;

    @Option(names = "--worker-until", hidden = true)
    private Long workerUntil;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var plan = plan();
        var pieces = new Pieces(work);
        int count = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
        var progress = new Progress(spec.commandLine().getOut(), count);
        var workbench = new Workbench(datasetFolder(), 1);
        if (workerUntil != null) {
            new Worker(
                            new Agenda(plan, workbench, pieces, progress),
                            pieces,
                            progress,
                            Instant.ofEpochMilli(workerUntil))
                    .work();
            return CommandLine.ExitCode.OK;
        }
        requireOnePlan(pieces, plan);
        var end = budgetHours == null
                ? Instant.now().plus(Duration.ofDays(365))
                : Instant.now().plusMillis(Math.round(budgetHours * 3.6e6));
        tables(plan, workbench, pieces, progress);
        train(count, end);
        measure(plan, workbench, pieces, progress);
        write(new ReportMaker(plan, workbench, pieces).make(), progress);
        return CommandLine.ExitCode.OK;
    }

    private Plan plan() {
        var names = new ArrayList<>(
                datasets.isEmpty() ? List.of(quick ? "fashion-mnist-sample" : "fashion-mnist") : datasets);
        if (cifar10 != null && !names.contains("cifar-10")) {
            names.add("cifar-10");
        }
        var wanted = spaces.isEmpty() ? (quick ? Plan.QUICK_SPACES : Plan.SPACES) : spaces;
        for (var space : wanted) {
            require(
                    Spaces.names().contains(space),
                    "there is no search space \"" + space + "\"; known are " + String.join(", ", Spaces.names()));
        }
        var searched = methods.isEmpty() ? (quick ? Plan.QUICK_METHODS : Plan.METHODS) : methods;
        for (var method : searched) {
            try {
                Contender.of(method);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
        require(searchSeeds >= 1, "--search-seeds must be at least 1");
        require(seeds == null || seeds >= 0, "--seeds can't be negative");
        require(random == null || random >= 0, "--random can't be negative");
        require(batch == null || batch >= 2, "--batch must be at least 2");
        require(passes > 0, "--passes must be positive");
        require(workers == null || workers >= 1, "--workers must be at least 1");
        return new Plan(
                names,
                wanted.stream()
                        .map(s -> scaled(quick ? Plan.quick(s) : Plan.full(s)))
                        .toList(),
                searched,
                searchSeeds,
                seeds != null ? seeds : quick ? 1 : 3,
                random != null ? random : quick ? 3 : 20,
                !quick);
    }

    private Plan.SpacePlan scaled(Plan.SpacePlan plan) {
        return plan.with(batch == null ? plan.searchBatch() : batch, passes);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }

    private void requireOnePlan(Pieces pieces, Plan plan) {
        var before = planOf(pieces);
        require(
                before.isEmpty() || before.get().equals(plan),
                work + " holds results of other options; give another --work, or the options of before: "
                        + before.orElse(null));
        pieces.put(PLAN, plan);
    }

    private Optional<Plan> planOf(Pieces pieces) {
        try {
            return pieces.find(PLAN, Plan.class);
        } catch (UncheckedIOException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), work + " holds results of another version; give another --work", e);
        }
    }

    /** Where the product keeps data sets; CIFAR-10 is linked in from wherever it is. */
    private Path datasetFolder() throws IOException {
        if (cifar10 == null) {
            return Path.of(System.getProperty("user.home"), ".cache/dartscc/datasets");
        }
        require(Files.isDirectory(cifar10), "--cifar10 " + cifar10 + " is no folder");
        var folder = Files.createDirectories(work.resolve("datasets"));
        var link = folder.resolve("cifar-10");
        if (!Files.exists(link)) {
            Files.createSymbolicLink(link, cifar10.toRealPath());
        }
        return folder;
    }

    /** Before training starts, since it would disturb them. */
    private static void tables(Plan plan, Workbench workbench, Pieces pieces, Progress progress) {
        var latencies = new Latencies(plan.precise(), pieces);
        for (var dataset : plan.datasets()) {
            for (var space : plan.spaces()) {
                for (var device : Latencies.devices()) {
                    var name = Agenda.latency(dataset, space.space(), device);
                    if (!pieces.has(name)) {
                        progress.say("measuring the operators of %s on %s".formatted(space.space(), device));
                        pieces.put(name, latencies.table(workbench.space(dataset, space.space()), device));
                    }
                }
            }
        }
        tellDisturbed(latencies, progress);
    }

    private static void tellDisturbed(Latencies latencies, Progress progress) {
        if (latencies.disturbed() > 0) {
            progress.say(("%d latencies were measured while the machine was busy with something else; without the files"
                            + " latency-* and measured-* in --work they are measured again")
                    .formatted(latencies.disturbed()));
        }
    }

    /** In processes of their own: the engine trains in one thread of a process at a time. */
    private void train(int count, Instant end) throws IOException, InterruptedException {
        var processes = new ArrayList<Process>();
        var stop = new Thread(() -> processes.forEach(Process::destroy), "stop-workers");
        Runtime.getRuntime().addShutdownHook(stop);
        for (int i = 0; i < count; i++) {
            processes.add(new ProcessBuilder(workerCommand(end)).inheritIO().start());
        }
        int failed = 0;
        for (var process : processes) {
            failed += process.waitFor() == 0 ? 0 : 1;
        }
        Runtime.getRuntime().removeShutdownHook(stop);
        if (failed > 0) {
            throw new IOException(
                    failed + " of " + count + " training processes failed; what was finished is kept in " + work);
        }
    }

    private List<String> workerCommand(Instant end) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN));
        var own = spec.commandLine().getParseResult().originalArgs();
        command.add(spec.name());
        command.addAll(own.get(0).equals(spec.name()) ? own.subList(1, own.size()) : own);
        command.add("--worker-until=" + end.toEpochMilli());
        return command;
    }

    /** After training, since it would disturb them. */
    private static void measure(Plan plan, Workbench workbench, Pieces pieces, Progress progress) {
        var latencies = new Latencies(plan.precise(), pieces);
        for (var dataset : plan.datasets()) {
            for (var space : plan.spaces()) {
                for (var device : Latencies.devices()) {
                    var wanted = new LinkedHashSet<Genotype>();
                    plan.methods().stream()
                            .flatMap(m ->
                                    pieces.find(Agenda.family(dataset, space.space(), m, 1), Family.class).stream())
                            .forEach(f -> f.members().forEach(m -> wanted.add(m.genotype())));
                    var name = measured(dataset, space.space(), device);
                    var known = pieces.find(name, Measured.class).orElse(new Measured(Map.of()));
                    wanted.removeAll(known.micros().keySet());
                    if (!wanted.isEmpty()) {
                        progress.say("measuring %d architectures of %s on %s"
                                .formatted(wanted.size(), space.space(), device));
                        var all = new LinkedHashMap<>(known.micros());
                        all.putAll(latencies.networks(workbench.space(dataset, space.space()), device, wanted));
                        pieces.put(name, new Measured(all));
                    }
                }
            }
        }
        tellDisturbed(latencies, progress);
    }

    static String measured(String dataset, String space, String device) {
        return "%s/%s/measured-%s".formatted(dataset, space, device);
    }

    /** Medians of whole networks on a device, in microseconds. */
    record Measured(Map<Genotype, Double> micros) {}

    private void write(Report report, Progress progress) throws IOException {
        var target = (out == null ? work.resolve("paper.json") : out).toAbsolutePath();
        Files.createDirectories(target.getParent());
        new com.fasterxml.jackson.databind.ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(target.toFile(), report);
        var stem = target.getFileName().toString().replaceAll("\\.json$", "");
        Files.writeString(target.resolveSibling(stem + ".md"), ReportTables.of(report));
        Files.writeString(target.resolveSibling(stem + ".svg"), FamilyPicture.of(report));
        progress.say("written: %s, %s.md and %s.svg".formatted(target, stem, stem));
    }
}
