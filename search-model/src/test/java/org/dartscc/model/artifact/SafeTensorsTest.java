package org.dartscc.model.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SafeTensorsTest {
    private static SafeTensors example() {
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
        tensors.put(
                "slot1.conv3.conv.weight",
                new SafeTensors.Tensor(List.of(2L, 1L, 1L, 2L), new float[] {1, -2, 3.5f, 4}));
        tensors.put("step", new SafeTensors.Tensor(List.of(), new float[] {7}));
        tensors.put("empty", new SafeTensors.Tensor(List.of(0L, 3L), new float[0]));
        return new SafeTensors(tensors, Map.of("seed", "42", "space", "layerwise/1x28x28"));
    }

    @Test
    void readsBackWhatItWrote() {
        var back = SafeTensors.parse(example().toBytes());
        assertThat(back.metadata()).isEqualTo(example().metadata());
        assertThat(back.tensors().keySet())
                .containsExactlyElementsOf(example().tensors().keySet());
        example().tensors().forEach((name, tensor) -> {
            assertThat(back.tensor(name).shape()).isEqualTo(tensor.shape());
            assertThat(back.tensor(name).values()).isEqualTo(tensor.values());
        });
    }

    @Test
    void writesTheSameBytesForTheSameContent() {
        assertThat(example().toBytes()).isEqualTo(example().toBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,32]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                "{\"a\":[]}",
                "[]"
            })
    void refusesHeadersThatDoNotFitTheirBytes(String header) {
        assertThatThrownBy(() -> SafeTensors.parse(file(header, new byte[8])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesATruncatedFileAtEveryLength() {
        var whole = example().toBytes();
        for (int length = 0; length < whole.length; length++) {
            var torn = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> SafeTensors.parse(torn)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void survivesFlippedBitsInTheHeader() {
        var whole = example().toBytes();
        var random = new Random(3);
        for (int i = 0; i < 5000; i++) {
            var changed = whole.clone();
            changed[random.nextInt(200)] ^= (byte) (1 << random.nextInt(8));
            try {
                SafeTensors.parse(changed);
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageNotContaining("\u0000");
            }
        }
    }

    private static byte[] file(String header, byte[] data) {
        var bytes = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .put(data)
                .array();
    }
}
