package io.flashlloyd.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void shouldHideSecretsOfUris() {
    assertThat(PlainText.line("ftp://me:s3cr3t@host/a.npy is not there"))
        .isEqualTo("ftp://me:***@host/a.npy is not there");
    assertThat(PlainText.line("https://h/c?sv=1&sig=abc%2F&x=y ended"))
        .isEqualTo("https://h/c?sv=1&sig=***&x=y ended");
    assertThat(PlainText.line("X-Amz: http://h/o?X-Amz-Signature=0f0f"))
        .isEqualTo("X-Amz: http://h/o?X-Amz-Signature=***");
    assertThat(
            PlainText.line("http://h/o?X-Goog-Credential=a%2Fb&X-Goog-Date=1&x-goog-signature=c"))
        .isEqualTo("http://h/o?X-Goog-Credential=***&X-Goog-Date=1&x-goog-signature=***");
    assertThat(PlainText.line("http://h/o?AWSAccessKeyId=a&Expires=1&Signature=b"))
        .isEqualTo("http://h/o?AWSAccessKeyId=***&Expires=1&Signature=***");
    assertThat(PlainText.line("jdbc:sqlserver://h:1;user=me;password=a{b;encrypt=true"))
        .isEqualTo("jdbc:sqlserver://h:1;user=me;password=***;encrypt=true");
    assertThat(PlainText.line("jdbc:oracle:thin:me/s3cr3t@//h:1521/db"))
        .isEqualTo("jdbc:oracle:thin:me/***@//h:1521/db");
  }

  /** Reports are read by more people than the data. */
  @Test
  void shouldHideThemInReports() throws Exception {
    Map<String, Object> parameters =
        Map.of("input", List.of("ftp://me:s3cr3t@host/a.npy"), "options", Map.of("url", "j?pwd=x"));
    assertThat(ReportJson.line(Map.of("parameters", parameters)))
        .contains("ftp://me:***@host/a.npy", "j?pwd=***")
        .doesNotContain("s3cr3t");
  }

  @Test
  void shouldLeaveOrdinaryPathsAndMailAddressesAlone() {
    String text = "hdfs://node:8020/a@b/c.npy, s3a://bucket/k=v?, me@host: 3 rows";
    assertThat(PlainText.line(text)).isEqualTo(text);
  }

  @Test
  void shouldEscapeWhatATerminalWouldObey() {
    assertThat(PlainText.line("id \u001b[2J\u0007 a\nb\u202e"))
        .isEqualTo("id \\u001b[2J\\u0007 a\\u000ab\\u202e");
    assertThat(PlainText.lines("a\n\tb\r")).isEqualTo("a\n\tb\\u000d");
    assertThat(PlainText.line("Füße 猫 🐈")).isEqualTo("Füße 猫 🐈");
  }
}
