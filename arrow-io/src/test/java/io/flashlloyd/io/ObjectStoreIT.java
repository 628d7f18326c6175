package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing through S3A, against moto's server where it is installed. */
class ObjectStoreIT {
  @TempDir Path folder;

  @Test
  void shouldRoundTripOnS3() throws Exception {
    Assumptions.assumeTrue(
        installed(),
        "moto_server is not on the PATH: S3A is not tested (pip install moto[server])");
    int port = freePort();
    Process server =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("moto.log").toFile())
            .start();
    try {
      String endpoint = "http://127.0.0.1:" + port;
      awaitAndMakeBucket(endpoint + "/vectors", server);
      FilesIT.RemoteRoundTrip.check("s3a://vectors/round", configuration(endpoint));
    } finally {
      server.destroy();
      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Configuration configuration(String endpoint) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.s3a.endpoint", endpoint);
    hadoop.set("fs.s3a.endpoint.region", "us-east-1");
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.access.key", "key");
    hadoop.set("fs.s3a.secret.key", "secret");
    hadoop.set("fs.s3a.connection.ssl.enabled", "false");
    hadoop.set(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    hadoop.set("fs.s3a.buffer.dir", folder.toString());
    hadoop.set("fs.s3a.attempts.maximum", "2");
    return hadoop;
  }

  private static boolean installed() throws InterruptedException {
    try {
      Process help =
          new ProcessBuilder("moto_server", "--help")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return help.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** A bucket is made by a PUT of its name. */
  private static void awaitAndMakeBucket(String url, Process server) throws Exception {
    IOException last = null;
    for (int attempt = 0; attempt < 120 && server.isAlive(); attempt++) {
      try {
        HttpURLConnection put = (HttpURLConnection) URI.create(url).toURL().openConnection();
        put.setRequestMethod("PUT");
        put.setFixedLengthStreamingMode(0);
        put.setDoOutput(true);
        assertThat(put.getResponseCode()).isEqualTo(200);
        return;
      } catch (IOException e) {
        last = e;
        Thread.sleep(500);
      }
    }
    throw new IOException("moto_server does not answer at " + url, last);
  }
}
