package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Assumptions;

/** moto's server of S3 with one bucket, and how Hadoop's S3A reaches it. spark-job has it too. */
public final class S3Server implements AutoCloseable {
  private final Process server;
  private final Map<String, String> settings;
  private final Configuration hadoop = new Configuration();

  private S3Server(Path folder, int port) throws IOException {
    server =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("moto.log").toFile())
            .start();
    settings =
        Map.of(
            "fs.s3a.endpoint",
            "http://127.0.0.1:" + port,
            "fs.s3a.endpoint.region",
            "us-east-1",
            "fs.s3a.path.style.access",
            "true",
            "fs.s3a.access.key",
            "key",
            "fs.s3a.secret.key",
            "secret",
            "fs.s3a.connection.ssl.enabled",
            "false",
            "fs.s3a.aws.credentials.provider",
            "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
            "fs.s3a.buffer.dir",
            folder.toString(),
            "fs.s3a.attempts.maximum",
            "2");
    settings.forEach(hadoop::set);
  }

  /** Starts a server; skips the test where there is none to start. */
  public static S3Server start(Path folder) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        installed(),
        "moto_server is not on the PATH: S3A is not tested (pip install moto[server])");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    S3Server started = new S3Server(folder, port);
    try {
      started.makeBucket();
      return started;
    } catch (IOException | InterruptedException | AssertionError e) {
      started.close();
      throw e;
    }
  }

  private static boolean installed() throws InterruptedException {
    try {
      return new ProcessBuilder("moto_server", "--help")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) { // no such program
      return false;
    }
  }

  /** A bucket is made by a PUT of its name. */
  private void makeBucket() throws IOException, InterruptedException {
    URI bucket = URI.create(hadoop.get("fs.s3a.endpoint") + "/runs");
    IOException last = null;
    for (int attempt = 0; attempt < 120 && server.isAlive(); attempt++) {
      try {
        HttpURLConnection put = (HttpURLConnection) bucket.toURL().openConnection();
        put.setRequestMethod("PUT");
        put.setFixedLengthStreamingMode(0);
        put.setDoOutput(true);
        assertThat(put.getResponseCode()).isEqualTo(200);
        return;
      } catch (IOException e) {
        last = e;
        Thread.sleep(250);
      }
    }
    throw new IOException("moto_server does not answer at " + bucket, last);
  }

  /** Nobody may read objects whose keys match, with {@code *} for anything. */
  public void deny(String keys) throws IOException {
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
          "Action": "s3:GetObject", "Resource": "arn:aws:s3:::runs/%s"}]}"""
            .formatted(keys);
    URI place = URI.create(hadoop.get("fs.s3a.endpoint") + "/runs?policy");
    HttpURLConnection put = (HttpURLConnection) place.toURL().openConnection();
    put.setRequestMethod("PUT");
    put.setRequestProperty("Content-Type", "application/json");
    put.setDoOutput(true);
    try (OutputStream body = put.getOutputStream()) {
      body.write(policy.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(put.getResponseCode()).isBetween(200, 204);
  }

  public String uri() {
    return "s3a://runs";
  }

  /** How Hadoop's own S3A reaches it. */
  public Map<String, String> settings() {
    return settings;
  }

  /** A configuration with the settings, the same one each time. */
  public Configuration hadoop() {
    return hadoop;
  }

  @Override
  public void close() throws IOException {
    try {
      FileSystem.get(URI.create(uri()), hadoop).close();
    } finally {
      server.destroy();
    }
    try {
      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.destroyForcibly();
    }
  }
}
