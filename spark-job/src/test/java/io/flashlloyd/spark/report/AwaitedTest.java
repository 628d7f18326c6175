package io.flashlloyd.spark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes every question, and answers none. */
@Timeout(60)
class AwaitedTest {
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final Awaited awaited = new Awaited(new Told(), 100, 1000);

  private final class Told implements Progress {
    @Override
    public Stage stage(String name, long rows) {
      throw new AssertionError(name);
    }

    @Override
    public void message(String text) {
      said.add(text);
    }

    @Override
    public void iteration(IterationReport report) {
      throw new AssertionError(report);
    }
  }

  @Test
  void shouldSayWhoDoesNotAnswerAndGiveUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String endpoint = "http://127.0.0.1:" + silent.getLocalPort();
      Configuration hadoop = s3a(endpoint);

      assertThatThrownBy(
              () -> awaited.fileSystems(hadoop, List.of("/local/run", "s3a://b/in/*.npy")))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "s3a://b at %s has not answered for 1 s \\(expected an answer; .*"
                  .formatted(endpoint));
      assertThat(said.get(0)).isEqualTo("waiting for s3a://b at " + endpoint + ": 0 s, at most 1");
      assertThat(said).hasSizeGreaterThan(3);
    }
  }

  @Test
  void shouldGiveUpADatabaseThatDoesNotAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:postgresql://127.0.0.1:%d/db".formatted(silent.getLocalPort());

      assertThatThrownBy(
              () -> awaited.answer("source jdbc", () -> java.sql.DriverManager.getConnection(url)))
          .hasMessageContaining("source jdbc has not answered for 1 s");
    }
  }

  @Test
  void shouldTakeARefusalForAnAnswerAndAskNoLocalDisk(@TempDir Path folder) throws IOException {
    awaited.fileSystems(new Configuration(), List.of(folder + "/none", "file:///none", "a*"));
    awaited.fileSystems(new Configuration(), java.util.Arrays.asList(null, "synthetic:rows=3"));
    assertThat(said).isEmpty();
    assertThat(awaited.answer("x", () -> 7)).isEqualTo(7);
  }

  @Test
  void shouldLeaveFailuresToThoseWhoReadAndTellThoseOfQuestions() throws IOException {
    awaited.fileSystems(new Configuration(), List.of("none://host/path"));
    assertThatThrownBy(
            () ->
                awaited.answer(
                    "x",
                    () -> {
                      throw new IllegalStateException("its own");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("its own");
  }

  private static Configuration s3a(String endpoint) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.s3a.endpoint", endpoint);
    hadoop.set("fs.s3a.endpoint.region", "us-east-1");
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.access.key", "key");
    hadoop.set("fs.s3a.secret.key", "secret");
    return hadoop;
  }
}
