package org.dartscc.cli.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.local.DataFolder.Connection;
import org.dartscc.cli.local.DataFolder.LocalDevice;
import org.dartscc.cli.rest.Orchestrator;
import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.infra.FolderInUseException;
import org.dartscc.infra.LocalPostgres;
import org.dartscc.infra.LoopbackPorts;
import org.dartscc.infra.OwnedFolder;

/**
 * Everything on this machine, on loopback only: broker and database in the care of this JVM, the services as processes
 * of their own. Nothing outlives this JVM, but what is in the data folder, and a new start goes on from there.
 */
public final class LocalMode implements AutoCloseable {
    private static final List<String> SMALL_JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Installation installation;
    private final DataFolder data;
    private final OwnedFolder owned;
    private final Consumer<String> report;
    private final List<ServiceProcess> processes = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread stopAtExit = new Thread(this::stop, "stop-local-mode");
    private volatile boolean stopping;

    private EmbeddedKafka kafka;
    private LocalPostgres postgres;
    private Orchestrator orchestrator;

    private LocalMode(Installation installation, OwnedFolder owned, Consumer<String> report) {
        this.installation = installation;
        this.data = new DataFolder(owned.path());
        this.owned = owned;
        this.report = report;
    }

    /**
     * Starts everything and waits until it is ready.
     *
     * @param port of the orchestrator on loopback; 0 = any free one
     * @param report takes what a user should know, line by line
     * @throws FailureException in one line; whatever was started is stopped again
     */
    public static LocalMode start(Installation installation, DataFolder data, int port, Consumer<String> report) {
        try {
            if (port != 0) {
                LoopbackPorts.requireFree(port);
            }
            return start(new LocalMode(installation, OwnedFolder.take(data.path()), report), port);
        } catch (FolderInUseException e) {
            throw new FailureException("another dartscc is running on " + data.path(), e);
        } catch (IOException e) {
            throw new FailureException("local mode did not start: " + reason(e), e);
        }
    }

    /** Starts everything on a folder that is deleted at the end, unless {@link #keepData} is called. */
    public static LocalMode startTemporary(Installation installation, Consumer<String> report) {
        try {
            return start(new LocalMode(installation, OwnedFolder.temporary("dartscc-"), report), 0);
        } catch (IOException e) {
            throw new FailureException("local mode did not start: " + reason(e), e);
        }
    }

    private static LocalMode start(LocalMode local, int port) throws IOException {
        Runtime.getRuntime().addShutdownHook(local.stopAtExit);
        try {
            local.startAll(port);
            return local;
        } catch (InterruptedException e) {
            local.failed();
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        } catch (IOException | RuntimeException e) {
            local.failed();
            throw e;
        }
    }

    private void failed() {
        keepData();
        close();
    }

    /** Keeps a temporary folder, for its logs; not when it is a signal that ends everything. */
    public void keepData() {
        if (!stopping) {
            owned.keep();
        }
    }

    public DataFolder data() {
        return data;
    }

    private void startAll(int port) throws IOException, InterruptedException {
        // A process that is killed leaves what its libraries unpacked.
        OwnedFolder.delete(data.temporary());
        for (var folder : List.of("logs", "artifacts", "locks", "agents")) {
            Files.createDirectories(data.sub(folder));
        }
        LibraryLog.into(data.logs().resolve("broker.log"));
        report.accept("starting broker and database");
        startInfrastructure();
        report.accept("starting search-orchestrator, trainer-worker and exporter");
        var ports = LoopbackPorts.free(3);
        var orchestratorProcess = launch(orchestrator(port == 0 ? ports.get(0) : port));
        var trainer = launch(trainer(ports.get(1)));
        var exporter = launch(exporter(ports.get(2)));
        for (var process : List.of(orchestratorProcess, trainer, exporter)) {
            process.awaitReady();
        }
        var connection = new Connection(
                orchestratorProcess.service().url(),
                data.token(),
                ProcessHandle.current().pid());
        data.announce(connection);
        orchestrator = new Orchestrator(URI.create(connection.url()), connection.token());
    }

    /** Synchronised with {@link #stopAll}: a signal during the start must find everything that was started. */
    private synchronized void startInfrastructure() throws IOException {
        requireNotStopped();
        kafka = EmbeddedKafka.start(data.sub("kafka"));
        requireNotStopped();
        postgres = LocalPostgres.start(data.sub("postgres"));
    }

    private synchronized ServiceProcess launch(Service service) throws IOException {
        requireNotStopped();
        var process = new ServiceProcess(service, installation.service(service.module()), watchClasses(), data, report);
        processes.add(process);
        process.start();
        return process;
    }

    private void requireNotStopped() {
        if (stopping) {
            throw new FailureException("stopped while starting");
        }
    }

    /** A class path with nothing but the watch: the services' own must not see the command's libraries. */
    private Path watchClasses() throws IOException {
        var folder = data.sub("launcher");
        var name = ParentWatch.class.getName().replace('.', '/') + ".class";
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (var in = ParentWatch.class.getClassLoader().getResourceAsStream(name)) {
            Files.write(file, in.readAllBytes());
        }
        return folder;
    }

    private Service orchestrator(int port) throws IOException {
        return service(
                "search-orchestrator",
                port,
                "512m",
                Map.of(
                        "DARTSCC_API_TOKEN", data.token(),
                        "DARTSCC_ARTIFACTS_FOLDER", data.sub("artifacts").toString(),
                        "QUARKUS_DATASOURCE_JDBC_URL", postgres.jdbcUrl(),
                        "QUARKUS_DATASOURCE_REACTIVE_URL", postgres.reactiveUrl(),
                        "QUARKUS_DATASOURCE_USERNAME", postgres.user(),
                        "QUARKUS_DATASOURCE_PASSWORD", postgres.password()));
    }

    private Service trainer(int port) {
        var environment = configured(
                port, Map.of("DARTSCC_ARTIFACTS_FOLDER", data.sub("artifacts").toString()));
        // Training runs for minutes: the full compiler pays here.
        return new Service(
                "trainer-worker", "trainer-worker", port, List.of("-XX:+UseSerialGC", "-Xmx1g"), environment);
    }

    private Service exporter(int port) {
        return service(
                "exporter",
                port,
                "256m",
                Map.of("DARTSCC_ARTIFACTS_FOLDER", data.sub("artifacts").toString()));
    }

    private Service service(String module, int port, String heap, Map<String, String> environment) {
        var options = new ArrayList<>(SMALL_JVM);
        options.add("-Xmx" + heap);
        return new Service(module, module, port, options, configured(port, environment));
    }

    private Map<String, String> configured(int port, Map<String, String> own) {
        var environment = new HashMap<>(own);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("DARTSCC_MACHINE_LOCK_FOLDER", data.locks().toString());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        return environment;
    }

    /**
     * Registers this machine under the names of the profiles, unless that was done before, and starts an agent for
     * each.
     *
     * @return the devices, in the order of the profiles
     */
    public List<LocalDevice> startAgents(List<String> profiles) {
        try {
            var devices = profiles.stream().map(this::device).toList();
            var agents = new ArrayList<ServiceProcess>();
            for (var device : devices) {
                agents.add(launch(agent(device, LoopbackPorts.free(1).get(0))));
            }
            for (var agent : agents) {
                agent.awaitReady();
            }
            return devices;
        } catch (IOException e) {
            throw new FailureException("an agent did not start: " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        }
    }

    private LocalDevice device(String profile) {
        var registered = new HashSet<String>();
        orchestrator
                .get("/api/devices")
                .forEach(device -> registered.add(device.path("id").asText()));
        return data.devices().stream()
                .filter(known -> known.profile().equals(profile) && registered.contains(known.id()))
                .findFirst()
                .orElseGet(() -> register(profile));
    }

    private LocalDevice register(String profile) {
        var answer = orchestrator.post(
                "/api/devices", Map.of("name", profile, "description", "this machine, profile " + profile));
        var device = new LocalDevice(
                answer.path("id").asText(),
                answer.path("name").asText(),
                answer.path("token").asText(),
                profile);
        data.remember(device);
        return device;
    }

    private Service agent(LocalDevice device, int port) {
        var environment = ForegroundAgent.settings(installation, orchestrator.url(), device);
        environment.putAll(ForegroundAgent.besideTraining(data, device));
        return new Service(
                "agent-" + device.profile(),
                "device-agent",
                port,
                ForegroundAgent.jvmOptions(installation.service("device-agent")),
                configured(port, environment));
    }

    public Orchestrator orchestrator() {
        return orchestrator;
    }

    /**
     * Waits until everything was stopped, by a signal most often.
     *
     * @throws FailureException when the broker broke
     */
    public void awaitStop() throws InterruptedException {
        while (!stopped.await(1, TimeUnit.SECONDS)) {
            requireBroker();
        }
    }

    /** @throws FailureException when the broker broke: nothing can go on then */
    public void requireBroker() {
        var fault = kafka.fatalFault();
        if (fault.isPresent()) {
            throw new FailureException("the broker broke (%s); see %s; is the disk full?"
                    .formatted(fault.get(), data.logs().resolve("broker.log")));
        }
    }

    @Override
    public void close() {
        stop();
        // Only now: a signal that came while everything was being stopped would have ended the JVM in the middle of it.
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException e) {
            // The JVM is ending already, by the hook itself, whose stop waited for the other.
        }
    }

    private void stop() {
        stopping = true;
        stopAll();
    }

    private synchronized void stopAll() {
        if (stopped.getCount() == 0) {
            return;
        }
        processes.forEach(ServiceProcess::askToStop);
        quietly(data::withdraw);
        processes.forEach(process -> quietly(process::awaitStop));
        // What the services used ends after them.
        if (kafka != null) {
            quietly(kafka::close);
        }
        if (postgres != null) {
            quietly(postgres::close);
        }
        quietly(owned::close);
        stopped.countDown();
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    /** One thing that does not stop must not keep the others alive. */
    private void quietly(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            report.accept("not everything was stopped cleanly: " + reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof FileAlreadyExistsException file) {
            return file.getFile() + " is no folder";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return "%s can't be used (%s)"
                    .formatted(file.getFile(), file.getClass().getSimpleName());
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
