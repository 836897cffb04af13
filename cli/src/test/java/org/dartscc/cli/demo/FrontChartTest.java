package org.dartscc.cli.demo;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

import static org.assertj.core.api.Assertions.assertThat;

class FrontChartTest {

    @Test
    void everyFrontPointModelBaselineAndBudgetIsDrawnInsideItsPanel() throws Exception {
        var svg = parse(FrontChart.svg(Results.twoDevices()));

        // 2 x (5 front points + 4 models) and two dots of the legend.
        var circles = elements(svg, "circle");
        assertThat(circles).hasSize(2 * 9 + 1 + 1);
        assertThat(circles).allSatisfy(circle -> {
            assertThat(number(circle, "cx")).isBetween(60.0, 1120.0);
            assertThat(number(circle, "cy")).isBetween(0.0, 500.0);
        });
        assertThat(elements(svg, "polyline")).hasSize(2);
        assertThat(elements(svg, "path").stream().filter(path -> path.hasAttribute("stroke-dasharray")))
                .hasSize(2 * 4 + 1);
        assertThat(elements(svg, "path").stream()
                        .filter(path -> path.getAttribute("d").contains("l8 8")))
                .hasSize(2 * 3 + 1);
    }

    @Test
    void namesAreWrittenAsTextNotAsMarkup() throws Exception {
        var texts = elements(parse(FrontChart.svg(Results.twoDevices())), "text").stream()
                .map(Element::getTextContent)
                .toList();
        assertThat(texts).contains("ort-cpu-nchw & more", "latency, microseconds (log)", "accuracy, %");
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static java.util.List<Element> elements(Document document, String name) {
        var nodes = document.getElementsByTagName(name);
        var elements = new ArrayList<Element>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
