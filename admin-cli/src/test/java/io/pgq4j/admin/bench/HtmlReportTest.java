package io.pgq4j.admin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final List<Map<String, @Nullable Object>> ROWS =
      List.of(
          row("<script>alert(1)</script>", 100, Duration.ofMillis(2)),
          row("pgq", 100, Duration.ofMillis(8)));

  private static Map<String, @Nullable Object> row(String contestant, int rate, Duration p50) {
    return JsonObject.of("contestant", contestant)
        .with("rate", rate)
        .with("commit", JsonObject.of("p50_seconds", p50).map())
        .with("ratio_to_peer", null)
        .map();
  }

  @Test
  void barsAreAsLongAsTheNumbers() throws Exception {
    Document page = parse(HtmlReport.render("latency", ROWS, Map.of("server", "18")));
    assertThat(page.getElementsByTagName("svg").getLength()).as("rate is the same").isEqualTo(1);
    assertThat(width(page, 0)).isEqualTo(160);
    assertThat(width(page, 1)).isEqualTo(640);
    assertThat(page.getElementsByTagName("text").item(1).getTextContent()).isEqualTo("pgq: 8");
  }

  @Test
  void rowsWithTheSameNameAreToldApartByTheirNumbers() throws Exception {
    Document page =
        parse(
            HtmlReport.render(
                "latency",
                List.of(
                    row("ours", 10, Duration.ofMillis(1)), row("ours", 100, Duration.ofMillis(2))),
                Map.of()));
    assertThat(page.getElementsByTagName("text").item(0).getTextContent())
        .isEqualTo("ours, rate 10: 10");
  }

  @Test
  void aNameIsNoMarkup() throws Exception {
    Document page = parse(HtmlReport.render("latency", ROWS, Map.of("server", "<b>18</b>")));
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("b").getLength()).isZero();
    assertThat(page.getElementsByTagName("td").item(0).getTextContent()).contains("alert(1)");
  }

  private static double width(Document page, int bar) {
    Element rect = (Element) page.getElementsByTagName("rect").item(bar);
    return Double.parseDouble(rect.getAttribute("width"));
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }
}
