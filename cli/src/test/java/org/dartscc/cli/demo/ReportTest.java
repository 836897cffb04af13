package org.dartscc.cli.demo;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTest {
    private final String report = Report.markdown(Results.twoDevices());

    @Test
    void everyModelHasARowWithItsBaselineBesideIt() {
        assertThat(report.lines().filter(line -> line.contains("layerwise/")))
                .hasSize(2 * (4 + 3))
                .contains("| 110 | 82.0 | 84.0 | 90.7 | 81.10 % | 41242 | 1234567 | 3.1e-06 |"
                        + " `layerwise/conv3,skip,sep3,sep5,mb3k3,mb3k5,conv3,skip` |");
        assertThat(report).contains("| 630 | none could be made |").contains("+2.5 points at 110 us");
    }

    @Test
    void timeIsToldByStage() {
        assertThat(report).contains("| 28 s | 301 s | 96 s | 425 s | 61 s |");
    }

    @Test
    void tablesHaveAsManyCellsAsColumns() {
        assertThat(report.lines().filter(line -> line.startsWith("| ") && line.contains("layerwise/")))
                .allSatisfy(line ->
                        assertThat(line.chars().filter(c -> c == '|').count()).isEqualTo(10));
    }
}
