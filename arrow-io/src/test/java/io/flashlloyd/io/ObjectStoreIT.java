package io.flashlloyd.io;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing through S3A, against moto's server where it is installed. */
class ObjectStoreIT {
  @TempDir Path folder;

  @Test
  void shouldRoundTripOnS3() throws Exception {
    try (S3Server server = S3Server.start(folder)) {
      FilesIT.RemoteRoundTrip.check(server.uri() + "/round", server.hadoop());
    }
  }
}
