package io.flashlloyd.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

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
