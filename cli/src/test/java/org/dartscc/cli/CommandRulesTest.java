package org.dartscc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The command as a shell sees it: exit codes, one line on standard error, JSON for machines. */
class CommandRulesTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> bodies = new ArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        answers.put("GET /api/devices", "200 [{\"id\":\"d-1\",\"name\":\"pi\"},{\"id\":\"d-2\",\"name\":\"nas\"}]");
        answers.put("GET /api/searches", "200 [{\"id\":\"s-1\",\"name\":\"shirts\",\"state\":\"READY\"}]");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var known = "Bearer right".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            var answer = known
                    ? answers.getOrDefault(
                            exchange.getRequestMethod() + " "
                                    + exchange.getRequestURI().getPath(),
                            "404 {}")
                    : "401 {}";
            var content = answer.substring(4).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("ETag", "\"" + answers.getOrDefault("etag", "") + "\"");
            exchange.sendResponseHeaders(
                    Integer.parseInt(answer.substring(0, 3)), content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int call(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort(), "--token", "right"));
        return run(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "device",
                "nonsense",
                "search start",
                "search start --dataset d --steps 5 --epochs 5 --url http://h --token t",
                "search start --dataset d --steps many",
                "architecture request --search s --device d --url http://h --token t",
                "architecture request --search s --device d --budget-ms -1 --url http://h --token t",
                "architecture request --search s --device d --budget-ms NaN --url http://h --token t",
                "architecture request --search s --device d --file-kb 0 --url http://h --token t",
                "model export --architecture a --fine-tune-epochs -1 --url http://h --token t",
                "device list --url nowhere --token t",
                "device list --url ftp://host --token t",
                "up --port 70000",
                "demo --slow"
            })
    void wrongUseIsOneLineAndExitCode2(String commandLine) {
        var arguments = commandLine.isEmpty() ? new String[0] : commandLine.split(" ");
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("dartscc: ")
                .contains("--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help",
                "help up",
                "up --help",
                "demo --help",
                "search start --help",
                "model --help",
                "bench --help"
            })
    void helpIsNoFailure(String commandLine) {
        assertThat(run(commandLine.split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: dartscc");
    }

    @Test
    void optionsOfABenchmarkAreItsOwn() {
        var bench = Main.commandLine()
                .parseArgs("bench", "tabular", "--help", "--seeds", "1")
                .subcommand();
        assertThat(bench.isUsageHelpRequested()).isFalse();
        assertThat(bench.matchedPositional(0).originalStringValues())
                .containsExactly("tabular", "--help", "--seeds", "1");
    }

    @Test
    void everyGroupShowsExamples() {
        for (var command : List.of("up", "demo", "device", "search", "architecture", "model", "bench", "test")) {
            out.getBuffer().setLength(0);
            run(command, "--help");
            assertThat(out.toString()).as(command).contains("Examples:").contains("dartscc " + command);
        }
    }

    @Test
    void nobodyAnsweringIsOneLineAndExitCode1() {
        server.stop(0);
        assertThat(call("device", "list")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("no orchestrator answers at");
    }

    @Test
    void nothingRunningIsToldWithTheFolder() {
        assertThat(run("device", "list", "--data-dir", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("nothing runs on " + folder).contains("dartscc up");
    }

    @Test
    void wrongTokenIsTold() {
        assertThat(call("device", "list", "--token", "wrong")).isEqualTo(2);
        err.getBuffer().setLength(0);
        assertThat(run(
                        "device",
                        "list",
                        "--url",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        "--token",
                        "wrong"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("does not know this token");
    }

    @Test
    void refusalIsToldInTheServersWords() {
        answers.put(
                "POST /api/searches/s-1/architectures",
                "422 {\"title\":\"No architecture fits the budget\",\"detail\":\"The smallest feasible budget is\\n 71 us\"}");
        assertThat(call("architecture", "request", "--search", "shirts", "--device", "pi", "--budget-ms", ".01"))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("dartscc: The smallest feasible budget is 71 us");
    }

    @Test
    void aBudgetThatNothingKeepsIsToldInTheOptionsThatWereTyped() {
        var request = "architecture request --search shirts --device pi --budget-ms .01".split(" ", -1);
        answers.put(
                "POST /api/searches/s-1/architectures",
                "422 {\"detail\":\"too small\",\"smallestFeasible\":{\"latencyMicros\":71.23401,\"parameters\":null}}");
        assertThat(call(request)).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "dartscc: no architecture keeps this budget; the smallest that one keeps is --budget-ms 0.0713");
        err.getBuffer().setLength(0);
        answers.put(
                "POST /api/searches/s-1/architectures",
                "422 {\"smallestFeasible\":{\"latencyMicros\":71.2,\"fileBytes\":2048}}");
        assertThat(call(request)).isEqualTo(2);
        assertThat(err.toString()).contains("raise some of them, at most to --budget-ms 0.0712 --file-kb 2.00");
    }

    @Test
    void namesAreSentAsIdsAndMillisecondsAsMicroseconds() {
        answers.put("POST /api/searches/s-1/architectures", "201 {\"id\":\"a-1\",\"genotype\":\"layerwise/skip\"}");
        assertThat(call("architecture", "request", "--search", "shirts", "--device", "nas", "--budget-ms", "0.4"))
                .isZero();
        assertThat(bodies.get(bodies.size() - 1)).contains("\"device\":\"d-2\"").contains("\"latencyMicros\":400.0");
        assertThat(out.toString()).contains("architecture a-1").contains("dartscc model export --architecture a-1");
    }

    @Test
    void limitsOfEachKindAreSentTogetherInBytes() {
        answers.put(
                "POST /api/searches/s-1/architectures",
                "201 {\"id\":\"a-1\",\"fileBytes\":102400,\"peakActivationBytes\":65536}");
        assertThat(call(
                        "architecture",
                        "request",
                        "--search",
                        "s-1",
                        "--device",
                        "pi",
                        "--budget-ms",
                        "1",
                        "--parameters",
                        "50000",
                        "--macs",
                        "9000000",
                        "--file-kb",
                        "200",
                        "--peak-memory-kb",
                        "64.5",
                        "--energy-uj",
                        "1250.5"))
                .isZero();
        assertThat(bodies.get(bodies.size() - 1))
                .contains(
                        "\"latencyMicros\":1000.0",
                        "\"parameters\":50000",
                        "\"macs\":9000000",
                        "\"fileBytes\":204800",
                        "\"peakActivationBytes\":66048",
                        "\"energyMicrojoules\":1250.5");
        assertThat(out.toString()).contains("100.0 KB file, 64.0 KB of activations");
    }

    @Test
    void unknownNameIsTold() {
        assertThat(call("device", "show", "toaster")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no device with the id or name toaster");
    }

    @Test
    void jsonIsTheServersOwn() {
        assertThat(call("search", "list", "--json")).isZero();
        assertThat(out.toString()).contains("\"name\" : \"shirts\"").doesNotContain("DATA SET");
    }

    @Test
    void watchEndsWithTheSearchAndTellsStateRoundLossCostsAndEta() {
        answers.put(
                "GET /api/searches/s-1",
                "200 {\"state\":\"FAILED\",\"failure\":\"no images\",\"round\":3,\"rounds\":8,\"stepsDone\":300,"
                        + "\"stepsTotal\":800,\"loss\":0.5,\"etaSeconds\":187.5,"
                        + "\"devices\":[{\"name\":\"pi\",\"measured\":80,\"total\":112}]}");
        assertThat(call("search", "watch", "shirts")).isEqualTo(1);
        assertThat(out.toString())
                .isEqualToIgnoringNewLines(
                        "FAILED · round 3/8 · step 300/800 · loss 0.500 · costs pi 80/112" + " · ETA 3:07 · no images");
    }

    @Test
    void eventsTellWhatChangedAndWhy() {
        answers.put(
                "GET /api/searches/s-1/events",
                "200 event:snapshot\ndata:{\"state\":\"READY\"}\n\n"
                        + "event:front\ndata:{\"name\":\"pi\",\"reason\":\"drifted\",\"costVersion\":9,\"points\":12,\"appeared\":3,"
                        + "\"disappeared\":2,\"changes\":[{\"operator\":\"conv3:16x14x14:32:s2\",\"fromMicros\":10,\"toMicros\":15,"
                        + "\"share\":0.5}]}\n\n");
        assertThat(call("search", "events", "shirts")).isZero();
        assertThat(out.toString())
                .contains(
                        "READY",
                        "front on pi: drifted, version 9, 12 points, 3 new and 2 gone",
                        "conv3:16x14x14:32:s2 10.00 -> 15.00 us (+50 %)");
    }

    @Test
    void devicesThatStillTimeNetworksAreMarkedOnceTheyHaveAllOperators() {
        answers.put(
                "GET /api/searches/s-1",
                "200 {\"state\":\"TRAINING\",\"devices\":["
                        + "{\"id\":\"d-1\",\"name\":\"pi\",\"measured\":9,\"total\":9,\"networksAwaited\":20},"
                        + "{\"id\":\"d-2\",\"name\":\"tv\",\"measured\":8,\"total\":9,\"networksAwaited\":20},"
                        + "{\"id\":\"d-3\",\"name\":\"hub\",\"measured\":9,\"total\":9,\"networksAwaited\":0}]}");
        answers.put("GET /api/searches/s-1/front", "409 {\"detail\":\"no front yet\"}");
        call("search", "show", "shirts");
        assertThat(out.toString()).contains("costs pi 9/9 (calibrating), tv 8/9, hub 9/9");
    }

    @Test
    void aDeviceWithoutAFrontDoesNotKeepTheOthersFromBeingTold() {
        answers.put(
                "GET /api/searches/s-1",
                "200 {\"state\":\"READY\",\"devices\":[{\"id\":\"d-1\",\"name\":\"late\",\"measured\":2,\"total\":9}]}");
        answers.put("GET /api/searches/s-1/front", "409 {\"detail\":\"The device has costs for 2 of 9 operators\"}");
        assertThat(call("search", "show", "shirts")).isZero();
        assertThat(out.toString()).contains("front on late", "none: The device has costs for 2 of 9 operators");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aDeviceWhoseCostsCanNotBecomeCompleteIsWarnedOf() {
        answers.put(
                "GET /api/searches/s-1",
                "200 {\"state\":\"TRAINING\",\"devices\":[{\"id\":\"d-1\",\"name\":\"phone\",\"measured\":7,\"total\":9,"
                        + "\"failed\":{\"conv3:8x28x28\":\"not in the imported table\",\"sep5:8x28x28\":\"the same\"}}]}");
        call("search", "show", "shirts");
        assertThat(out.toString())
                .contains(
                        "costs phone 7/9 (some can't be had)",
                        "warning: phone gets no answers until it has costs for 2 more of 9 operators"
                                + " (conv3:8x28x28: not in the imported table)");
    }

    @Test
    void theMethodAndWhatItsGuardsFoundAreTold() {
        answers.put(
                "GET /api/searches/s-1",
                "200 {\"state\":\"TRAINING\",\"method\":\"fbnet\",\"diagnostics\":{\"skipShare\":0.25,\"entropy\":0.996,"
                        + "\"rankCorrelation\":null,\"architectures\":7,"
                        + "\"warnings\":[\"every trade-off has the same answer\"]}}");
        call("search", "show", "shirts");
        assertThat(out.toString())
                .contains(
                        ", fbnet\n",
                        "7 architectures, 25 % of their decisions skip or none, entropy of the options 0.996 of 1",
                        "warning: every trade-off has the same answer")
                .doesNotContain("Kendall");
    }

    @Test
    void aModelTellsItsDevicesNameRoundedFiguresAndWhatBrokeTheBudgetBeforeIt() {
        answers.put("GET /api/devices/d-7", "200 {\"id\":\"d-7\",\"name\":\"pi\"}");
        answers.put(
                "GET /api/models/m-7",
                "200 {\"id\":\"m-7\",\"state\":\"READY\",\"device\":\"d-7\",\"measuredP50Micros\":47.123456789,"
                        + "\"parameters\":8634,\"provenance\":{\"attempts\":["
                        + "{\"genotype\":\"layerwise/a\",\"predictedLatencyMicros\":44.04321,\"measuredP50Micros\":53.0},"
                        + "{\"genotype\":\"layerwise/b\",\"predictedLatencyMicros\":46.0}]}}");
        assertThat(call("model", "show", "m-7")).isZero();
        assertThat(out.toString())
                .containsPattern("device +pi")
                .containsPattern("measuredP50Micros +47.12\\R")
                .containsPattern("parameters +8634")
                .contains(
                        "an architecture of 44.04 us, as predicted, broke the budget: 53 us were measured (layerwise/a)")
                .doesNotContain("layerwise/b");
    }

    @Test
    void staleDevicesAreMarked() {
        answers.put(
                "GET /api/searches/s-1",
                "200 {\"state\":\"READY\",\"devices\":[{\"id\":\"d-1\",\"name\":\"pi\",\"measured\":9,\"total\":9,\"stale\":true}]}");
        answers.put(
                "GET /api/searches/s-1/front",
                "200 {\"points\":[],\"stale\":true,\"note\":\"the device's agent was last heard at noon\"}");
        assertThat(call("search", "show", "shirts")).isZero();
        assertThat(out.toString()).contains("costs pi 9/9 (stale)", "note: the device's agent was last heard at noon");
    }

    @Test
    void downloadedModelIsWhatTheServerSays() throws Exception {
        answers.put("GET /api/models/m-1", "200 {\"id\":\"m-1\",\"state\":\"READY\"}");
        answers.put("GET /api/models/m-1/onnx", "200 a model");
        answers.put("etag", sha256("a model"));
        var file = folder.resolve("models/m.onnx");
        assertThat(call("model", "download", "m-1", "--out", file.toString())).isZero();
        assertThat(file).hasContent("a model");

        answers.put("GET /api/models/m-1/onnx", "200 a mod");
        var broken = folder.resolve("broken/m.onnx");
        assertThat(call("model", "download", "m-1", "--out", broken.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("digest");
        try (var files = Files.list(broken.getParent())) {
            assertThat(files).isEmpty();
        }
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void importSendsTheFilesTextAndShowsWhatBecameOfIt() throws Exception {
        answers.put("POST /api/devices", "201 {\"id\":\"d-4\",\"name\":\"pixel\",\"token\":null}");
        answers.put(
                "GET /api/devices/d-4",
                "200 {\"id\":\"d-4\",\"measuredOperators\":9,\"origin\":{\"kind\":\"IMPORTED\",\"source\":\"a table\","
                        + "\"fixedMicros\":{\"fbnet\":2838.6},\"notes\":[\"entries are relative\"]}}");
        var table = Files.writeString(folder.resolve("t.csv"), "signature,micros\nsep3:8x8x8:8:s1,1\n");
        assertThat(call("device", "import", "--name", "pixel", "--lut", table.toString()))
                .isZero();
        assertThat(bodies.get(0))
                .contains("\"content\":\"signature,micros\\nsep3")
                .contains("\"format\":\"auto\"");
        assertThat(out.toString()).contains("9 operators", "imported: a table", "2838.6 us", "entries are relative");
        assertThat(call("device", "import", "--name", "pixel", "--lut", folder + "/absent"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("can't be read");
    }

    @Test
    void timingsAreSentByTheLastCommaAndAWrongLineIsNamed() throws Exception {
        answers.put("POST /api/devices", "201 {\"id\":\"d-4\"}");
        answers.put("GET /api/devices/d-4", "200 {\"id\":\"d-4\",\"origin\":{\"kind\":\"INFERRED\"}}");
        var file = Files.writeString(folder.resolve("t.csv"), "# ten\nlayerwise/skip,conv3,420.5\nlayerwise/a,b;7\n");
        assertThat(call("device", "import", "--name", "n", "--timings", file.toString(), "--search", "shirts"))
                .isZero();
        assertThat(bodies).anySatisfy(body -> assertThat(body)
                .contains(
                        "\"search\":\"s-1\"",
                        "\"genotype\":\"layerwise/skip,conv3\"",
                        "\"micros\":420.5",
                        "\"micros\":7.0"));
        Files.writeString(file, "layerwise/skip\n");
        assertThat(call("device", "import", "--name", "n", "--timings", file.toString(), "--search", "shirts"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("line 1 of");
        assertThat(call("device", "import", "--name", "n")).isEqualTo(2);
    }

    @Test
    void agentWithoutATokenIsToldWhatToSay() {
        assertThat(run("device", "agent", "toaster", "--url", "http://127.0.0.1:1", "--data-dir", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("token of device toaster").contains("--device-token");
    }

    @Test
    void registeredDevicesTokenIsKeptForItsAgent() throws Exception {
        answers.put("POST /api/devices", "201 {\"id\":\"d-3\",\"name\":\"phone\",\"token\":\"secret\"}");
        assertThat(call("device", "register", "phone", "--data-dir", folder.toString()))
                .isZero();
        assertThat(out.toString()).contains("token secret");
        assertThat(Files.readString(folder.resolve("devices.json"))).contains("secret");
    }
}
