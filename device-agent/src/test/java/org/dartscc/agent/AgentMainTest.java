package org.dartscc.agent;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.dartscc.agent.device.DeviceIdentity;
import org.dartscc.agent.device.RefusedException;
import org.dartscc.agent.device.StubOrchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AgentMainTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private StubOrchestrator orchestrator;

    @BeforeEach
    void start() throws Exception {
        orchestrator = new StubOrchestrator();
    }

    @AfterEach
    void stop() {
        orchestrator.close();
    }

    private DeviceIdentity enrol(Map<String, String> changes) throws Exception {
        var settings = new HashMap<>(
                Map.of("dartscc.orchestrator.url", orchestrator.url(), "dartscc.device.token", StubOrchestrator.TOKEN));
        settings.putAll(changes);
        return AgentMain.enrol(
                key -> Optional.ofNullable(settings.get(key)).filter(value -> !value.isEmpty()),
                new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @Test
    void aTokenTellsWhichDeviceThisIs() throws Exception {
        assertThat(enrol(Map.of("dartscc.device.name", "my laptop")))
                .isEqualTo(new DeviceIdentity("device-1", "my laptop", "127.0.0.1:1"));
    }

    @Test
    void itWaitsForAnOrchestratorThatIsStillStartingAndSaysSo() throws Exception {
        orchestrator.unwell = 2;

        assertThat(enrol(Map.of()).deviceId()).isEqualTo("device-1");
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("waiting for the orchestrator")
                .hasLineCount(1);
    }

    @Test
    void aWrongTokenOrAnotherDevicesTokenIsFinal() {
        assertThatThrownBy(() -> enrol(Map.of("dartscc.device.token", "wrong")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("refuses this device's token");
        assertThatThrownBy(() -> enrol(Map.of("dartscc.device.name", "my phone")))
                .hasMessage("the token is that of the device \"my laptop\", not of \"my phone\"");
    }

    @Test
    void aMissingOrImpossibleSettingIsNamed() {
        assertThatThrownBy(() -> enrol(Map.of("dartscc.device.token", "")))
                .hasMessage("DARTSCC_DEVICE_TOKEN is not set; see --help");
        assertThatThrownBy(() -> enrol(Map.of("dartscc.orchestrator.url", "localhost:8080")))
                .hasMessageContaining("no http or https URL");
        assertThatThrownBy(() -> enrol(Map.of("dartscc.device.profile", "my-phone")))
                .hasMessageContaining("known are ort-cpu, ort-cpu-nchw");
    }

    @Test
    void everyProfileIsListedWithWhatItIsAndWhetherItIsAvailableHere() {
        var lines = AgentMain.profiles(key -> Optional.empty());

        assertThat(lines.lines()).hasSizeGreaterThanOrEqualTo(6);
        assertThat(lines).contains("ort-cpu-int8 ").containsPattern("onednn-avx2 .*; NOT available here: ");
        assertThat(lines.lines().filter(line -> line.startsWith("ort-cpu ")))
                .singleElement()
                .asString()
                .doesNotContain("NOT");
    }

    @Test
    void aProfileThatIsNotAvailableHereIsRefusedAtOnce() {
        assertThatThrownBy(() -> enrol(Map.of("dartscc.device.profile", "onednn-avx2")))
                .hasMessageStartingWith("profile onednn-avx2 is not available here: ");
    }
}
