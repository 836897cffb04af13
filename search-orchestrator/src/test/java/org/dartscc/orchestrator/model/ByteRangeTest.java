package org.dartscc.orchestrator.model;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ByteRangeTest {

    @Test
    void rangesAreReadAsTheStandardSays() {
        assertThat(ByteRange.of("bytes=0-3", 10)).contains(new ByteRange(0, 3));
        assertThat(ByteRange.of("bytes=4-", 10)).contains(new ByteRange(4, 9));
        assertThat(ByteRange.of("bytes=-3", 10)).contains(new ByteRange(7, 9));
        assertThat(ByteRange.of("bytes=-30", 10)).contains(new ByteRange(0, 9));
        assertThat(ByteRange.of("bytes=8-300", 10)).contains(new ByteRange(8, 9));
    }

    @Test
    void whatIsNoSingleRangeOfBytesAsksForTheWholeFile() {
        for (var header : new String[] {null, "", "bytes=-", "bytes=0-1,3-4", "pages=1-2", "bytes=a-b"}) {
            assertThat(ByteRange.of(header, 10)).isEmpty();
        }
    }

    @Test
    void aRangeWithoutAByteOfTheFileIsRefused() {
        assertThatThrownBy(() -> ByteRange.of("bytes=10-", 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteRange.of("bytes=5-4", 10)).isInstanceOf(IllegalArgumentException.class);
    }
}
