package org.dartscc.orchestrator.imported;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.messaging.MessageJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Published tables, and our own, as costs of our operators. */
class TableFormatTest {
    private static final SearchSpace FBNET = new SpaceSpec("fbnet", new Shape(3, 32, 32), 10).create();

    static String file(String name) {
        try (var in = TableFormatTest.class.getResourceAsStream("/tables/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double micros(OperatorTable table, String signature) {
        return table.operators().get(OperatorSignature.parse(signature)).micros();
    }

    /** Sum of the published entries of an architecture and the base, in microseconds. */
    private static double published(JsonNode device, int[] indices) {
        double millis = device.get("base_ms").asDouble();
        for (int l = 0; l < indices.length; l++) {
            millis += device.get("table_ms").get(l).get(indices[l]).asDouble();
        }
        return 1000 * millis;
    }

    @ParameterizedTest
    @CsvSource({
        "fbnet_blocks_pixel3.json, pixel3",
        "fbnet_blocks_fitted.json, 1080ti_64",
        "fbnet_blocks_fitted.json, silver_4210r",
        "fbnet_blocks_fitted.json, titanx_32"
    })
    void anFbnetTableCoversTheSpaceAndKeepsTheSumsOfWholeNetworks(String file, String device) throws IOException {
        var table = TableFormat.AUTO.read(file(file), device);
        assertThat(table.format()).isEqualTo(TableFormat.FBNET);
        assertThat(table.operators().keySet()).containsAll(FBNET.signatures());
        var document = MessageJson.MAPPER.readTree(file(file)).get("devices").get(device);
        var costs = FBNET.table((position, operator) ->
                table.operators().get(position.signature(operator)).micros());
        var random = new Random(1);
        double squares = 0;
        for (int i = 0; i < 200; i++) {
            var indices = FBNET.indices(FBNET.random(random));
            double sum = table.fixedMicros().get("fbnet");
            for (int d = 0; d < indices.length; d++) {
                sum += costs[d][indices[d]];
            }
            double share = sum / published(document, indices) - 1;
            squares += share * share;
        }
        // Only the layers of one shape differ a little from their mean.
        assertThat(Math.sqrt(squares / 200)).isLessThan(.02);
    }

    @Test
    void aFileOfSeveralDevicesAsksWhich() {
        var content = file("fbnet_blocks_fitted.json");
        assertThatThrownBy(() -> TableFormat.FBNET.read(content, null))
                .hasMessageContaining("silver_4210r")
                .hasFieldOrPropertyWithValue("where", "entry");
        assertThatThrownBy(() -> TableFormat.FBNET.read(content, "nokia")).hasMessageContaining("no device \"nokia\"");
    }

    @Test
    void aProxylessNasTableGivesTheBlocksThatAreOursToo() {
        var table = TableFormat.AUTO.read(file("proxylessnas_pixel1.csv"), null);
        assertThat(table.format()).isEqualTo(TableFormat.PROXYLESSNAS);
        assertThat(micros(table, "k3_e3:16x112x112:24:s2")).isCloseTo(5608.82, within(1e-6));
        assertThat(micros(table, "mbconv3_k3:16x112x112:24:s2")).isCloseTo(5608.82, within(1e-6));
        assertThat(micros(table, "k5_e6:24x56x56:24:s1")).isCloseTo(10662.5, within(1e-6));
        assertThat(table.operators()
                        .get(OperatorSignature.parse("k5_e6:24x56x56:24:s1"))
                        .samples())
                .isEqualTo(403);
        assertThat(table.operators().keySet()).noneMatch(s -> s.toString().contains("skip"));
        assertThat(table.notes().toString()).contains("kernel 7").contains("fixed part");
    }

    @Test
    void aTfNasTableGivesPlainBlocksByTheirExpansionAndClipsNegativeCosts() {
        var table = TableFormat.AUTO.read(file("tfnas_xeon6130_b1_part.json"), null);
        assertThat(table.format()).isEqualTo(TableFormat.TFNAS);
        var published = TableJson.read(file("tfnas_xeon6130_b1_part.json"));
        assertThat(micros(table, "k5_e3:24x56x56:24:s1"))
                .isCloseTo(
                        1000
                                * published
                                        .get("MBInvertedResBlock_56_24_0_24_k5_s1_relu")
                                        .get("72")
                                        .asDouble(),
                        within(1e-6));
        assertThat(table.operators().keySet()).noneMatch(s -> s.toString().contains("_e1:"));
        assertThat(table.notes().toString()).contains("swish");

        var negative = "{\"base\": 1, \"MBInvertedResBlock_112_16_0_24_k3_s2_relu\": {\"48\": -0.5, \"96\": 0.25}}";
        var clipped = TableFormat.TFNAS.read(negative, null);
        assertThat(micros(clipped, "k3_e3:16x112x112:24:s2")).isZero();
        assertThat(micros(clipped, "k3_e6:16x112x112:24:s2")).isEqualTo(250);
        assertThat(clipped.notes().toString()).contains("negative");
    }

    @Test
    void ourOwnTablesAreReadFromCsvAndJson() {
        Map<OperatorSignature, Double> expected = new HashMap<>();
        expected.put(OperatorSignature.parse("conv3:16x14x14:32:s2"), 48.5);
        expected.put(OperatorSignature.parse("sep3:32x7x7:32:s1"), 9.);
        var csv = TableFormat.AUTO.read("""
                # A phone, one thread
                signature,micros,spread_micros,samples
                conv3:16x14x14:32:s2,48.5,0.5,20

                sep3:32x7x7:32:s1, 9
                fixed:layerwise,112
                """, null);
        var json = TableFormat.AUTO.read("""
                {"source": "A phone, one thread", "marginShare": 0.05, "fixedMicros": {"layerwise": 112},
                 "operators": [{"signature": "conv3:16x14x14:32:s2", "micros": 48.5},
                               {"signature": "sep3:32x7x7:32:s1", "micros": 9}]}
                """, null);
        for (var table : java.util.List.of(csv, json)) {
            assertThat(table.source()).isEqualTo("A phone, one thread");
            assertThat(table.fixedMicros()).containsOnly(Map.entry("layerwise", 112.));
            expected.forEach((signature, micros) ->
                    assertThat(table.operators().get(signature).micros()).isEqualTo(micros));
        }
        assertThat(csv.operators()
                        .get(OperatorSignature.parse("conv3:16x14x14:32:s2"))
                        .samples())
                .isEqualTo(20);
        assertThat(json.marginShare()).isEqualTo(.05);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signature,micros;conv3:16x14x14:32:s2,fast         | line 2 | no number",
                "signature,micros;conv9:16x14x14:32:s2,1            | line 2 | no operator",
                "signature,micros;# ok;conv3:16x14x14:32:s2,-1      | line 3 | within 0..1e9",
                "signature,micros;conv3:16x14x14:32:s2              | line 2 | too few",
                "signature,micros;fixed:nowhere,1                   | line 2 | no space",
                "signature,micros;sep3:8x8x8:8:s1,1;sep3:8x8x8:8:s1,2 | line 3 | second row",
                "micros,signature;1,2                               | line 1 | header",
                "signature,micros                                   | content | no operator",
                "{\"operators\": [{\"signature\": \"x\", \"micros\": 1}]} | operators[0].signature | not an operator",
                "{\"operators\": [{\"signature\": \"sep3:8x8x8:8:s1\"}]}  | operators[0].micros | missing",
                "signature,micros;sep3:8x8x8:8:s1,1,.1,-20         | line 2 | -20 samples",
                "{\"operators\": [{\"signature\": \"sep3:8x8x8:8:s1\", \"micros\": 1, \"spreadMicros\": \"abc\"}]} | operators[0].spreadMicros | no number",
                "{\"operators\": [{\"signature\": \"sep3:8x8x8:8:s1\", \"micros\": 1, \"samples\": \"x\"}]} | operators[0].samples | no whole number",
                "{\"operators\": [;{\"signature\": }]}              | line 2 | no complete JSON",
                "{\"devices\": {\"a\": {\"base_ms\": 1, \"table_ms\": []}}} | devices.a.table_ms | 0 layers",
                "{\"devices\": {\"a\": {\"table_ms\": [1]}}, \"ops\": [\"k9\"]} | ops[0] | no operator",
            })
    void whatCanNotBeReadIsToldWithItsPlace(String content, String where, String why) {
        assertThatThrownBy(() -> TableFormat.AUTO.read(content.replace(';', '\n'), null))
                .isInstanceOf(MalformedTableException.class)
                .hasMessageContaining(why)
                .extracting(e -> ((MalformedTableException) e).where())
                .isEqualTo(where);
    }
}
